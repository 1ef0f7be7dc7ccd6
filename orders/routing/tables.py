"""The arrays of one order: what its problem, the rules at a step, and the costs make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, sqrt

import numpy as np

from orders.routing import cost
from orders.routing.batch import ALONE, NEVER, UNIT, Ints, Network, Orders, build_network, build_orders
from orders.routing.cost import Costs, Lanes
from orders.routing.explain import Parts
from orders.routing.prices import Prices, at_prices
from orders.routing.problem import Line, Place, Problem
from orders.routing.rules import FilterKind, Judged, Rules, columns, judge, judge_lines

NO_CARRIER = np.full((1, cost.ZONES, cost.MOST_POUNDS + 1), NEVER)
FEW = 127  # the engine counts parcels and bonds of one order in a byte
MOST_UNITS = 500_000  # whose values are worked out one by one
# A promise that can be kept is kept, whatever it costs; what it costs to break one only ranks those that cannot.
NEVER_MIND = 100_000 * UNIT


@dataclass(frozen=True)
class Tables:
    """One order against places: `net` and `orders` have its real cost, the named parts tell what a fee is made of;
    `asked` is the network at the prices of what orders to come will need, by which a plan is chosen."""

    net: Network
    asked: Network
    orders: Orders
    judged: Judged
    lanes: Lanes
    lines: Sequence[Line]
    places: Sequence[Place]
    parts: Parts  # what the fee of a parcel is made of
    failing: Ints  # int64[R]: what it costs on average that a line is not found there
    shut: Mapping[tuple[int, int], int]  # (line, place) -> the rule that shuts a shelf
    deliver_by: date | None  # when it has to be there; None: whenever


def tables(problem: Problem, rules: Rules, costs: Costs, step: int) -> Tables:
    """The arrays at a step of the rules' ladder."""
    places, lines = problem.places, problem.lines
    nodes = columns([place.facts for place in places])
    judged = judge(rules, problem.order, nodes, step)
    shut = _shut(problem, rules, step, lines, nodes)
    lanes = cost.lanes(costs, [problem.deliver_by], [place.leaves for place in places])
    fees = cost.fees(costs, [place.kind for place in places])
    waiting = _waiting(costs, places)
    lane = np.where(judged.allowed[None, :], lanes.lane, np.int16(-1))
    items = list(dict.fromkeys(line.item for line in lines))
    rows = [(n, place.shelves[item]) for item in items for n, place in enumerate(places)
            if item in place.shelves and place.shelves[item].units > 0]  # fmt: skip
    counts = [sum(1 for place in places if item in place.shelves and place.shelves[item].units > 0) for item in items]
    wanted = {item: sum(line.quantity for line in lines if line.item == item) for item in items}
    of_item = np.repeat(np.arange(len(items)), counts)
    priced = {line.item: line for line in lines}
    units = np.array([
        min(shelf.units, wanted[items[of_item[r]]] + _seen(costs, shelf.daily_rate))
        for r, (_, shelf) in enumerate(rows)
    ], np.int64)  # fmt: skip
    if units.sum() > MOST_UNITS:
        raise ValueError(f"{units.sum()} units are too many to be priced one by one.")
    p_find = np.array([1.0 if shelf.p_find is None else shelf.p_find for _, shelf in rows], np.float64)
    is_store = np.array([places[n].kind == "store" for n, _ in rows], bool)
    values = cost.unit_values(
        costs, price=np.array([priced[items[i]].price for i in of_item], np.int64),
        unit_cost=np.array([priced[items[i]].unit_cost for i in of_item], np.int64),
        daily_rate=np.array([shelf.daily_rate for _, shelf in rows], np.float64) * is_store, units=units,
        percent=rules.unit_value_percent, p_find=p_find,
    )  # fmt: skip
    net = build_network(
        zone=cost.zones(nodes.miles)[None, :], tariff=lanes.tariff if len(lanes.tariff) else NO_CARRIER, lane=lane,
        fee=(fees.parcel + judged.price + waiting)[None, :], line_fee=fees.unit,
        capacity=np.minimum(judged.room, len(lines)), sku_start=np.concatenate([[0], np.cumsum(counts)]),
        row_node=[n for n, _ in rows], row_quantity=units, unit_start=values.start, unit_value=values.value,
    )  # fmt: skip
    unit = np.array([places[n].shelves[items[of_item[r]]].price for r, (n, _) in enumerate(rows)], np.int64)
    prices = Prices(unit, np.array([place.slot for place in places], np.int64))
    parts = Parts(fee={"packing": fees.parcel[None, :], "waiting": waiting[None, :], "rules": judged.price[None, :]})
    return Tables(
        net, at_prices(net, prices, problem.weight) if problem.weight else net,
        _orders(problem, rules, costs, lines, items, shut), judged, lanes, lines, places, parts,
        cost.failure(costs, p_find), shut, problem.deliver_by,
    )  # fmt: skip


