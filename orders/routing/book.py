"""Who holds what: units of stock rows and slots of nodes, each holder with a bid, the lowest bid on top.

A row has two prices for who is not in it. `row_free` is the true cost of its next unit: what is left is taken in the
order of its value. `row_ask` may be less: the place of the holder who would lose least elsewhere. A node has the same
two, for a slot. Holders are lines; a parcel is known by its first line. All heaps lie in one array each, at the offsets
of the units or slots that they are about.
"""

from typing import NamedTuple

import numpy as np

from orders.routing.batch import NEVER, Ints, Network, Orders
from orders.routing.kernel import compiled


class Book(NamedTuple):
    """The state of a plan for all orders."""

    line_row: Ints  # int64[M]: the row that serves a line, -1 for none
    row_taken: Ints
    row_heap: Ints
    row_place: Ints  # int32[M]: where a line stands in its row's heap
    row_bid: Ints  # int64[M]
    row_free: Ints  # int64[R]
    row_ask: Ints
    node_start: Ints  # int64[N + 1]: offsets of the slots
    node_taken: Ints
    node_heap: Ints
    node_place: Ints
    node_bid: Ints
    node_free: Ints  # int64[N]
    node_ask: Ints


def empty_book(net: Network, orders: Orders) -> Book:
    """Nothing is given to anybody."""
    lines, rows, nodes = len(orders.sku), len(net.row_node), len(net.node_fee)
    first = net.unit_start[:-1]
    value = net.unit_value[np.minimum(first, max(len(net.unit_value) - 1, 0))] if len(net.unit_value) else first
    row = np.where(net.row_quantity > 0, value, NEVER).astype(np.int64)
    node = np.where(net.capacity > 0, net.node_fee, NEVER).astype(np.int64)
    start = np.concatenate(([0], np.cumsum(net.capacity, dtype=np.int64)))
    return Book(
        line_row=np.full(lines, -1, np.int64), row_taken=np.zeros(rows, np.int32),
        row_heap=np.zeros(len(net.unit_value), np.int32), row_place=np.zeros(lines, np.int32),
        row_bid=np.zeros(lines, np.int64), row_free=row, row_ask=row.copy(),
        node_start=start, node_taken=np.zeros(nodes, np.int32), node_heap=np.zeros(int(start[-1]), np.int32),
        node_place=np.zeros(lines, np.int32), node_bid=np.zeros(lines, np.int64), node_free=node, node_ask=node.copy(),
    )  # fmt: skip


@compiled
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


@compiled
def price_row(net: Network, book: Book, row: int) -> None:
    """Write what a unit of the row costs now."""
    taken, start = book.row_taken[row], net.unit_start[row]
    free = net.unit_value[start + taken] if taken < net.row_quantity[row] else NEVER
    ask = free
    if taken > 0:
        instead = net.unit_value[start + taken - 1] + book.row_bid[book.row_heap[start]]
        ask = min(ask, instead)
    book.row_free[row], book.row_ask[row] = free, ask


@compiled
def price_node(net: Network, book: Book, node: int) -> None:
    """Write what a slot of the node costs now."""
    if book.node_taken[node] < net.capacity[node]:
        book.node_free[node] = book.node_ask[node] = net.node_fee[node]
        return
    book.node_free[node] = NEVER
    if net.capacity[node] > 0:
        book.node_ask[node] = net.node_fee[node] + book.node_bid[book.node_heap[book.node_start[node]]]


@compiled
def is_first(net: Network, rows: Ints, line: int) -> bool:
    """The first line of its parcel stands for it; `rows` are the rows that serve an order's lines."""
    node = net.row_node[rows[line]]
    for other in range(line):  # noqa: SIM110 - the compiler knows no generators
        if rows[other] >= 0 and net.row_node[rows[other]] == node:
            return False
    return True


@compiled
def take_out(net: Network, orders: Orders, book: Book, order: int, old: Ints) -> None:
    """Free whatever the order holds; `old` gets the rows that served it."""
    first = orders.start[order]
    count = orders.start[order + 1] - first
    for i in range(count):
        old[i] = book.line_row[first + i]
        book.line_row[first + i] = -1
    for i in range(count):
        row = old[i]
        if row < 0:
            continue
        line, node = first + i, net.row_node[row]
        _drop(book.row_heap, book.row_place, book.row_bid, net.unit_start[row], book.row_taken[row], line)
        book.row_taken[row] -= 1
        price_row(net, book, row)
        if is_first(net, old, i):
            _drop(book.node_heap, book.node_place, book.node_bid, book.node_start[node], book.node_taken[node], line)
            book.node_taken[node] -= 1
            price_node(net, book, node)


@compiled
def put_in(net: Network, orders: Orders, book: Book, order: int, rows: Ints, row_bids: Ints, node_bids: Ints) -> None:
    """Give the order these rows, with what it bids for each and for the slot of each parcel."""
    first = orders.start[order]
    for i in range(orders.start[order + 1] - first):
        row = rows[i]
        if row < 0:
            continue
        line, node = first + i, net.row_node[row]
        if is_first(net, rows, i):
            book.node_bid[line] = node_bids[i]
            _push(book.node_heap, book.node_place, book.node_bid, book.node_start[node], book.node_taken[node], line)
            book.node_taken[node] += 1
            price_node(net, book, node)
        book.row_bid[line] = row_bids[i]
        _push(book.row_heap, book.row_place, book.row_bid, net.unit_start[row], book.row_taken[row], line)
        book.row_taken[row] += 1
        book.line_row[line] = row
        price_row(net, book, row)


@compiled
def lowest_at_row(net: Network, book: Book, row: int) -> int:
    """The line that loses its unit of the row to the next one, or -1 where the next one takes a free unit."""
    if book.row_taken[row] > 0 and book.row_ask[row] < book.row_free[row]:
        return book.row_heap[net.unit_start[row]]
    return -1


@compiled
def lowest_at_node(net: Network, book: Book, node: int) -> int:
    """The parcel that loses its slot to the next one, or -1 where a slot is free."""
    if book.node_taken[node] >= net.capacity[node]:
        return book.node_heap[book.node_start[node]]
    return -1
