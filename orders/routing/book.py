"""Who holds what: units of stock rows and slots of nodes, each holder with a bid, the lowest bid on top.

A row has two prices for who is not in it. `row_free` is the true cost of its next unit: what is left is taken in the
order of its value. `row_ask` may be less: the place of the holder who would lose least elsewhere. A node has the same
two, for a slot (beside its fee, which is the order's own). Holders are lines with all their units, the lowest bid per
unit on top; a parcel is known by its first line, its head. All heaps lie in one array each, at the offsets of the units
or slots that they are about.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import MOST_LINES, NEVER, TWINS, Ints, Network, Orders
from orders.routing.kernel import any_flag, compiled, inlined

ROW, HEAD = (
    0,
    1,
)  # of a plan of one order, int64[2, MOST_LINES]: the row of each line (-1: none), its parcel's first line
MOST_OUT = 16  # holders that one line of several units may put out
ASKING, AT_COST = any_flag(True), any_flag(False)  # at asks, where holders may go out, or at the cost of what is free
FOR_SLOT, FOR_UNITS = any_flag(True), any_flag(False)  # what holders have to go for


class Book(NamedTuple):
    """The state of a plan for all orders."""

    line_row: Ints  # int64[M]: the row that serves a line, -1 for none
    line_head: Ints  # int8[M]: which line of its order stands for its parcel
    row_taken: Ints  # int32[R]: units
    row_held: Ints  # int32[R]: lines
    row_heap: Ints
    row_place: Ints  # int32[M]: where a line stands in its row's heap
    row_bid: Ints  # int64[M]
    row_key: Ints  # int64[M]: its bid per unit; the same array where every line is of one unit
    row_free: Ints  # int64[R]
    row_ask: Ints
    node_start: Ints  # int64[N + 1]: offsets of the slots
    node_taken: Ints
    node_heap: Ints
    node_place: Ints
    node_bid: Ints
    node_free: Ints  # int64[N]
    node_ask: Ints
    unit_sum: Ints  # int64[units + 1]: of the values before each unit; empty where every line is of one unit
    front: Ints  # room to walk a heap


def empty_book(net: Network, orders: Orders) -> Book:
    """Nothing is given to anybody."""
    lines, rows, nodes = len(orders.sku), len(net.row_node), len(net.line_fee)
    first, units = net.unit_start[:-1], len(net.unit_value)
    value = net.unit_value[np.minimum(first, units - 1)] if units else first
    row = np.where(net.row_quantity > 0, value, NEVER).astype(np.int64)
    node = np.where(net.capacity > 0, 0, NEVER).astype(np.int64)
    start = np.concatenate(([0], np.cumsum(net.capacity, dtype=np.int64)))
    bid, single = np.zeros(lines, np.int64), has_single_units(orders)
    return Book(
        line_row=np.full(lines, -1, np.int64), line_head=np.full(lines, -1, np.int8),
        row_taken=np.zeros(rows, np.int32), row_held=np.zeros(rows, np.int32),
        row_heap=np.zeros(units, np.int32), row_place=np.zeros(lines, np.int32),
        row_bid=bid, row_key=bid if single else bid.copy(), row_free=row, row_ask=row.copy(),
        node_start=start, node_taken=np.zeros(nodes, np.int32), node_heap=np.zeros(int(start[-1]), np.int32),
        node_place=np.zeros(lines, np.int32), node_bid=np.zeros(lines, np.int64), node_free=node, node_ask=node.copy(),
        unit_sum=np.zeros(0, np.int64) if single else unit_sums(net),
        front=np.zeros(2 * MOST_OUT + 2, np.int64),
    )  # fmt: skip


def unit_sums(net: Network) -> Ints:
    """int64[units + 1]: the values of all units before each."""
    return np.concatenate(([0], np.cumsum(net.unit_value, dtype=np.int64)))


def has_single_units(orders: Orders) -> bool:
    """True where no order wants two units of a SKU: then prices by the unit are all that is needed."""
    return not (orders.quantity != 1).any() and not (orders.asks & TWINS).any()


@inlined
def _less(bid: Ints, a: int, b: int) -> bool:
    return bid[a] < bid[b] or (bid[a] == bid[b] and a < b)


@compiled
def _up(heap: Ints, place: Ints, bid: Ints, start: int, i: int) -> None:
    while i > 0:
        parent = (i - 1) >> 1
        a, b = heap[start + i], heap[start + parent]
        if not _less(bid, a, b):
            break
        heap[start + i], heap[start + parent] = b, a
        place[a], place[b] = parent, i
        i = parent


@compiled
def _down(heap: Ints, place: Ints, bid: Ints, start: int, i: int, n: int) -> None:
    while 2 * i + 1 < n:
        child = 2 * i + 1
        if child + 1 < n and _less(bid, heap[start + child + 1], heap[start + child]):
            child += 1
        a, b = heap[start + i], heap[start + child]
        if not _less(bid, b, a):
            break
        heap[start + i], heap[start + child] = b, a
        place[a], place[b] = child, i
        i = child


@compiled
def _push(heap: Ints, place: Ints, bid: Ints, start: int, n: int, line: int) -> None:
    heap[start + n] = line
    place[line] = n
    _up(heap, place, bid, start, n)


@compiled
def _drop(heap: Ints, place: Ints, bid: Ints, start: int, n: int, line: int) -> None:
    i, last = place[line], heap[start + n - 1]
    if last != line:
        heap[start + i] = last
        place[last] = i
        _up(heap, place, bid, start, i)
        _down(heap, place, bid, start, place[last], n - 1)


@inlined
def price_row(net: Network, orders: Orders, book: Book, row: int) -> None:
    """Write what one unit of the row costs now."""
    taken, start = book.row_taken[row], net.unit_start[row]
    free = net.unit_value[start + taken] if taken < net.row_quantity[row] else NEVER
    ask = free
    if taken > 0:
        lowest = book.row_heap[start]
        instead = net.unit_value[start + taken - orders.quantity[lowest]] + book.row_bid[lowest]
        ask = min(ask, instead)
    book.row_free[row], book.row_ask[row] = free, ask


@compiled
def units_free(net: Network, book: Book, row: int, units: int) -> int:
    """What the next units of the row are worth, NEVER where there are not so many."""
    taken = book.row_taken[row]
    if taken + units > net.row_quantity[row]:
        return NEVER
    start = net.unit_start[row] + taken
    return book.unit_sum[start + units] - book.unit_sum[start]


@compiled
def units_ask(net: Network, orders: Orders, book: Book, row: int, units: int, out: Ints) -> tuple[int, int]:
    """What so many units of the row cost where holders may go out for them, and how many do; `out` gets their lines."""
    cost, count = units_free(net, book, row, units), 0
    start, taken, held, front = net.unit_start[row], book.row_taken[row], book.row_held[row], book.front
    size, freed, bids = min(held, 1), 0, 0
    front[0] = 0
    for k in range(MOST_OUT):
        if size == 0 or freed >= units:
            break
        at = 0
        for other in range(1, size):
            if _less(book.row_key, book.row_heap[start + front[other]], book.row_heap[start + front[at]]):
                at = other
        place = front[at]
        size -= 1
        front[at] = front[size]
        for child in range(2 * place + 1, min(2 * place + 3, held)):
            front[size] = child
            size += 1
        line = book.row_heap[start + place]
        out[k] = line
        freed += orders.quantity[line]
        bids += book.row_bid[line]
        if taken - freed + units <= net.row_quantity[row]:
            first = start + taken - freed
            instead = book.unit_sum[first + units] - book.unit_sum[first] + bids
            if instead < cost:
                cost, count = instead, k + 1
    return cost, count


@inlined
def price_node(net: Network, book: Book, node: int) -> None:
    """Write what a slot of the node costs now."""
    if book.node_taken[node] < net.capacity[node]:
        book.node_free[node] = book.node_ask[node] = 0
        return
    book.node_free[node] = NEVER
    if net.capacity[node] > 0:
        book.node_ask[node] = book.node_bid[book.node_heap[book.node_start[node]]]


@compiled
def take_out(net: Network, orders: Orders, book: Book, order: int, old: Ints) -> None:
    """Free whatever the order holds; `old` gets its plan."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        line = first + i
        row, head = book.line_row[line], book.line_head[line]
        old[ROW, i], old[HEAD, i] = row, head
        if row < 0:
            continue
        book.line_row[line] = book.line_head[line] = -1
        node = net.row_node[row]
        _drop(book.row_heap, book.row_place, book.row_key, net.unit_start[row], book.row_held[row], line)
        book.row_held[row] -= 1
        book.row_taken[row] -= orders.quantity[line]
        price_row(net, orders, book, row)
        if head == i:
            _drop(book.node_heap, book.node_place, book.node_bid, book.node_start[node], book.node_taken[node], line)
            book.node_taken[node] -= 1
            price_node(net, book, node)


