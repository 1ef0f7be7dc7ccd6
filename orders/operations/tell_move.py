"""Why parcels were moved: what they cost where all unreleased orders were decided about together."""

from collections.abc import Iterable, Sequence

import numpy as np

from orders.models import RoutingDecision
from orders.operations.batch_arrays import Problem
from orders.operations.keep_decision import ENGINE
from orders.routing.batch import ALONE, Ints
from orders.routing.book import Book
from orders.routing.explain import Share, billed_pounds, items, row_at
from orders.routing.explanation import SLOT, UNITS
from orders.routing.moves import Yielded
from orders.routing.prices import WHOLE

TOGETHER = "together"  # the step: no rung of a ladder, but all orders at once

Told = tuple[Yielded, int | None]  # and what the taker saves


def moved_decision(
    problem: Problem, book: Book, order: int, then: Ints, saving: int, told_of: Sequence[Told] = ()
) -> RoutingDecision:
    """The decision about one order of a batch, not yet saved and without its order; `book` has nothing taken. Orders
    that move together save together: `saving` is this one's share, and may be a loss that another's gain outweighs.
    `told_of` has who takes what it leaves, and who leaves what it takes."""
    net, orders = problem.net, problem.sent
    own = range(int(orders.start[order]), int(orders.start[order + 1]))
    numbers: dict[tuple[int, int], int] = {}  # by node, and the line that travels alone
    shares = [
        Share(n, int(then[n]), row_at(net, int(orders.sku[n]), int(then[n])), int(orders.quantity[n]),
              numbers.setdefault((int(then[n]), n if orders.bond[n] == ALONE else -1), len(numbers)))
        for n in own if then[n] >= 0
    ]  # fmt: skip
    told = [each for each in items(net, orders, order, shares, book) if each.amount]
    places = [place.pk for place in problem.places]
    rules, zone = problem.rules[order], net.zone[orders.zip[order]]
    parcels = []
    for (node, _alone), number in numbers.items():
        mine = [share for share in shares if share.parcel == number]
        positions = [problem.lines[share.line].position for share in mine]
        parcels.append([places[node], "", int(zone[node]), billed_pounds(net, orders, mine), 0, positions])
    paid = _paid(problem, own, shares)
    there = {share.node for share in shares}
    came_from = {places[node] for n in own if (node := int(problem.now[n])) >= 0 and node not in there}
    return RoutingDecision(
        kind=RoutingDecision.Kind.MOVE, engine=ENGINE, rules=rules.name, rule_set_id=rules.key[0],
        rule_set_version=rules.key[1], cost_parameters_id=problem.costs.key[0], tariff_id=problem.costs.key[1],
        price_set_id=0 if paid is None else problem.prices.key,
        amount=sum(each.amount for each in told), shipments=len(numbers),
        unserved_quantity=sum(int(orders.quantity[n]) for n in own if then[n] < 0),
        explanation=({} if paid is None else {"priced": paid}) | {
            "step": TOGETHER, "parcels": parcels, "others": [], "shut": {}, "near": [],
            "items": [[str(each.kind), each.name, places[each.node] if each.node >= 0 else 0, each.amount]
                      for each in told],
            "moved": {
                "from": sorted(came_from), "saving": saving,
                "for": [[problem.numbers[each.taker], places[each.node], _kind(each), saves]
                        for each, saves in told_of if each.giver == order],
                "by": [[problem.numbers[each.giver], places[each.node], _kind(each)]
                       for each, _saves in told_of if each.taker == order],
            },
        },
    )  # fmt: skip


def _paid(problem: Problem, own: Iterable[int], shares: Sequence[Share]) -> int | None:
    """What the plan pays, by prices of what orders to come will need; None where none of them counted for the order."""
    known, net = problem.prices, problem.net
    if known.kept is None or not any(_has_price(problem, n) for n in own):
        return None
    paid, taken = 0, dict.fromkeys((share.row for share in shares), 0)
    for each in shares:
        first = int(net.unit_start[each.row]) + taken[each.row]
        taken[each.row] += each.units
        price = known.shelves.get((problem.lines[each.line].variant_id, problem.places[each.node].pk))
        more = np.maximum(price - net.unit_value[first : first + each.units], 0)
        paid += int((more * known.weight // WHOLE).sum())
    nodes = {share.node for share in shares}
    return paid + sum(known.slots.get(problem.places[node].pk) * known.weight // WHOLE for node in nodes)


def _has_price(problem: Problem, line: int) -> bool:
    """Whether units of its item, or room where they are, have a price anywhere."""
    sku = int(problem.orders.sku[line])
    nodes = problem.net.row_node[problem.net.sku_start[sku] : problem.net.sku_start[sku + 1]]
    places = np.array([problem.places[node].pk for node in nodes.tolist()], np.int64)
    known = problem.prices
    return known.shelves.has_any(problem.lines[line].variant_id, places) or known.slots.has_any(places)


def _kind(each: Yielded) -> str:
    return SLOT if each.is_slot else UNITS
