"""What both kernels ask of a parcel: what its lines weigh and lose, what may travel together, what a row gives."""

import numpy as np

from orders.routing.batch import ALONE, Network, Orders
from orders.routing.book import Book, units_ask, units_free
from orders.routing.kernel import any_flag, compiled
from orders.routing.work import Work

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
def shut(orders: Orders, order: int, work: Work, on: bool) -> None:
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
def twins(
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
