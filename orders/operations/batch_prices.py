"""What orders to come will need, in the arrays of a batch: the network that its plan is chosen on."""

from dataclasses import replace

import numpy as np

from orders.operations.batch_arrays import Problem
from orders.operations.known_prices import Kept, KnownPrices
from orders.routing.batch import Ints, Network
from orders.routing.prices import Prices, at_prices


def asked(problem: Problem, known: KnownPrices) -> Problem:
    """The problem at prices; itself without any. A line that waits loses as much more as its units and a parcel could
    cost more at prices: a forecast moves an order, it leaves nobody waiting who would be served without it."""
    if known.kept is None:
        return problem
    prices = by_row(problem, known.kept)
    if not prices.unit.any() and not prices.slot.any():
        return problem
    net = at_prices(problem.net, prices, known.weight)
    lost = problem.orders.lost + _at_most_dearer(problem, net)
    return replace(problem, net=net, orders=problem.orders._replace(lost=lost))


def _at_most_dearer(problem: Problem, priced: Network) -> Ints:
    """int64[M]: by how much serving a line can cost more in this network, wherever it is served."""
    net, orders = problem.net, problem.orders
    units = _largest(priced.unit_value - net.unit_value, net.unit_start)
    parcel = int((priced.fee - net.fee).max(initial=0))
    return _largest(units, net.sku_start)[orders.sku] * orders.quantity + parcel


def _largest(values: Ints, starts: Ints) -> Ints:
    """The largest value of each span, 0 of an empty one; no value is below 0."""
    largest = np.zeros(len(starts) - 1, np.int64)
    np.maximum.at(largest, np.repeat(np.arange(len(largest)), np.diff(starts)), values)
    return largest


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
