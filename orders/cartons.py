"""Which boxes an order needs: a quick rule, not an optimum. Pure: no database.

First fit decreasing (Johnson, 1973) over units sorted by volume. A parcel fits a box where the longest side of each
unit fits the box's longest, the second its second, the shortest its shortest, and where all volumes together fill at
most `FILL` of it. The fewest boxes first, then the smallest that holds each box's contents.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from math import prod

Size = tuple[int, int, int]

FILL = 0.8  # paper and corners take the rest
GUESS: Size = (300, 220, 60)  # mm, of an item whose size nobody measured: a folded shirt
GUESS_G = 400


@dataclass(frozen=True)
class Item:
    """Equal units to pack; unknown sizes and weights are guessed."""

    key: Hashable
    quantity: int
    weight_g: int | None = None
    size_mm: Size | None = None
    ships_alone: bool = False

    @property
    def sides(self) -> Size:
        return _sorted(self.size_mm or GUESS)

    @property
    def grams(self) -> int:
        return GUESS_G if self.weight_g is None else self.weight_g


@dataclass(frozen=True)
class Box:
    """A carton by its inner size; `weight_g` is its own, `max_weight_g` includes it."""

    code: str
    size_mm: Size
    weight_g: int
    max_weight_g: int

    @property
    def sides(self) -> Size:
        return _sorted(self.size_mm)

    def holds(self, load: "Load") -> bool:
        """True where everything of the load goes in and can be carried."""
        fits = all(side <= room for side, room in zip(load.sides, self.sides, strict=True))
        loose = load.count == 1 or load.volume <= prod(self.sides) * FILL
        return fits and loose and self.weight_g + load.grams <= self.max_weight_g


@dataclass(frozen=True)
class Load:
    """What is in a box: the longest of each side, the volume, weight and number of units."""

    sides: Size = (0, 0, 0)
    volume: int = 0
    grams: int = 0
    count: int = 0

    def with_unit(self, item: Item) -> "Load":
        longest, second, shortest = (max(a, b) for a, b in zip(self.sides, item.sides, strict=True))
        return Load(
            (longest, second, shortest), self.volume + prod(item.sides), self.grams + item.grams, self.count + 1
        )


@dataclass
class Packed:
    """One suggested parcel. Without a box nothing we have fits: it is sent as it is."""

    load: Load = field(default_factory=Load)
    quantities: Counter[Hashable] = field(default_factory=Counter)  # item key -> units
    is_closed: bool = False
    box: Box | None = None

    @property
    def weight_g(self) -> int:
        return self.load.grams + (self.box.weight_g if self.box else 0)

    @property
    def size_mm(self) -> Size:
        return self.box.sides if self.box else self.load.sides

    def add(self, item: Item) -> None:
        self.load = self.load.with_unit(item)
        self.quantities[item.key] += 1
        self.is_closed = self.is_closed or item.ships_alone


def suggest(items: Sequence[Item], boxes: Sequence[Box]) -> list[Packed]:
    """The parcels for these items, in the order in which they are filled."""
    parcels: list[Packed] = []
    for item in sorted(items, key=lambda item: (item.ships_alone, prod(item.sides)), reverse=True):
        for _ in range(item.quantity):
            joined = next((each for each in parcels if _joins(item, each, boxes)), None)
            if joined is None:
                parcels.append(joined := Packed())
            joined.add(item)
    for parcel in parcels:
        parcel.box = smallest(parcel.load, boxes)
    return parcels


def smallest(load: Load, boxes: Sequence[Box]) -> Box | None:
    """The smallest of these boxes that holds the load; None where none does."""
    return next((box for box in sorted(boxes, key=lambda box: (prod(box.sides), box.code)) if box.holds(load)), None)


def load_of(items: Sequence[Item]) -> Load:
    """All units of these items together."""
    parcel = Packed()
    for item in items:
        for _ in range(item.quantity):
            parcel.add(item)
    return parcel.load


def _joins(item: Item, parcel: Packed, boxes: Sequence[Box]) -> bool:
    if item.ships_alone or parcel.is_closed:
        return False
    return any(box.holds(parcel.load.with_unit(item)) for box in boxes)


def _sorted(size: Size) -> Size:
    longest, second, shortest = sorted(size, reverse=True)
    return longest, second, shortest
