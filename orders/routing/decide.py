"""Decide where one order's units come from: the best plan that the rules allow at the first step that finds one.

The same problem, rules and costs give the same decision, on either kernel.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from orders.routing.batch import ALONE, Network
from orders.routing.book import empty_book
from orders.routing.cost import Costs
from orders.routing.explain import Item, Kind, Share, billed_pounds, items, row_at, unserved
from orders.routing.imitate import imitate
from orders.routing.problem import Problem
from orders.routing.rules import Objective, Rules
from orders.routing.single import Planned, plan_order
from orders.routing.tables import NEVER_MIND, Tables, tables

OTHERS = 5  # plans that are told beside the chosen one
EXPLAINED = 6  # lines up to which they are worked out, and what the nearest places would cost


@dataclass(frozen=True)
class Given:
    """So many units of a line (by position) from a place (by id)."""

    position: int
    place: int
    quantity: int


@dataclass(frozen=True)
class Parcel:
    """A shipment: its place, service and zone, the pounds it is billed by, the working days that it comes late."""

    place: int
    service: str
    zone: int
    pounds: int
    late: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Decision:
    """Who ships what, and why. `missing`: units by line position; `items` sum to `amount`, hundredths of a cent."""

    given: tuple[Given, ...]
    missing: Mapping[int, int]
    parcels: tuple[Parcel, ...]
    items: tuple[Item, ...]
    step: int
    tables: Tables
    planned: Planned  # its cost is at prices, where there are any

    @property
    def paid(self) -> int:
        """What it pays for units and slots that orders to come will need: no part of its cost."""
        return self.planned.cost - sum(item.amount for item in self.planned.items)

    @property
    def amount(self) -> int:
        return sum(item.amount for item in self.items)


def decide(
    problem: Problem, rules: Rules, costs: Costs, *, others: int = OTHERS, at: Callable[[int], Tables] | None = None
) -> Decision:  # fmt: skip
    """Climb the rules' ladder until a plan serves everything, or something where a step allows that; else nothing is
    served, and the order is one for a person. `at` gives the arrays of a step to whom they are known already."""
    if not costs.tariffs:
        raise ValueError("There is no tariff: nobody knows what a parcel costs.")
    if len(problem.lines) > EXPLAINED:
        others = 0
    decision = None
    for step, rung in enumerate(rules.ladder):
        found = at(step) if at else tables(problem, rules, costs, step)
        planned = _plan(found, rules.objective, others)
        decision = _decision(found, costs, step, planned)
        if not decision.missing or (rung.partial and decision.given):
            return decision
    assert decision is not None, "a ladder ends with a step that parks"
    return decision


def _plan(found: Tables, objective: Objective, others: int) -> Planned:
    if objective == Objective.COST:
        return _priced(found, others)
    miles = np.array([np.nan if place.miles is None else place.miles for place in found.places], np.float64)
    shares = imitate(found.net, found.orders, miles, objective)
    told = items(found.net, found.orders, 0, shares, empty_book(found.net, found.orders), found.parts)
    return Planned(shares, sum(each.amount for each in told), told, (), exact=False)


def _priced(found: Tables, others: int) -> Planned:
    """The plan at the prices of what orders to come will need, billed without them. Where these would leave out what is
    served at real cost, they do not count: a forecast takes no order away."""
    planned = _sent(found, found.asked, plan_order(found.asked, found.orders, others=others, parts=found.parts))
    if found.asked is found.net:
        return planned
    real = _sent(found, found.net, plan_order(found.net, found.orders, others=0, parts=found.parts))
    if _left(found, planned) > _left(found, real):
        return real
    told = items(found.net, found.orders, 0, planned.shares, empty_book(found.net, found.orders), found.parts)
    return replace(planned, items=told)


def _sent(found: Tables, net: Network, planned: Planned) -> Planned:
    """The plan with each line that travels alone in a parcel of its own, and billed so. Under rules that limit
    shipments, which are about locations, it was chosen without that (`bonds`)."""
    numbers: dict[tuple[int, int], int] = {}
    shares = []
    for share in planned.shares:
        own = share.line if found.lines[share.line].bond == ALONE else -1
        shares.append(replace(share, parcel=numbers.setdefault((share.parcel, own), len(numbers))))
    if len(numbers) == len({share.parcel for share in planned.shares}):
        return planned
    told = items(net, found.orders, 0, shares, empty_book(net, found.orders), found.parts)
    more = sum(item.amount for item in told) - sum(item.amount for item in planned.items)
    return replace(planned, shares=tuple(shares), items=told, cost=planned.cost + more)


def _left(found: Tables, planned: Planned) -> int:
    return sum(unserved(found.orders, 0, planned.shares).values())


def _decision(found: Tables, costs: Costs, step: int, planned: Planned) -> Decision:
    given: dict[tuple[int, int], int] = {}
    for share in planned.shares:
        at = found.lines[share.line].position, found.places[share.node].id
        given[at] = given.get(at, 0) + share.units
    missing = unserved(found.orders, 0, planned.shares)
    parcels = [
        _parcel(found, costs, [share for share in planned.shares if share.parcel == number])
        for number in sorted({share.parcel for share in planned.shares})
    ]  # fmt: skip
    told = [part for item in planned.items for part in _told(found, costs, item, missing, planned.shares, parcels)]
    return Decision(
        tuple(Given(*at, units) for at, units in given.items()),
        {found.lines[m].position: units for m, units in missing.items()}, tuple(parcels),
        tuple(item for item in told if item.amount), step, found, planned,
    )  # fmt: skip


def still_best(decision: Decision, found: Tables) -> bool:
    """Whether the plan of an order is also its plan as `found` has it: to be there sooner, all else alike (see
    `promised_by`). A tighter promise makes no parcel cheaper: a whole plan whose own parcels cost what they did, and
    come in time, is still the first of the cheapest; the next ones may be others. False where that is not certain."""
    before = decision.tables
    is_sooner = before.deliver_by is None or (found.deliver_by is not None and found.deliver_by <= before.deliver_by)
    is_whole = decision.planned.exact and not decision.step and not decision.missing
    travels_together = all(line.bond != ALONE for line in found.lines)  # else it may be chosen by other parcels
    if not (is_sooner and is_whole and travels_together):
        return False
    return all(_goes_as(parcel, before, found) for parcel in decision.parcels)


def _goes_as(parcel: Parcel, before: Tables, found: Tables) -> bool:
    """In time, by the same service, at the same cost."""
    n = next(n for n, place in enumerate(found.places) if place.id == parcel.place)
    old, new = ((int(each.net.lane[0, n]), parcel.zone, parcel.pounds) for each in (before, found))
    return (
        found.lanes.late[new] == 0
        and found.lanes.service[new] == before.lanes.service[old]
        and found.lanes.tariff[new] == before.lanes.tariff[old]
    )


def parcels_of(found: Tables, costs: Costs, given: Sequence[Given]) -> tuple[Parcel, ...]:
    """The parcels of a plan that was made otherwise: one from each place, and of each line that travels alone one of
    its own."""
    at = {line.position: m for m, line in enumerate(found.lines)}
    node = {place.id: n for n, place in enumerate(found.places)}
    parcels: dict[tuple[int, int], list[Share]] = {}
    for each in given:
        m, n = at[each.position], node[each.place]
        row = row_at(found.net, int(found.orders.sku[m]), n)
        mine = parcels.setdefault((n, m if found.orders.bond[m] == ALONE else -1), [])
        mine.append(Share(m, n, row, each.quantity, len(parcels) - 1))
    return tuple(_parcel(found, costs, shares) for shares in parcels.values())


def _parcel(found: Tables, costs: Costs, shares: Sequence[Share]) -> Parcel:
    n = shares[0].node
    table, zone = int(found.net.lane[0, n]), int(found.net.zone[0, n])
    pounds = billed_pounds(found.net, found.orders, shares)
    service = int(found.lanes.service[table, zone, pounds])
    return Parcel(
        found.places[n].id, costs.tariffs[service].service if service >= 0 else "", zone, pounds,
        int(found.lanes.late[table, zone, pounds]),
        tuple(dict.fromkeys(found.lines[share.line].position for share in shares)),
    )  # fmt: skip


def _told(
    found: Tables, costs: Costs, item: Item, missing: Mapping[int, int], shares: Sequence[Share],
    parcels: Sequence[Parcel],
) -> list[Item]:  # fmt: skip
    """The engine's item as people know it: postage apart from lateness, the shelf apart from what may not be found;
    without what only keeps promises (`NEVER_MIND`)."""
    if item.kind == Kind.TARIFF:
        late = costs.late * parcels[item.parcel].late
        return [replace(item, amount=item.amount - late), replace(item, kind=Kind.FEE, name="late", amount=late)]
    if item.kind == Kind.UNIT_VALUE:
        mine = [each for each in shares if (each.line, each.parcel, each.node) == (item.line, item.parcel, item.node)]
        failing = sum(int(found.failing[each.row]) * each.units for each in mine) if len(mine) == 1 else 0
        return [replace(item, amount=item.amount - failing), replace(item, name="failing", amount=failing)]
    if item.kind == Kind.UNSERVED:
        kept = NEVER_MIND * missing[item.line] // int(found.orders.quantity[item.line])
        return [replace(item, amount=item.amount - kept)]
    return [item]
