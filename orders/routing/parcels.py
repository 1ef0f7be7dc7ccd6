"""The cheapest parcel for each subset of an order's lines, over all nodes, and the runner-up from another node.

For each node and each subset of lines that it holds, a parcel costs its fee and slot, the tariff of the subset's
weight and its lines: the next units of their rows and the handling of each unit. What is shut to a line, what may not
travel together and what nobody sends has no parcel.
"""

import numpy as np

from orders.routing.batch import ALONE, BONDS, CLOSED, NEVER, TWINS, UNITS, Ints, Network, Orders
from orders.routing.book import Book, units_ask, units_free
from orders.routing.kernel import any_flag, by_kernel, compiled, counted, woven
from orders.routing.work import Work

ZERO, ONE = counted(0), counted(1)
SHUT, WIPED = any_flag(True), any_flag(False)


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
        terms(orders, order, work)


@compiled
def terms(orders: Orders, order: int, work: Work) -> None:
    """Write what each subset loses and is worth, and which lines are left out together."""
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
    asks = orders.asks[order]
    weigh(net, orders, order, work)
    first = orders.start[order]
    count = orders.start[order + 1] - first
    for subset in range(1, 1 << count):
        work.best[subset], work.second[subset], work.node[subset] = CLOSED, CLOSED, -1
    if asks & (UNITS | BONDS) or work.bans[0] > 0:
        _asking(net, orders, order, book, asking, work)
        return
    rows = book.row_ask if asking else book.row_free
    slots = book.node_ask if asking else book.node_free
    _together(net, orders, order, slots, work, _by_itself(net, orders, order, rows, slots, work))


@woven
def _by_itself(net: Network, orders: Orders, order: int, rows: Ints, slots: Ints, work: Work) -> int:
    """One unit of each line, from anywhere, in a parcel of its own; returns how many nodes have several lines."""
    first, profile = orders.start[order], orders.profile[order]
    count, zone = orders.start[order + 1] - first, net.zone[orders.zip[order]]
    fee, lane, one_table, mask = net.fee[profile], net.lane[profile], len(net.tariff) == 1, work.mask
    several, table = ZERO, net.tariff[0]
    if count > 1:
        for at in range(np.uint64(len(mask))):
            mask[at] = 0
    for i in range(count):
        sku, bit, pounds, costs = orders.sku[first + i], 1 << i, work.pounds[1 << i], work.line_cost[i]
        best, second, best_at = CLOSED, CLOSED, ZERO
        for row in range(np.uint64(net.sku_start[sku]), np.uint64(net.sku_start[sku + 1])):
            node = np.uint64(net.row_node[row])
            cost = rows[row] + net.line_fee[node]
            if count > 1:
                held = mask[node]
                costs[node] = cost
                mask[node] = held | bit
                work.nodes[several] = node
                several += ONE if held and held & (held - 1) == 0 else ZERO
            cost += fee[node] + slots[node]
            if one_table:
                cost += table[np.uint64(zone[node]), pounds]
            else:
                cost += net.tariff[lane[node], np.uint64(zone[node]), pounds]
            if cost < best:
                best, second, best_at = cost, best, row
            elif cost < second:
                second = cost
        work.best[bit], work.second[bit] = best, second
        if best < CLOSED:
            work.node[bit] = net.row_node[best_at]
    return several


@woven
def _together(net: Network, orders: Orders, order: int, slots: Ints, work: Work, several: int) -> None:
    """What travels in one parcel from the nodes that have several lines."""
    zone, profile = net.zone[orders.zip[order]], orders.profile[order]
    fee, lane, one_table = net.fee[profile], net.lane[profile], len(net.tariff) == 1
    sums, low, carriage, line_cost = work.sums, work.low, work.carriage, work.line_cost
    best, second, at_node = work.best, work.second, work.node
    if one_table and several:
        for at in range(net.tariff.shape[1]):
            for subset in range(1, 1 << (orders.start[order + 1] - orders.start[order])):
                carriage[at, subset] = net.tariff[0, at, work.pounds[subset]]
    for each in range(several):
        node = np.uint64(work.nodes[each])
        held, where = np.uint64(work.mask[node]), np.uint64(zone[node])
        sums[0] = fee[node] + slots[node]
        lines = (~held + ONE) & held
        while lines:
            rest = lines & (lines - ONE)
            cost = sums[rest] + line_cost[np.uint64(low[lines]), node]
            sums[lines] = cost
            if rest:
                if one_table:
                    cost += carriage[where, lines]
                else:
                    cost += net.tariff[lane[node], where, work.pounds[lines]]
                if cost < second[lines]:
                    if cost < best[lines] or (cost == best[lines] and node < np.uint64(at_node[lines])):
                        second[lines] = best[lines]
                        best[lines], at_node[lines] = cost, node
                    else:
                        second[lines] = cost
                elif cost == best[lines] and node < np.uint64(at_node[lines]):
                    at_node[lines] = node
            lines = (lines - held) & held


