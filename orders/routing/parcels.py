"""The cheapest parcel for each subset of an order's lines, over all nodes, and the runner-up from another node.

For each node and each subset of lines that it holds, a parcel costs its fee and slot, the tariff of the subset's
weight and its lines: the next units of their rows and the handling of each unit. What is shut to a line, what may not
travel together and what nobody sends has no parcel.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import ALONE, BONDS, CLOSED, MOST_LINES, NEVER, TWINS, UNITS, Ints, Network, Orders
from orders.routing.book import Book, units_ask, units_free
from orders.routing.kernel import by_kernel, compiled

SUBSETS = 1 << MOST_LINES


class Work(NamedTuple):
    """Room for one pricing; subsets of the order's lines are bit sets."""

    mask: Ints  # int64[N]
    shut: Ints  # int64[N]: lines to which a node is shut
    nodes: Ints
    line_cost: Ints  # int64[N, lines]
    line_row: Ints
    handling: Ints  # int64[P, N]: fee and handling of a parcel of one unit
    bans: Ints  # int64[1 + 2 * lines]: how many; node and lines of each parcel that this pricing must do without
    out: Ints
    pounds: Ints  # int64[subsets]: billed
    lost: Ints
    worth: Ints
    best: Ints
    node: Ints  # of the best parcel
    second: Ints  # the best parcel from another node
    group: Ints  # int64[lines]: the lines that are left out with one
    value: Ints  # int64[(lines + 1) * subsets]: by number of parcels where that is limited
    choice: Ints


def room(net: Network) -> Work:
    """Room for any order of this network."""
    nodes = len(net.line_fee)

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    return Work(
        mask=zeros(nodes), shut=zeros(nodes), nodes=zeros(nodes), line_cost=zeros(nodes, MOST_LINES),
        line_row=zeros(nodes, MOST_LINES), handling=net.fee + net.line_fee, bans=zeros(1 + 2 * MOST_LINES),
        out=zeros(SUBSETS), pounds=zeros(SUBSETS), lost=zeros(SUBSETS), worth=zeros(SUBSETS), best=zeros(SUBSETS),
        node=zeros(SUBSETS), second=zeros(SUBSETS), group=zeros(MOST_LINES),
        value=zeros((MOST_LINES + 1) * SUBSETS), choice=zeros((MOST_LINES + 1) * SUBSETS),
    )  # fmt: skip


@compiled
def weigh(net: Network, orders: Orders, order: int, work: Work) -> None:
    """Write what each subset weighs and, where the order asks for more than any plan, what it loses and is worth."""
    first = orders.start[order]
    count, most = orders.start[order + 1] - first, net.tariff.shape[2] - 1
    for subset in range(1, 1 << count):
        weight, size = 0.0, 0.0
        for i in range(count):
            if subset >> i & 1:
                weight += orders.pounds[first + i]
                size += orders.size_pounds[first + i]
        work.pounds[subset] = min(int(np.ceil(max(weight, size))), most)
    if orders.asks[order]:
        _terms(orders, order, work)


@compiled
def _terms(orders: Orders, order: int, work: Work) -> None:
    first = orders.start[order]
    count = orders.start[order + 1] - first
    for i in range(count):
        work.group[i] = 1 << i
        if orders.bond[first + i] > 0:
            for other in range(count):
                if orders.bond[first + other] == orders.bond[first + i]:
                    work.group[i] |= 1 << other
    work.lost[0] = work.worth[0] = 0
    for subset in range(1, 1 << count):
        low = 0
        while not subset >> low & 1:
            low += 1
        rest = subset & (subset - 1)
        work.lost[subset] = work.lost[rest] + orders.lost[first + low]
        work.worth[subset] = work.worth[rest] + orders.worth[first + low]


