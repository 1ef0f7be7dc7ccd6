"""`python -m omni.bench.pickers`: associates with scanners as a process of their own, over HTTP like their devices.

Reads what to do as JSON from standard input, writes what came back as JSON to standard output. Everybody starts a walk,
scans each unit, sends some scans twice (the reply that never came), puts the orders on a shelf, and starts again.
"""

import http.client
import json
import re
import sys
import time
import uuid
from collections import Counter
from random import Random
from threading import Barrier, Lock, Thread
from typing import Any
from urllib.parse import urlencode

TWICE = 0.05  # of the scans are sent again with the same key
AT_ONCE = 5  # orders of one walk
LINE = re.compile(r'<span class="mono nowrap">([^<]+)</span>')
COUNT = re.compile(r"<b>(\d+)</b><small><span class=\"slash\"> / </span>(\d+)</small>")
PICK = re.compile(r'<li class="pick".*?</li>', re.DOTALL)
WORK = re.compile(r'name="work" value="([^"]+)"')
FOUND, OK, CONFLICT = 302, 200, 409


class Associate:
    """One person with one device."""

    def __init__(self, told: dict[str, Any], session: str, number: int, seen: "Seen") -> None:
        self.told, self.seen, self.number = told, seen, number
        self.rng = Random(f"{told['seed']}-{number}")
        self.shop = http.client.HTTPConnection("127.0.0.1", told["port"], timeout=60)
        self.cookies = f"sessionid={session}; csrftoken={told['csrf']}"

    def work(self, deadline: float) -> None:
        """Walk until the time is over; a walk that was begun is finished."""
        while time.perf_counter() < deadline:
            status, _body, where = self.post("/pick/start/", {"count": AT_ONCE})
            if status != FOUND or "/pick/" not in where or where.rstrip("/").endswith("/pick"):
                if status == CONFLICT or "/pick/" in where:
                    continue  # somebody was faster
                return
            self.walk(where)
        self.shop.close()

    def walk(self, path: str) -> None:
        page = self.get(path)
        for row in PICK.findall(page):
            sku, count = LINE.search(row), COUNT.search(row)
            if not sku or not count:
                continue
            for _unit in range(int(count[2]) - int(count[1])):
                self.scan(f"{path}scan/", sku[1])
        for _order in range(2 * AT_ONCE):
            works = WORK.findall(self.get(path))
            if not works:
                return
            shelf = f"S-{self.number}-{self.rng.randrange(90)}"
            status, body, _where = self.post(f"{path}stage/", {"work": works[0], "code": shelf})
            self.seen.note("staged" if status in (OK, FOUND) else f"stage {status}", body if status >= CONFLICT else "")

    def scan(self, path: str, code: str) -> None:
        sent = {"code": code, "scan_key": uuid.UUID(int=self.rng.getrandbits(128)).hex}
        began = time.perf_counter()
        status, body, _where = self.post(path, sent, htmx=True)
        self.seen.took(time.perf_counter() - began)
        self.seen.note("scanned" if status == OK else f"scan {status}", body if status != OK else "")
        if self.rng.random() < TWICE:
            status, _body, _where = self.post(path, sent, htmx=True)
            self.seen.note("sent twice" if status == OK else f"sent twice {status}", "")

    def get(self, path: str) -> str:
        self.shop.request("GET", path, headers={"Cookie": self.cookies})
        answer = self.shop.getresponse()
        text = answer.read().decode()
        self.seen.note(f"page {answer.status}", "")
        return text

    def post(self, path: str, values: dict[str, Any], *, htmx: bool = False) -> tuple[int, str, str]:
        """(status, body, where it leads)."""
        headers = {"Cookie": self.cookies, "X-CSRFToken": self.told["csrf"],
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        if htmx:
            headers["HX-Request"] = "true"
        self.shop.request("POST", path, urlencode(values), headers)
        answer = self.shop.getresponse()
        text = answer.read().decode(errors="replace")
        return answer.status, text, answer.getheader("Location") or ""


class Seen:
    """What all of them met together."""

    def __init__(self) -> None:
        self.lock, self.seconds, self.answers, self.trouble = Lock(), list[float](), Counter[str](), ""

    def note(self, what: str, trouble: str) -> None:
        """One answer more."""
        with self.lock:
            self.answers[what] += 1
            self.trouble = self.trouble or trouble[:500]

    def took(self, seconds: float) -> None:
        """How long a scan's answer took."""
        with self.lock:
            self.seconds.append(seconds)


def main() -> None:
    """Everybody begins at the same moment."""
    told = json.load(sys.stdin)
    seen, start = Seen(), Barrier(len(told["sessions"]) + 1)

    def shift(number: int, session: str) -> None:
        person = Associate(told, session, number, seen)
        start.wait()
        person.work(time.perf_counter() + told["for_seconds"])

    threads = [Thread(target=shift, args=each, daemon=True) for each in enumerate(told["sessions"], told["first"])]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    json.dump({"took": time.perf_counter() - began, "seconds": seen.seconds, "answers": seen.answers,
               "trouble": seen.trouble}, sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