@compiled
def put_in(net: Network, orders: Orders, book: Book, order: int, plan: Ints, row_bids: Ints, node_bids: Ints) -> None:
    """Give the order its plan, with what it bids for each line's units and for the slot of each parcel."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        row = plan[ROW, i]
        if row < 0:
            continue
        line, node = first + i, net.row_node[row]
        if plan[HEAD, i] == i:
            book.node_bid[line] = node_bids[i]
            _push(book.node_heap, book.node_place, book.node_bid, book.node_start[node], book.node_taken[node], line)
            book.node_taken[node] += 1
            price_node(net, book, node)
        book.row_bid[line] = row_bids[i]
        if orders.quantity[line] > 1:
            book.row_key[line] = row_bids[i] // orders.quantity[line]
        elif len(book.unit_sum):
            book.row_key[line] = row_bids[i]
        _push(book.row_heap, book.row_place, book.row_key, net.unit_start[row], book.row_held[row], line)
        book.row_held[row] += 1
        book.row_taken[row] += orders.quantity[line]
        book.line_row[line], book.line_head[line] = row, plan[HEAD, i]
        price_row(net, orders, book, row)


@compiled
def in_the_way(net: Network, orders: Orders, book: Book, order: int, plan: Ints, i: int, slot: bool, out: Ints) -> int:
    """Who has to go for the slot of the i-th line's parcel, or for its units; `out` gets their lines, returns how many.

    The order is out; what its earlier lines will take counts as taken.
    """
    row = plan[ROW, i]
    if row < 0 or (slot and plan[HEAD, i] != i):
        return 0
    node = net.row_node[row]
    if slot:
        needed = 1
        for other in range(i):
            if plan[ROW, other] >= 0 and plan[HEAD, other] == other and net.row_node[plan[ROW, other]] == node:
                needed += 1
        if book.node_taken[node] == 0 or book.node_taken[node] + needed <= net.capacity[node]:
            return 0
        out[0] = book.node_heap[book.node_start[node]]
        return 1
    units = units_of(orders, order, plan, i)
    if units > 1:
        return units_ask(net, orders, book, row, units, out)[1]
    if book.row_taken[row] > 0 and book.row_ask[row] < book.row_free[row]:
        out[0] = book.row_heap[net.unit_start[row]]
        return 1
    return 0


@inlined
def is_contested(net: Network, book: Book, row: int, lines: int) -> bool:
    """True where somebody may have to go for a unit of the row, or for one of `lines` slots of its node."""
    node = net.row_node[row]
    return book.row_held[row] > 0 or book.node_taken[node] + lines > net.capacity[node]


@inlined
def units_of(orders: Orders, order: int, plan: Ints, i: int) -> int:
    """The units that the order's lines up to the i-th take of its row."""
    first = orders.start[order]
    units = np.int64(0)
    for other in range(i + 1):
        if plan[ROW, other] == plan[ROW, i]:
            units += orders.quantity[first + other]
    return units  # type: ignore[return-value]  # an int64


@compiled
def fits(net: Network, orders: Orders, book: Book, order: int, plan: Ints) -> bool:
    """True where there are units and slots for the plan now (the order is out)."""
    count = orders.start[order + 1] - orders.start[order]
    for i in range(count):
        row = plan[ROW, i]
        if row < 0:
            continue
        if book.row_taken[row] + units_of(orders, order, plan, i) > net.row_quantity[row]:
            return False
        if plan[HEAD, i] == i:
            node, needed = net.row_node[row], 1
            for other in range(i):
                if plan[ROW, other] >= 0 and plan[HEAD, other] == other and net.row_node[plan[ROW, other]] == node:
                    needed += 1
            if book.node_taken[node] + needed > net.capacity[node]:
                return False
    return True


def empty_plan() -> Ints:
    """Room for the plan of one order."""
    return np.full((2, MOST_LINES), -1, np.int64)
