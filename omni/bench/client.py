"""`python -m omni.bench.client`: buyers as a process of its own, so that measuring costs the shop as little as it can.

Reads what to do as JSON from standard input, writes what came back as JSON to standard output.
"""

import http.client
import json
import sys
import time
from collections import Counter
from random import Random
from threading import Barrier, Lock, Thread
from typing import Any

from omni.bench.bodies import Wish, body, wish
from omni.bench.scale import FIRST_LOCATION, FIRST_SHOPPER, SHOPPERS

CREATED, CONFLICT, COME_AGAIN = 201, 409, 503


class Buyers:
    """Some buyers on connections of their own, who all begin at the same moment."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.start = Barrier(told["buyers"] + 1)
        self.lock = Lock()
        self.seconds: list[float] = []
        self.answers: Counter[int] = Counter()
        self.trouble = ""

    def run(self) -> dict[str, Any]:
        """Let everybody buy; what it took and what was answered."""
        threads = [Thread(target=self._buy, args=(n,), daemon=True) for n in range(self.told["buyers"])]
        for thread in threads:
            thread.start()
        self.start.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        return {"took": took, "seconds": self.seconds, "answers": self.answers, "trouble": self.trouble}

    def _buy(self, buyer: int) -> None:
        rng = Random(f"{self.told['seed']}-{buyer}")
        shop = http.client.HTTPConnection("127.0.0.1", self.told["port"], timeout=30)
        shop.connect()
        self.start.wait()
        deadline = time.perf_counter() + self.told["for_seconds"]
        number = 0
        while time.perf_counter() < deadline:
            number += 1
            wished = self._wish(rng, self.told["first_reference"] + buyer * 1_000_000 + number)
            while (status := self._order(shop, wished)) == COME_AGAIN:
                time.sleep(1)  # what Retry-After says; the key makes it the same order
            if status != CREATED:
                break
        shop.close()

    def _order(self, shop: http.client.HTTPConnection, wished: Wish) -> int:
        sent = json.dumps(body(wished))
        headers = {
            "Authorization": f"Bearer {self.told['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{wished.reference}",
        }
        began = time.perf_counter()
        shop.request("POST", "/api/v1/orders", sent, headers)
        answer = shop.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        with self.lock:
            self.answers[answer.status] += 1
            if answer.status == CREATED:
                self.seconds.append(took)
            elif answer.status not in (CONFLICT, COME_AGAIN):
                self.trouble = text.decode(errors="replace")[:500]
        return answer.status

    def _wish(self, rng: Random, reference: int) -> Wish:
        shopper = FIRST_SHOPPER + rng.randrange(SHOPPERS)
        if self.told["only"]:
            location, variant = self.told["only"]
            return Wish(reference, shopper, location, "", pickup=(variant,))
        return wish(
            rng, reference=reference, shopper=shopper, location=FIRST_LOCATION + rng.randrange(self.told["locations"]),
            postal_code=rng.choice(self.told["postal_codes"]), lines=self.told["lines"],
            pickup_lines=self.told["pickup_lines"],
        )  # fmt: skip


if __name__ == "__main__":
    json.dump(Buyers(json.load(sys.stdin)).run(), sys.stdout)
