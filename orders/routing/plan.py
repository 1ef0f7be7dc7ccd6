"""Plan a batch of orders together; arrays in, the node of each line out."""

from typing import NamedTuple

import numpy as np

from orders.routing.auction import auction, exchange, resweep
from orders.routing.batch import MOST_LINES, Ints, Network, Orders
from orders.routing.book import Book, empty_book
from orders.routing.pricing import room

MOST_EXCHANGES = 4  # rounds; they end by themselves once nothing is gained


class Decided(NamedTuple):
    """The node that ships each line (-1: nobody) with which first line of its parcel, and how much work that was."""

    node: Ints  # int32[M]
    parcel: Ints  # int64[M]: lines of one parcel have the same, -1 for none
    book: Book
    row_price: Ints  # int64[R]: asks at the end of the auction, of a unit with its value
    node_price: Ints  # int64[N]: of a slot
    bids: int
    moved: int
    chains: int


def plan_batch(net: Network, orders: Orders) -> Decided:
    """The plan of all orders together. The same input gives the same plan, on either kernel. Raises ValueError where an
    order has more lines than go together (`plan_order` takes those apart)."""
    if np.diff(orders.start).max(initial=0) > MOST_LINES:
        raise ValueError(f"At most {MOST_LINES} lines of an order go together.")
    book, work = empty_book(net, orders), room(net)
    count = len(orders.start) - 1
    bids = auction(net, orders, book, work, np.arange(count, dtype=np.int64))
    row_price, node_price = book.row_ask.copy(), book.node_ask.copy()
    moved, chains = resweep(net, orders, book, work), 0
    for _ in range(MOST_EXCHANGES):
        taken = exchange(net, orders, book, work)
        chains += taken
        if taken * 1000 < count:
            break
    row = book.line_row
    node = np.where(row >= 0, net.row_node[row], -1).astype(np.int32)
    parcel = np.where(row >= 0, orders.start[orders.of_line] + book.line_head, -1)
    return Decided(node, parcel, book, row_price, node_price, bids, moved, chains)
