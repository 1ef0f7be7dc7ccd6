"""One order as it is decided on: plain values, so that a decision can be kept and made again.

Weights are pounds, sizes cubic millimeters, money integer hundredths of a cent, distances great-circle miles.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orders.routing.rules import LineFacts, NodeFacts, OrderFacts

VERSION = 2
READ = (1, VERSION)  # the first one knew no prices


@dataclass(frozen=True)
class Line:
    """So many units of one item. `shut`: locations that failed it. Lines of one `bond` travel together,
    ALONE travels in a parcel of its own."""

    position: int
    item: int
    quantity: int
    pounds: float = 1.0  # each unit
    cubic_mm: float = 0.0
    price: int = 0
    unit_cost: int = -1  # nobody knows
    bond: int = 0
    path: str = ""
    tags: frozenset[str] = frozenset()
    hazmat: bool = False
    shut: frozenset[int] = frozenset()

    @property
    def facts(self) -> LineFacts:
        return LineFacts(self.path, self.tags, self.hazmat, self.quantity)


@dataclass(frozen=True)
class Shelf:
    """What a location could give of an item: how many sell there a day, how sure they are found, days since a count,
    what a unit will be worth to orders to come."""

    units: int
    daily_rate: float = 0.0
    p_find: float | None = None
    counted: float | None = None
    price: int = 0


@dataclass(frozen=True)
class Place:
    """A location that might ship. `leaves`: the day of its next carrier with room for this parcel, None: never."""

    id: int
    kind: str
    miles: float | None
    leaves: date | None
    shelves: Mapping[int, Shelf]
    groups: frozenset[int] = frozenset()
    is_open: bool = True
    is_paused: bool = False
    taken: int = 0
    slot: int = 0  # what room for a parcel is worth to orders to come

    @property
    def facts(self) -> NodeFacts:
        return NodeFacts(
            id=self.id, kind=self.kind, groups=self.groups, miles=self.miles, is_open=self.is_open,
            is_paused=self.is_paused, taken=self.taken,
        )  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """Everything that decides, but the rules and the costs. Of equal plans the earlier place wins: nearest first."""

    order: OrderFacts
    lines: Sequence[Line]
    places: Sequence[Place]
    deliver_by: date | None = None
    weight: int = 0  # of the prices on shelves and slots, in thousandths


def to_bytes(problem: Problem) -> bytes:
    """As it is kept with its decision."""
    return zlib.compress(json.dumps(_plain(problem), separators=(",", ":")).encode(), 6)


def _plain(problem: Problem) -> list[Any]:
    order = problem.order
    lines = [
        [line.position, line.item, line.quantity, line.pounds, line.cubic_mm, line.price, line.unit_cost, line.bond,
         line.path, sorted(line.tags), int(line.hazmat), sorted(line.shut)]
        for line in problem.lines
    ]  # fmt: skip
    places = [
        [place.id, place.kind, place.miles, _day(place.leaves), sorted(place.groups), int(place.is_open),
         int(place.is_paused), place.taken,
         [[item, shelf.units, shelf.daily_rate, shelf.p_find, shelf.counted, shelf.price]
          for item, shelf in place.shelves.items()], place.slot]
        for place in problem.places
    ]  # fmt: skip
    facts = [sorted(order.services), order.channel, order.value, sorted(order.tags)]
    return [VERSION, facts, _day(problem.deliver_by), lines, places, problem.weight]


def from_bytes(kept: bytes) -> Problem:
    """The same problem again. Raises ValueError where another version wrote it."""
    version, facts, deliver_by, lines, places, *weight = json.loads(zlib.decompress(kept))
    if version not in READ:
        raise ValueError(f"This decision was kept in form {version}; form {VERSION} is read.")
    services, channel, value, tags = facts
    return Problem(
        order=OrderFacts(frozenset(services), channel, value, frozenset(tags)),
        deliver_by=_date(deliver_by),
        lines=[_line(each) for each in lines],
        places=[_place(each) for each in places],
        weight=weight[0] if weight else 0,
    )  # fmt: skip


def _line(each: list[Any]) -> Line:
    position, item, quantity, pounds, cubic_mm, price, unit_cost, bond, path, tags, hazmat, shut = each
    return Line(
        position, item, quantity, pounds, cubic_mm, price, unit_cost, bond, path, frozenset(tags), bool(hazmat),
        frozenset(shut),
    )  # fmt: skip


def _place(each: list[Any]) -> Place:
    pk, kind, miles, leaves, groups, is_open, is_paused, taken, shelves, *slot = each
    return Place(
        id=pk, kind=kind, miles=miles, leaves=_date(leaves), groups=frozenset(groups), is_open=bool(is_open),
        is_paused=bool(is_paused), taken=taken, shelves={row[0]: Shelf(*row[1:]) for row in shelves},
        slot=slot[0] if slot else 0,
    )  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
