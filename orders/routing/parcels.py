"""The cheapest parcel for each subset of an order's lines, over all nodes, and the runner-up from another node.

For each node and each subset of lines that it holds, a parcel costs its fee and slot, the tariff of the subset's
weight and its lines: the next units of their rows and the handling of each unit. What is shut to a line, what may not
travel together and what nobody sends has no parcel.
"""

import numpy as np

from orders.routing.batch import BONDS, CLOSED, NEVER, TWINS, UNITS, Ints, Network, Orders
from orders.routing.book import Book
from orders.routing.kernel import by_kernel, compiled, counted, woven
from orders.routing.parcel_terms import SHUT, WIPED, may_travel, row_cost, shut, twins, weigh
from orders.routing.parcels_by_arrays import parcels_by_arrays
from orders.routing.work import Work

ZERO, ONE = counted(0), counted(1)


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
                cost += twins(net, orders, order, book, asking, node, subset, work)
            if asks & BONDS and not may_travel(orders, order, work, subset):
                cost = NEVER
            if cost < bests[subset] or (cost == bests[subset] and node < at_node[subset]):
                seconds[subset] = bests[subset]
                bests[subset], at_node[subset] = cost, node
            elif cost < seconds[subset]:
                seconds[subset] = cost
            subset = (subset - mask) & mask


@compiled
def _gather(net: Network, orders: Orders, order: int, book: Book, asking: bool, work: Work) -> int:
    """Write what each line costs at each node that has it and is not shut to it; returns how many nodes there are."""
    first = orders.start[order]
    shut(orders, order, work, SHUT)
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
    shut(orders, order, work, WIPED)
    return found


parcels = by_kernel(_parcels_by_loops, parcels_by_arrays)
