"""The best plan of one order at given prices, exactly: any split over all nodes, by a dynamic program over its lines.

For each node and each subset of lines that it holds, a parcel costs its fee, the tariff of the subset's weight and the
cost of its lines; the cheapest parcel of each subset and the runner-up at another node are kept. The cheapest partition
of all lines is the plan, where a line may also be left out. The runners-up tell what the plan would cost without one of
its rows or nodes, and no second look at the nodes is needed.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import MOST_LINES, NEVER, Ints, Network, Orders
from orders.routing.kernel import by_kernel, compiled

SUBSETS = 1 << MOST_LINES


class Work(NamedTuple):
    """Room for one pricing; by subset of the order's lines."""

    mask: Ints  # int64[N]
    nodes: Ints
    line_cost: Ints  # int64[N, lines]
    line_row: Ints
    pounds: Ints
    best: Ints
    node: Ints  # of the best parcel
    second: Ints  # the best parcel from another node
    value: Ints
    choice: Ints


def room(net: Network) -> Work:
    """Room for any order of this network."""
    nodes = len(net.node_fee)
    subset = [np.zeros(SUBSETS, np.int64) for _ in range(6)]
    return Work(
        np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros((nodes, MOST_LINES), np.int64),
        np.zeros((nodes, MOST_LINES), np.int64), *subset,
    )  # fmt: skip


@compiled
def _weigh(net: Network, orders: Orders, order: int, work: Work) -> tuple[int, int]:
    first = orders.start[order]
    count, most = orders.start[order + 1] - first, net.tariff.shape[1] - 1
    for subset in range(1, 1 << count):
        weight = 0.0
        for i in range(count):
            if subset >> i & 1:
                weight += orders.pounds[first + i]
        work.pounds[subset] = min(int(np.ceil(weight)), most)
    return first, count


def _parcels_by_loops(net: Network, orders: Orders, order: int, row_cost: Ints, node_cost: Ints, work: Work) -> None:
    first, count = _weigh(net, orders, order, work)
    zone = net.zone[orders.zip[order]]
    for subset in range(1, 1 << count):
        work.best[subset], work.second[subset], work.node[subset] = NEVER, NEVER, -1
    if count == 1:
        sku, pounds = orders.sku[first], work.pounds[1]
        best, second, at = NEVER, NEVER, -1
        for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
            node = net.row_node[row]
            cost = row_cost[row] + node_cost[node] + net.line_fee[node] + net.tariff[zone[node], pounds]
            if cost < best:
                best, second, at = cost, best, row
            elif cost < second:
                second = cost
        work.best[1], work.second[1] = best, second
        if at >= 0:
            work.node[1] = net.row_node[at]
            work.line_row[net.row_node[at], 0] = at
        return
    found = 0
    for i in range(count):
        sku = orders.sku[first + i]
        for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
            if row_cost[row] >= NEVER:
                continue
            node = net.row_node[row]
            if work.mask[node] == 0:
                work.nodes[found] = node
                found += 1
            work.mask[node] |= 1 << i
            work.line_cost[node, i] = row_cost[row] + net.line_fee[node]
            work.line_row[node, i] = row
    for each in range(found):
        node = work.nodes[each]
        mask, zoned = work.mask[node], net.tariff[zone[node]]
        work.mask[node] = 0
        subset = mask
        while subset:
            cost = node_cost[node] + zoned[work.pounds[subset]]
            for i in range(count):
                if subset >> i & 1:
                    cost += work.line_cost[node, i]
            if cost < work.best[subset] or (cost == work.best[subset] and node < work.node[subset]):
                work.second[subset] = work.best[subset]
                work.best[subset], work.node[subset] = cost, node
            elif cost < work.second[subset]:
                work.second[subset] = cost
            subset = (subset - 1) & mask