@compiled
def may_travel(orders: Orders, order: int, work: Work, subset: int) -> bool:
    """True where the bonds of the lines let this subset be one parcel."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        if subset >> i & 1:
            if work.group[i] & ~subset:
                return False
            if orders.bond[first + i] == ALONE and subset != 1 << i:
                return False
    return True


@compiled
def _shut(orders: Orders, order: int, work: Work, on: bool) -> None:
    """Mark the nodes that are shut to lines of the order, or wipe the marks."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        for at in range(orders.shut_start[first + i], orders.shut_start[first + i + 1]):
            node = orders.shut_node[at]
            work.shut[node] = work.shut[node] | 1 << i if on else 0
    for ban in range(work.bans[0]):
        node = work.bans[1 + 2 * ban]
        work.shut[node] = work.shut[node] | work.bans[2 + 2 * ban] if on else 0


@compiled
def row_cost(net: Network, orders: Orders, book: Book, asking: bool, row: int, units: int, work: Work) -> int:
    """What so many units of a row cost now, whether holders may go out for them or not."""
    if units == 1:
        return book.row_ask[row] if asking else book.row_free[row]
    if asking:
        return units_ask(net, orders, book, row, units, work.out)[0]
    return units_free(net, book, row, units)


def _parcels_by_loops(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> None:
    weigh(net, orders, order, work)
    asks = orders.asks[order]
    first = orders.start[order]
    count = orders.start[order + 1] - first
    zone, profile = net.zone[orders.zip[order]], orders.profile[order]
    rows = book.row_ask if asking else book.row_free
    slots = book.node_ask if asking else book.node_free
    for subset in range(1, 1 << count):
        work.best[subset], work.second[subset], work.node[subset] = CLOSED, CLOSED, -1
    if count == 1 and asks & UNITS == 0:
        sku, pounds, handling = orders.sku[first], work.pounds[1], work.handling[profile]
        best, second, at = CLOSED, CLOSED, -1
        if len(net.tariff) == 1:
            table = net.tariff[0]
            for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
                node = net.row_node[row]
                cost = rows[row] + slots[node] + handling[node] + table[zone[node], pounds]
                if cost < best:
                    best, second, at = cost, best, row
                elif cost < second:
                    second = cost
        else:
            lane = net.lane[profile]
            for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
                node = net.row_node[row]
                cost = rows[row] + slots[node] + handling[node] + net.tariff[lane[node], zone[node], pounds]
                if cost < best:
                    best, second, at = cost, best, row
                elif cost < second:
                    second = cost
        work.best[1], work.second[1] = best, second
        if at >= 0:
            work.node[1] = net.row_node[at]
            work.line_row[net.row_node[at], 0] = at
        return
    special = asks & UNITS > 0 or work.bans[0] > 0
    if special:
        _shut(orders, order, work, True)
    found = 0
    for i in range(count):
        sku, units = orders.sku[first + i], orders.quantity[first + i]
        for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
            node = net.row_node[row]
            if special:
                if work.shut[node] >> i & 1:
                    continue
                cost = row_cost(net, orders, book, asking, row, units, work)
            else:
                cost = rows[row]
            if cost >= CLOSED:
                continue
            if work.mask[node] == 0:
                work.nodes[found] = node
                found += 1
            work.mask[node] |= 1 << i
            work.line_cost[node, i] = cost + net.line_fee[node] * units
            work.line_row[node, i] = row
    for each in range(found):
        node = work.nodes[each]
        mask, zoned = work.mask[node], net.tariff[net.lane[profile, node], zone[node]]
        fee = net.fee[profile, node] + slots[node]
        work.mask[node] = 0
        subset = mask if fee < CLOSED else 0
        while subset:
            cost = fee + zoned[work.pounds[subset]]
            for i in range(count):
                if subset >> i & 1:
                    cost += work.line_cost[node, i]
            if asks & TWINS:
                cost += _twins(net, orders, order, book, asking, node, subset, work)
            if asks & BONDS and not may_travel(orders, order, work, subset):
                cost = NEVER
            if cost < work.best[subset] or (cost == work.best[subset] and node < work.node[subset]):
                work.second[subset] = work.best[subset]
                work.best[subset], work.node[subset] = cost, node
            elif cost < work.second[subset]:
                work.second[subset] = cost
            subset = (subset - 1) & mask
    if special:
        _shut(orders, order, work, False)


@compiled
def _twins(
    net: Network, orders: Orders, order: int, book: Book, asking: bool, node: int, subset: int, work: Work
) -> int:
    """What lines of one SKU cost together beyond what each of them would by itself."""
    first = orders.start[order]
    count, more = orders.start[order + 1] - first, 0
    for i in range(count):
        if not subset >> i & 1:
            continue
        units, apart, lowest = 0, 0, True
        for other in range(count):
            if subset >> other & 1 and orders.sku[first + other] == orders.sku[first + i]:
                lowest = lowest and other >= i
                units += orders.quantity[first + other]
                apart += work.line_cost[node, other]
        if lowest and units > orders.quantity[first + i]:
            row = work.line_row[node, i]
            more += row_cost(net, orders, book, asking, row, units, work) + net.line_fee[node] * units - apart
    return more


def _parcels_by_arrays(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> None:
    weigh(net, orders, order, work)
    asks = orders.asks[order]
    first = orders.start[order]
    count, profile = orders.start[order + 1] - first, orders.profile[order]
    unit_cost, slots = (book.row_ask, book.node_ask) if asking else (book.row_free, book.node_free)
    slices = [slice(net.sku_start[sku], net.sku_start[sku + 1]) for sku in orders.sku[first : first + count]]
    held_at = [net.row_node[rows] for rows in slices]
    nodes = held_at[0] if count == 1 else np.unique(np.concatenate(held_at))
    cost = np.full((count, len(nodes)), NEVER, np.int64)
    special = asks & UNITS > 0 or work.bans[0] > 0
    if special:
        _shut(orders, order, work, True)
    for i, rows in enumerate(slices):
        units = int(orders.quantity[first + i])
        if special:
            mine = np.array(
                [row_cost(net, orders, book, asking, row, units, work) for row in range(rows.start, rows.stop)],
                np.int64,
            )
            mine[work.shut[held_at[i]] >> i & 1 > 0] = NEVER
        else:
            mine = unit_cost[rows]
        at = np.searchsorted(nodes, held_at[i])
        cost[i, at] = np.where(mine < CLOSED, mine + net.line_fee[held_at[i]] * units, NEVER)
        work.line_row[held_at[i], i] = np.arange(rows.start, rows.stop)
    if special:
        _shut(orders, order, work, False)
    zone, lane = net.zone[orders.zip[order], nodes], net.lane[profile, nodes]
    fee = net.fee[profile, nodes] + slots[nodes]
    for subset in range(1, 1 << count):
        work.best[subset] = work.second[subset] = CLOSED
        work.node[subset] = -1
        if not len(nodes) or (asks & BONDS and not may_travel(orders, order, work, subset)):
            continue
        held = cost[[i for i in range(count) if subset >> i & 1]]
        parcel = fee + net.tariff[lane, zone, work.pounds[subset]] + held.sum(axis=0)
        shut = (held.max(axis=0) >= CLOSED) | (fee >= CLOSED)
        if asks & TWINS:
            for each in np.flatnonzero(~shut):
                work.line_cost[nodes[each], :count] = cost[:, each]
                parcel[each] += _twins(net, orders, order, book, asking, nodes[each], subset, work)
        parcel[shut] = NEVER
        least = int(parcel.argmin())  # the lower node wins a tie
        if parcel[least] < CLOSED:
            work.best[subset], work.node[subset] = parcel[least], nodes[least]
            parcel[least] = NEVER
            work.second[subset] = min(parcel.min(), CLOSED)


parcels = by_kernel(_parcels_by_loops, _parcels_by_arrays)
