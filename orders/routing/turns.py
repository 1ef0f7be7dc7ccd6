"""In which sequence a batch is planned: by what the orders ask, so that the plan does not depend on how they came.

Orders that ask the very same stay in the sequence in which they came; which of them gets what costs the same.
"""

import numpy as np
from numpy.typing import NDArray

from orders.routing.batch import MOST_LINES, Ints, Network, Orders
from orders.routing.book import HEAD, ROW, Book, empty_book, empty_plan, put_in
from orders.routing.kernel import compiled

Bits = NDArray[np.uint64]
OF_LINE = ("sku", "quantity", "pounds", "size_pounds", "lost", "worth", "bond")
OF_ORDER = ("zip", "profile", "most", "least", "split")


def turns(orders: Orders) -> Ints:
    """int64[O]: the positions of the orders, in the sequence in which they are planned."""
    lines = _mixed(np.zeros(len(orders.sku), np.uint64), [getattr(orders, name) for name in OF_LINE])
    shut = np.zeros(len(lines), np.uint64)
    line_of_shut = np.repeat(np.arange(len(lines)), np.diff(orders.shut_start))
    np.add.at(shut, line_of_shut, _mixed(np.zeros(len(line_of_shut), np.uint64), [orders.shut_node]))
    place = np.arange(len(lines)) - orders.start[orders.of_line]
    whole = np.zeros(len(orders.start) - 1, np.uint64)
    np.add.at(whole, orders.of_line, _mixed(lines, [shut, place]))
    return np.argsort(_mixed(whole, [getattr(orders, name) for name in OF_ORDER]), kind="stable")


def _mixed(bits: Bits, columns: list[Ints]) -> Bits:
    """Each number with those of the columns stirred in (the finalizer of MurmurHash3; Appleby)."""
    for column in columns:
        more = np.ascontiguousarray(column, column.dtype if column.dtype == np.float64 else np.int64).view(np.uint64)
        bits = (bits ^ more) * np.uint64(0xFF51AFD7ED558CCD)
        bits = (bits ^ (bits >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
        bits ^= bits >> np.uint64(33)
    return bits


def in_first_sequence(net: Network, orders: Orders, turned: Orders, book: Book, turn: Ints) -> Book:
    """The book of the `turned` orders as one of the orders as they came."""
    came = empty_book(net, orders)
    bids = np.zeros((2, MOST_LINES), np.int64)
    _carry_over(net, orders, turned, book, came, turn, empty_plan(), bids[0], bids[1])
    return came


@compiled
def _carry_over(
    net: Network, orders: Orders, turned: Orders, book: Book, came: Book, turn: Ints, plan: Ints, row_bids: Ints,
    node_bids: Ints,
) -> None:  # fmt: skip
    for at in range(len(turn)):
        first = turned.start[at]
        for i in range(turned.start[at + 1] - first):
            plan[ROW, i], plan[HEAD, i] = book.line_row[first + i], book.line_head[first + i]
            row_bids[i], node_bids[i] = book.row_bid[first + i], book.node_bid[first + i]
        put_in(net, orders, came, turn[at], plan, row_bids, node_bids)
