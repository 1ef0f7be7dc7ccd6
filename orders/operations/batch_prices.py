"""What orders to come will need, in the arrays of a batch: the network that its plan is chosen on."""

from dataclasses import replace

import numpy as np

from orders.operations.batch_arrays import Problem
from orders.operations.known_prices import Kept, KnownPrices
from orders.routing.batch import Ints
from orders.routing.prices import Prices, at_prices
from orders.routing.tables import NEVER_MIND


def asked(problem: Problem, known: KnownPrices) -> Problem:
    """The problem at prices; itself without any. What can be served is served, whatever that costs at prices, as at
    placement: a forecast leaves nobody waiting."""
    if known.kept is None:
        return problem
    prices = by_row(problem, known.kept)
    if not prices.unit.any() and not prices.slot.any():
        return problem
    orders = problem.orders._replace(lost=problem.orders.lost + NEVER_MIND)
    return replace(problem, net=at_prices(problem.net, prices, known.weight), orders=orders)


def by_row(problem: Problem, kept: Kept) -> Prices:
    """The prices of the rows and nodes of a batch; nothing where none is known."""
    ids, net = np.array([place.pk for place in problem.places], np.int64), problem.net
    variants = np.array(sorted({each.variant_id for each in problem.lines}), np.int64)
    width = int(max(ids.max(initial=0), kept.place.max(initial=0), kept.slot_place.max(initial=0))) + 1
    of = np.repeat(np.arange(len(variants)), np.diff(net.sku_start))
    unit = _found(kept.variant * width + kept.place, kept.price, variants[of] * width + ids[net.row_node])
    return Prices(unit, _found(kept.slot_place, kept.slot_price, ids))


def _found(keys: Ints, values: Ints, asked: Ints) -> Ints:
    if not len(keys):
        return np.zeros(len(asked), np.int64)
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)
    return np.where(keys[order][at] == asked, values[order][at], 0)
