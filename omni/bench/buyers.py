"""Let buyers order over HTTP, from processes of their own."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from omni.bench.bodies import PICKUP_LINES, SHORT
from omni.embedded.place import CHECKOUT

PROCESSES = 2
CREATED, CONFLICT, COME_AGAIN = "201", "409", "503"
_references = count(10_000_000_000, 1_000_000_000)


@dataclass(frozen=True)
class Shopping:
    """What buyers do: orders of the usual mix, or one variant of one location until it is sold out."""

    port: int
    token: str
    buyers: int
    for_seconds: float
    locations: int = 0
    postal_codes: Sequence[str] = ()
    lines: int = SHORT
    pickup_lines: int = PICKUP_LINES
    only: tuple[int, int] | None = None


@dataclass
class Bought:
    """How many orders were taken in which time, how long each took, and who was told no."""

    took: float = 0.0
    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    trouble: str = ""

    @property
    def rate(self) -> float:
        """Orders per second."""
        return self.answers[CREATED] / self.took


def shop_for(shopping: Shopping) -> Bought:
    """Start the buyers, wait for them, add up."""
    each = [shopping.buyers // PROCESSES + (n < shopping.buyers % PROCESSES) for n in range(PROCESSES)]
    running = [_start(shopping, buyers) for buyers in each if buyers]
    bought = Bought()
    for process in running:
        output, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"A buyer's process ended with {process.returncode}.")
        answer = json.loads(output)
        bought.took = max(bought.took, answer["took"])
        bought.seconds += answer["seconds"]
        bought.answers.update(answer["answers"])
        bought.trouble = bought.trouble or answer["trouble"]
    return bought


def _start(shopping: Shopping, buyers: int) -> "subprocess.Popen[str]":
    first = next(_references)
    told = vars(shopping) | {"buyers": buyers, "first_reference": first, "seed": first}
    process = subprocess.Popen(
        [sys.executable, "-m", "omni.bench.client"],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(told, default=list))
    process.stdin.close()
    process.stdin = None
    return process