def _parcels_by_arrays(net: Network, orders: Orders, order: int, row_cost: Ints, node_cost: Ints, work: Work) -> None:
    first, count = _weigh(net, orders, order, work)
    slices = [slice(net.sku_start[sku], net.sku_start[sku + 1]) for sku in orders.sku[first : first + count]]
    nodes = np.unique(np.concatenate([net.row_node[rows] for rows in slices]))
    cost = np.full((count, len(nodes)), NEVER, np.int64)
    for i, rows in enumerate(slices):
        at = np.searchsorted(nodes, net.row_node[rows])
        cost[i, at] = np.minimum(row_cost[rows] + net.line_fee[nodes[at]], NEVER)
        work.line_row[nodes[at], i] = np.arange(rows.start, rows.stop)
    zone = net.zone[orders.zip[order], nodes]
    for subset in range(1, 1 << count):
        held = cost[[i for i in range(count) if subset >> i & 1]]
        parcel = node_cost[nodes] + net.tariff[zone, work.pounds[subset]] + held.sum(axis=0)
        parcel = np.where(held.max(axis=0) < NEVER, np.minimum(parcel, NEVER), NEVER)
        work.best[subset] = work.second[subset] = NEVER
        work.node[subset] = -1
        if not len(nodes):
            continue
        least = int(parcel.argmin())  # the lower node wins a tie
        if parcel[least] < NEVER:
            work.best[subset], work.node[subset] = parcel[least], nodes[least]
            parcel[least] = NEVER
            work.second[subset] = parcel.min()


_parcels = by_kernel(_parcels_by_loops, _parcels_by_arrays)


@compiled
def _partition(
    orders: Orders,
    first: int,
    count: int,
    best: Ints,
    second: Ints,
    node: Ints,
    without: int,
    line: int,
    value: Ints,
    choice: Ints,
) -> int:
    """The cheapest cover of all lines; parcels with `line` (or any, with -1) from the node `without` do not count."""
    value[0] = 0
    for lines in range(1, 1 << count):
        low = lines & -lines
        lowest = 0
        while not low >> lowest & 1:
            lowest += 1
        least, chosen = value[lines ^ low] + orders.lost[first + lowest], 0
        subset = lines
        while subset:
            if subset & low:
                parcel = best[subset]
                if node[subset] == without and (line < 0 or subset >> line & 1):
                    parcel = second[subset]
                cost = value[lines ^ subset] + parcel
                if cost < least:
                    least, chosen = cost, subset
            subset = (subset - 1) & lines
        value[lines], choice[lines] = least, chosen
    return value[(1 << count) - 1]


@compiled
def price(net: Network, orders: Orders, order: int, row_cost: Ints, node_cost: Ints, work: Work, rows: Ints) -> int:
    """The cost of the best plan at these prices, in hundredths of a cent.

    `rows` gets the row that serves each line (-1: none).
    """
    _parcels(net, orders, order, row_cost, node_cost, work)
    first = orders.start[order]
    count = orders.start[order + 1] - first
    cost = _partition(orders, first, count, work.best, work.second, work.node, -2, -1, work.value, work.choice)
    for i in range(count):
        rows[i] = -1
    lines = (1 << count) - 1
    while lines:
        subset = work.choice[lines]
        if subset == 0:
            lines ^= lines & -lines
            continue
        for i in range(count):
            if subset >> i & 1:
                rows[i] = work.line_row[work.node[subset], i]
        lines ^= subset
    return cost


@compiled
def losses(
    net: Network, orders: Orders, order: int, cost: int, rows: Ints, work: Work, of_row: Ints, of_node: Ints
) -> None:
    """What a plan of this cost would lose without each of its rows and nodes, by the prices of the last pricing."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    for i in range(count):
        row = rows[i]
        of_row[i], of_node[i] = 0, 0
        if row < 0:
            continue
        node = net.row_node[row]
        for line in (-1, i):
            if line >= 0 and count == 1:
                of_row[i] = of_node[i]
                continue
            without = _partition(
                orders, first, count, work.best, work.second, work.node, node, line, work.value, work.choice
            )
            lost = max(without - cost, 0)
            if line < 0:
                of_node[i] = lost
            else:
                of_row[i] = lost
