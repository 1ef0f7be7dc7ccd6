"""What every measurement needs to know of the chain it measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from omni.bench.bodies import PICKUP_LINES, SHORT, Wish, wish
from omni.bench.scale import FIRST_LOCATION, FIRST_SHOPPER, SHOPPERS

_references = count(1)


@dataclass(frozen=True)
class Chain:
    """The filled chain, the key of its site, and where progress is told."""

    locations: int
    token: str
    postal_codes: Sequence[str]
    tell: Callable[[str], None]
    titles: Sequence[str] = ()  # what the searched catalog is called; made up where none are given

    def wish(
        self, rng: Random, *, lines: int = SHORT, pickup_lines: int = PICKUP_LINES, location: int | None = None
    ) -> Wish:
        """Some order of some shopper."""
        return wish(
            rng, reference=next(_references), shopper=FIRST_SHOPPER + rng.randrange(SHOPPERS), lines=lines,
            location=location or FIRST_LOCATION + rng.randrange(self.locations), pickup_lines=pickup_lines,
            postal_code=rng.choice(self.postal_codes),
        )  # fmt: skip