def promised_by(found: Tables, costs: Costs, deliver_by: date | None) -> Tables:
    """The same order where it has to be there by another day: only what carriers cost is another."""
    lanes = cost.lanes(costs, [deliver_by], [place.leaves for place in found.places])
    lane = np.where(found.judged.allowed[None, :], lanes.lane, np.int16(-1))
    tariff = lanes.tariff if len(lanes.tariff) else NO_CARRIER
    net = found.net._replace(lane=lane, tariff=tariff)
    asked = net if found.asked is found.net else found.asked._replace(lane=lane, tariff=tariff)
    return replace(found, net=net, asked=asked, lanes=lanes, deliver_by=deliver_by)


def _seen(costs: Costs, daily_rate: float) -> int:
    """Units below which a shelf's demand reaches within the days of cover; what lies above is worth nothing there."""
    demand = min(daily_rate * costs.cover_days, cost.MOST_DEMAND)
    return ceil(demand + 6 * sqrt(demand) + 10) if demand > 0 else 0


def _waiting(costs: Costs, places: Sequence[Place]) -> Ints:
    first = min((place.leaves for place in places if place.leaves), default=None)
    days = [(place.leaves - first).days if place.leaves and first else 0 for place in places]
    return np.array(days, np.int64) * costs.wait


def _shut(problem: Problem, rules: Rules, step: int, lines: Sequence[Line], nodes) -> dict[tuple[int, int], int]:
    if not any(each.is_by_line for each in rules.at(step)):
        return {}

    def column(line: Line, what: str, missing: float) -> list[float]:
        found = (getattr(place.shelves.get(line.item), what, None) for place in problem.places)
        return [missing if each is None else each for each in found]

    shape = len(lines), len(problem.places)
    shut = judge_lines(
        rules, problem.order, [line.facts for line in lines], nodes, step,
        counted=np.array([column(line, "counted", np.nan) for line in lines], np.float64).reshape(shape),
        available=np.array([column(line, "units", 0) for line in lines], np.int64).reshape(shape),
    )  # fmt: skip
    return {(int(m), int(n)): int(b) for m, n, b in zip(shut.line, shut.node, shut.because, strict=True)}


def bonds(asked: Sequence[int], rules: Rules) -> list[int]:
    """As the engine counts them: by parcels, where rules limit shipments, their worth or orders of a day. Those are
    about locations: under such rules a plan is chosen as if what travels alone came with the rest (it is billed as a
    parcel of its own all the same: `decide`)."""
    limits = rules.most or rules.least or any(
        each.kind == FilterKind.DAILY for step in range(len(rules.ladder)) for each in rules.at(step)
    )  # fmt: skip
    return [0 if each > FEW or (each == ALONE and limits) else each for each in asked]


def _orders(
    problem: Problem, rules: Rules, costs: Costs, lines: Sequence[Line], items: Sequence[int],
    shut: Mapping[tuple[int, int], int],
) -> Orders:  # fmt: skip
    price = np.array([line.price for line in lines], np.int64)
    quantity = np.array([line.quantity for line in lines], np.int64)
    at = {place.id: n for n, place in enumerate(problem.places)}
    closed = {m: sorted({at[each] for each in line.shut if each in at} | {n for k, n in shut if k == m})
              for m, line in enumerate(lines)}  # fmt: skip
    return build_orders(
        start=[0, len(lines)], sku=[items.index(line.item) for line in lines], zip=[0], quantity=quantity,
        pounds=[line.pounds * line.quantity for line in lines],
        size_pounds=[cost.size_pounds(costs, line.cubic_mm) * line.quantity for line in lines],
        lost=cost.lost(costs, price, np.array([line.unit_cost for line in lines], np.int64), quantity) + NEVER_MIND,
        worth=price * quantity, bond=bonds([line.bond for line in lines], rules),
        most=[min(rules.most, FEW)], least=[rules.least],
        split=[costs.split + rules.split], shut={m: each for m, each in closed.items() if each}, any_size=True,
    )  # fmt: skip
