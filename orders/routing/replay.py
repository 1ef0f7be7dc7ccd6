"""Past decisions made again under other rules: what would have gone where, and what that would have cost.

Pure. The stock is counterfactual: what the replay took more or less than was really taken lies, or lacks, on the same
shelves in every later problem. Under the rules and costs of each decision nothing differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from orders.routing.cost import Costs
from orders.routing.decide import Decision, Given, decide
from orders.routing.explain import Kind
from orders.routing.problem import Place, Problem, Shelf
from orders.routing.rules import FilterKind, Rules

AT_PLACE = "packing"  # the fee that holds packaging and what a parcel's work costs
ASKED_ONLY = frozenset({FilterKind.DAILY, FilterKind.COUNTED})  # what they look at is kept where rules ask for it
Spot = tuple[int, int]  # item, place


@dataclass(frozen=True)
class Bill:
    """What plans come to; money is hundredths of a cent."""

    cost: int = 0
    postage: int = 0
    labor: int = 0
    parcels: int = 0
    late: int = 0
    unserved: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Bill)))

    @property
    def plain(self) -> dict[str, int]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Past:
    """A decision as it was kept. `rules` and `costs` are those that it was made by."""

    order: int
    problem: Problem
    given: tuple[Given, ...]
    bill: Bill
    rules: Rules
    costs: Costs
    is_anew: bool = False  # the order had these units elsewhere


@dataclass(frozen=True)
class Again:
    """The same decision made again."""

    given: tuple[Given, ...]
    bill: Bill


def bill(
    items: Sequence[tuple[str, str, int]], lates: Sequence[int], unserved: int, costs: Costs
) -> Bill:  # fmt: skip
    """From cost items (kind, name, amount) and the working days that each parcel comes late."""
    work = sum(amount for kind, name, amount in items if kind == Kind.HANDLING or name == AT_PLACE)
    return Bill(
        cost=sum(amount for _kind, _name, amount in items),
        postage=sum(amount for kind, _name, amount in items if kind == Kind.TARIFF),
        labor=work - costs.packaging * len(lates), parcels=len(lates), late=sum(days > 0 for days in lates),
        unserved=unserved,
    )  # fmt: skip


def again(past: Past, rules: Rules | None, shelves: "Shelves") -> Again:
    """Decide again by other rules (None: by its own) on the shelves as the replay left them, and take what it takes."""
    problem = shelves.seen_by(past)
    if rules is None and problem is past.problem:
        found = Again(past.given, past.bill)
    else:
        asked = past.rules if rules is None else answerable(rules, past.rules)
        found = _told(decide(problem, asked, past.costs, others=0), past.costs)
    shelves.take(past, found.given)
    return found


def kinds_of(rules: Rules) -> frozenset[FilterKind]:
    """The kinds of all its filters."""
    return frozenset(each.kind for step in range(len(rules.ladder)) for each in rules.at(step))


def names_groups(rules: Rules) -> bool:
    """Whether they look at the groups of locations; a problem holds these only where its rules did."""
    filters = [each for step in range(len(rules.ladder)) for each in rules.at(step)]
    return any(each.groups for each in filters) or any(each.groups for each in rules.prices)


def answerable(rules: Rules, past: Rules) -> Rules:
    """Without the filters whose facts were not kept, since the rules that decided then did not ask for them."""
    unknown = (ASKED_ONLY & kinds_of(rules)) - kinds_of(past)
    if not unknown:
        return rules
    ladder = tuple(
        replace(step, filters=tuple(each for each in step.filters if each.kind not in unknown)) for step in rules.ladder
    )
    return replace(rules, ladder=ladder, filters=tuple(each for each in rules.filters if each.kind not in unknown))


def _told(decision: Decision, costs: Costs) -> Again:
    items = [(str(item.kind), item.name, item.amount) for item in decision.items]
    lates = [parcel.late for parcel in decision.parcels]
    return Again(decision.given, bill(items, lates, sum(decision.missing.values()), costs))


@dataclass
class Shelves:
    """By how many units the replay's shelves differ, and what each order has there instead of what it really has."""

    fewer: dict[Spot, int] = field(default_factory=dict)
    known: dict[Spot, Shelf] = field(default_factory=dict)  # what else is known of a shelf that differs
    held: dict[Spot, dict[int, list[int]]] = field(default_factory=dict)  # (order, item): place: really, in the replay

    def seen_by(self, past: Past) -> Problem:
        """The problem with these shelves; itself where none of them differs. What an order that is planned anew had
        before is nobody's: really it lies on its shelf again, or was not found there, as in the problem."""
        if past.is_anew:
            self._free(past)
        problem = past.problem
        items = {line.item for line in problem.lines}
        if not any(item in items for item, _place in self.fewer):
            return problem
        places = [self._at(place, items) for place in problem.places]
        if all(new is old for new, old in zip(places, problem.places, strict=True)):
            return problem
        return replace(problem, places=places)

    def _at(self, place: Place, items: set[int]) -> Place:
        changed = {item: fewer for item in items if (fewer := self.fewer.get((item, place.id)))}
        if not changed:
            return place
        shelves = dict(place.shelves)
        for item, fewer in changed.items():
            shelf = shelves.get(item) or replace(self.known[item, place.id], units=0)
            shelves[item] = replace(shelf, units=max(0, shelf.units - fewer))
        return replace(place, shelves=shelves)

    def take(self, past: Past, given: Sequence[Given]) -> None:
        """What was really taken, and what the replay took."""
        item = {line.position: line.item for line in past.problem.lines}
        moved: dict[Spot, list[int]] = {}
        for side, shares in enumerate((past.given, given)):
            for each in shares:
                moved.setdefault((item[each.position], each.place), [0, 0])[side] += each.quantity
        places = {place.id: place for place in past.problem.places}
        for (of, place), (really, replayed) in moved.items():
            if really == replayed:
                continue
            if of in places[place].shelves:
                self.known[of, place] = places[place].shelves[of]
            self._add((of, place), replayed - really)
            had = self.held.setdefault((past.order, of), {}).setdefault(place, [0, 0])
            had[0], had[1] = had[0] + really, had[1] + replayed

    def _free(self, past: Past) -> None:
        """An order asks again for units that it had: as many come off both sides."""
        for line in past.problem.lines:
            had = self.held.get((past.order, line.item))
            if had is None:
                continue
            for side in (0, 1):
                left = line.quantity
                for place in sorted(had, key=lambda each: (each not in line.shut, each)):
                    units = min(left, had[place][side])
                    had[place][side] -= units
                    left -= units
                    self._add((line.item, place), units if side == 0 else -units)
            self.held[past.order, line.item] = {place: both for place, both in had.items() if any(both)}
            if not self.held[past.order, line.item]:
                del self.held[past.order, line.item]

    def _add(self, spot: Spot, units: int) -> None:
        self.fewer[spot] = self.fewer.get(spot, 0) + units
        if not self.fewer[spot]:
            del self.fewer[spot]
            self.known.pop(spot, None)

    @property
    def plain(self) -> list[Any]:
        """To be kept between two slices of a replay."""
        known = [
            [*at, shelf.units, shelf.daily_rate, shelf.p_find, shelf.counted, shelf.price]
            for at, shelf in self.known.items()
        ]  # fmt: skip
        held = [
            [*of, place, *both] for of, places in self.held.items() for place, both in places.items()
        ]  # fmt: skip
        return [[[*spot, units] for spot, units in self.fewer.items()], known, held]

    @classmethod
    def of(cls, plain: list[Any]) -> Self:
        """As it was kept."""
        fewer, known, held = plain
        found = cls(
            {(item, place): units for item, place, units in fewer},
            {(item, place): Shelf(*rest) for item, place, *rest in known},
        )
        for order, item, place, really, replayed in held:
            found.held.setdefault((order, item), {})[place] = [really, replayed]
        return found
