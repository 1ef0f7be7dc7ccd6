"""The same parcels by operations on arrays, for Python alone: each subset of lines over all nodes at once."""

import numpy as np

from orders.routing.batch import BONDS, CLOSED, NEVER, TWINS, UNITS, Ints, Network, Orders
from orders.routing.book import Book
from orders.routing.parcel_terms import SHUT, WIPED, may_travel, row_cost, shut, twins, weigh
from orders.routing.work import Work


def parcels_by_arrays(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> None:
    weigh(net, orders, order, work)
    asks, first, profile = orders.asks[order], orders.start[order], orders.profile[order]
    count, zone = int(orders.start[order + 1] - first), net.zone[orders.zip[order]]
    fee, lane = net.fee[profile] + (book.node_ask if asking else book.node_free), net.lane[profile]
    special = asks & UNITS > 0 or work.bans[0] > 0
    line_cost = np.full((count, len(fee)), NEVER, np.int64)
    for subset in range(1, 1 << count):
        work.best[subset], work.second[subset], work.node[subset] = CLOSED, CLOSED, -1
    if special:
        shut(orders, order, work, SHUT)
    for i in range(count):
        start, stop = net.sku_start[orders.sku[first + i]], net.sku_start[orders.sku[first + i] + 1]
        nodes = net.row_node[start:stop]
        if special:
            units = int(orders.quantity[first + i])
            each = [row_cost(net, orders, book, asking, row, units, work) for row in range(start, stop)]
            cost = np.array(each, np.int64) + net.line_fee[nodes] * units
            cost[work.shut[nodes] >> i & 1 > 0] = NEVER
        else:
            cost = (book.row_ask if asking else book.row_free)[start:stop] + net.line_fee[nodes]
        line_cost[i, nodes] = cost
        if not (asks & BONDS and not may_travel(orders, order, work, 1 << i)):
            parcel = fee[nodes] + net.tariff[lane[nodes], zone[nodes], work.pounds[1 << i]] + cost
            _keep(work, 1 << i, parcel, nodes)
    if special:
        shut(orders, order, work, WIPED)
    if count > 1:
        _together(net, orders, order, book, asking, work, fee, line_cost)


def _together(
    net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work, fee: Ints, line_cost: Ints
) -> None:
    """What travels in one parcel from the nodes that have several lines; all subsets at once."""
    asks, count = orders.asks[order], len(line_cost)
    nodes = np.flatnonzero((line_cost < CLOSED).sum(axis=0) > 1)
    subsets = [subset for subset in range(1, 1 << count) if subset & (subset - 1)]
    if asks & BONDS:
        subsets = [subset for subset in subsets if may_travel(orders, order, work, subset)]
    if not len(nodes) or not subsets:
        return
    zone, lane = net.zone[orders.zip[order], nodes], net.lane[orders.profile[order], nodes]
    sums = np.empty((1 << count, len(nodes)), np.int64)
    sums[0] = fee[nodes]
    for subset in range(1, 1 << count):
        np.add(sums[subset & (subset - 1)], line_cost[work.low[subset], nodes], out=sums[subset])
    pounds = np.array([work.pounds[subset] for subset in subsets])
    if len(net.tariff) == 1:
        carriage = np.take(net.tariff[0].T[pounds], zone, axis=1)
    else:
        carriage = net.tariff[lane, zone, pounds[:, None]]
    parcels = sums[subsets] + carriage
    for subset, parcel in zip(subsets, parcels, strict=True):
        if asks & TWINS:
            for at in np.flatnonzero(parcel < CLOSED):
                work.line_cost[:count, nodes[at]] = line_cost[:, nodes[at]]
                parcel[at] += twins(net, orders, order, book, asking, nodes[at], subset, work)
        _keep(work, subset, parcel, nodes)


def _keep(work: Work, subset: int, parcel: Ints, nodes: Ints) -> None:
    """Write the cheapest of these parcels, and the runner-up; the lower node wins a tie."""
    if not len(parcel):
        return
    least = int(parcel.argmin())
    if parcel[least] < CLOSED:
        work.best[subset], work.node[subset] = int(parcel[least]), int(nodes[least])
        parcel[least] = NEVER
        work.second[subset] = min(int(parcel.min()), CLOSED)