@woven
def _asking(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> None:
    """Several units of a line, nodes that are shut to some, lines of one SKU, bonds."""
    slots = book.node_ask if asking else book.node_free
    asks, zone, profile = orders.asks[order], net.zone[orders.zip[order]], orders.profile[order]
    found = _gather(net, orders, order, book, asking, work)
    sums, low = work.sums, work.low
    bests, seconds, at_node, costs = work.best, work.second, work.node, work.line_cost
    for each in range(found):
        node = work.nodes[each]
        mask, fee = np.int64(work.mask[node]), net.fee[profile, node] + slots[node]
        if fee >= CLOSED:
            continue
        sums[0] = fee
        subset = -mask & mask
        while subset:
            cost = sums[subset & (subset - 1)] + costs[low[subset], node]
            sums[subset] = cost
            cost += net.tariff[net.lane[profile, node], zone[node], work.pounds[subset]]
            if asks & TWINS:
                cost += _twins(net, orders, order, book, asking, node, subset, work)
            if asks & BONDS and not may_travel(orders, order, work, subset):
                cost = NEVER
            if cost < bests[subset] or (cost == bests[subset] and node < at_node[subset]):
                seconds[subset] = bests[subset]
                bests[subset], at_node[subset] = cost, node
            elif cost < seconds[subset]:
                seconds[subset] = cost
            subset = (subset - mask) & mask


@compiled
def row_at(net: Network, sku: int, node: int) -> int:
    """The row of a SKU at a node, -1 where it has none."""
    low, stop = net.sku_start[sku], net.sku_start[sku + 1]
    high = stop
    while low < high:
        middle = (low + high) // 2
        if net.row_node[middle] < node:
            low = middle + 1
        else:
            high = middle
    return low if low < stop and net.row_node[low] == node else -1


@compiled
def _gather(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> int:
    """Write what each line costs at each node that has it and is not shut to it; returns how many nodes there are."""
    first = orders.start[order]
    _shut(orders, order, work, SHUT)
    found, mask = 0, work.mask
    for node in range(len(mask)):
        mask[node] = 0
    for i in range(orders.start[order + 1] - first):
        sku, units = orders.sku[first + i], np.int64(orders.quantity[first + i])
        costs, bit = work.line_cost[i], 1 << i
        for row in range(net.sku_start[sku], net.sku_start[sku + 1]):
            node = net.row_node[row]
            if work.shut[node] & bit:
                continue
            cost = row_cost(net, orders, book, asking, row, units, work)
            if cost >= CLOSED:
                continue
            work.nodes[found] = node
            found += mask[node] == 0
            mask[node] |= bit
            costs[node] = cost + net.line_fee[node] * units
    _shut(orders, order, work, WIPED)
    return found


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
        units, apart, lowest = np.int64(0), 0, True
        for other in range(count):
            if subset >> other & 1 and orders.sku[first + other] == orders.sku[first + i]:
                lowest = lowest and other >= i
                units += orders.quantity[first + other]
                apart += work.line_cost[other, node]
        if lowest and units > orders.quantity[first + i]:
            row = row_at(net, orders.sku[first + i], node)
            more += row_cost(net, orders, book, asking, row, units, work) + net.line_fee[node] * units - apart
    return more


def _parcels_by_arrays(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> None:
    weigh(net, orders, order, work)
    asks, first, profile = orders.asks[order], orders.start[order], orders.profile[order]
    count, zone = int(orders.start[order + 1] - first), net.zone[orders.zip[order]]
    fee, lane = net.fee[profile] + (book.node_ask if asking else book.node_free), net.lane[profile]
    special = asks & UNITS > 0 or work.bans[0] > 0
    line_cost = np.full((count, len(fee)), NEVER, np.int64)
    for subset in range(1, 1 << count):
        work.best[subset], work.second[subset], work.node[subset] = CLOSED, CLOSED, -1
    if special:
        _shut(orders, order, work, SHUT)
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
        _shut(orders, order, work, WIPED)
    if count > 1:
        _together_by_arrays(net, orders, order, book, asking, work, fee, line_cost)


def _together_by_arrays(
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
                parcel[at] += _twins(net, orders, order, book, asking, nodes[at], subset, work)
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


parcels = by_kernel(_parcels_by_loops, _parcels_by_arrays)
