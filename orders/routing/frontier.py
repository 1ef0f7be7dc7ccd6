"""What the split price and the value of stores' stock do to an order: decided at many settings, measured by one.

Pure. The yardstick is the same for all: what is paid, and what units of stores are worth where they lie at 100 percent
of what sales say, whatever the setting. What a parcel beyond the first is said to cost, and what rules add to a
shipment, are wishes: they decide, and nobody pays them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from orders.routing.book import empty_book
from orders.routing.cost import Costs
from orders.routing.decide import Decision, decide
from orders.routing.explain import Kind, items
from orders.routing.problem import Problem
from orders.routing.rules import Rules
from orders.routing.tables import Tables, tables

FULL = 100  # percent
WISH = "rules"  # the fee that holds what rules add


@dataclass(frozen=True)
class Setting:
    """What a rule set says of both: money for each parcel beyond the first, percent of a unit's value."""

    split: int
    percent: int


@dataclass(frozen=True)
class Tally:
    """What plans come to by the yardstick; money is hundredths of a cent. `cost` is what is `paid`, lateness and lines
    without a place among it, and what stores' `stock` is worth that leaves."""

    paid: int = 0
    stock: int = 0
    parcels: int = 0
    late: int = 0
    unserved: int = 0
    units: int = 0
    from_stores: int = 0
    orders: int = 0
    split: int = 0  # orders of more than one parcel

    @property
    def cost(self) -> int:
        return self.paid + self.stock

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))

    @property
    def plain(self) -> list[int]:
        return [getattr(self, each.name) for each in fields(self)]

    @property
    def as_order(self) -> "Tally":
        """Of all plans of one order."""
        return replace(self, orders=1, split=int(self.parcels > 1))


def tallies(problem: Problem, rules: Rules, costs: Costs, settings: Sequence[Setting]) -> list[Tally]:
    """One past order, or the lines of it that were promised alike, decided at each setting."""
    known = _Known(problem, rules, costs)
    return [_decided(known, each) for each in settings]


def as_said(problem: Problem, rules: Rules, costs: Costs) -> Tally:
    """The same at what the rules themselves say."""
    return tallies(problem, rules, costs, [Setting(rules.split, rules.unit_value_percent)])[0]


@dataclass
class _Known:
    """An order's arrays, worked out once for each step and percentage: the split price is only one number in them."""

    problem: Problem
    rules: Rules
    costs: Costs
    found: dict[tuple[int, int], Tables] = field(default_factory=dict)

    def at(self, step: int, percent: int) -> Tables:
        if (step, percent) not in self.found:
            rules = replace(self.rules, unit_value_percent=percent)
            self.found[step, percent] = tables(self.problem, rules, self.costs, step)
        return self.found[step, percent]


def _decided(known: _Known, setting: Setting) -> Tally:
    def at(step: int) -> Tables:
        found = known.at(step, setting.percent)
        split = np.full_like(found.orders.split, known.costs.split + setting.split)
        return replace(found, orders=found.orders._replace(split=split))

    decision = decide(known.problem, known.rules, known.costs, others=0, at=at)
    return _tally(known.problem, decision, known.at(decision.step, FULL))


def _tally(problem: Problem, decision: Decision, full: Tables) -> Tally:
    book = empty_book(full.net, full.orders)
    told = items(full.net, full.orders, 0, decision.planned.shares, book, full.parts)
    worth = sum(item.amount for item in told if item.kind == Kind.UNIT_VALUE)
    failing = sum(item.amount for item in decision.items if item.name == "failing")
    wishes = (Kind.SPLIT, Kind.UNIT_VALUE)
    paid = sum(item.amount for item in decision.items if item.kind not in wishes and item.name != WISH)
    kinds = {place.id: place.kind for place in problem.places}
    return Tally(
        paid=paid + failing, stock=worth - failing, parcels=len(decision.parcels),
        late=sum(parcel.late > 0 for parcel in decision.parcels), unserved=sum(decision.missing.values()),
        units=sum(each.quantity for each in decision.given),
        from_stores=sum(each.quantity for each in decision.given if kinds[each.place] == "store"),
    )  # fmt: skip


def frontier(points: Sequence[tuple[float, float]]) -> list[int]:
    """Positions of the points (splits, cost) that no other one beats in both, by rising splits."""
    best: list[int] = []
    for n in sorted(range(len(points)), key=lambda each: (points[each], each)):
        if not best or points[n][1] < points[best[-1]][1]:
            best.append(n)
    return best
