"""Plan a batch of orders together; arrays in, the node of each line out."""

from typing import NamedTuple

import numpy as np

from orders.routing.auction import PATIENCE as SHORT
from orders.routing.auction import STEP, auction, exchange, resweep
from orders.routing.batch import MOST_LINES, Ints, Network, Orders
from orders.routing.book import Book, empty_book
from orders.routing.bound import ascend
from orders.routing.futures import pick
from orders.routing.prices import Prices, at_prices, priced_view
from orders.routing.pricing import Work, room
from orders.routing.search import EFFORT, search
from orders.routing.turns import in_first_sequence, turns

MOST_SEARCHED = 1_000  # orders
PATIENCE = 200  # bids of an order of a larger batch before its step grows: wars that end early end in a wrong place
COARSE = 5_000  # the step of a larger batch's first auction, which shows what is scarce
MOST_PRICED = 50_000  # orders; more of them keep the plan of the first auction, for their prices would take too long
PRICING_STEPS, PUSH = 40, 16_000  # of the ascent to these prices
MOST_EXCHANGES = 4  # rounds; they end by themselves once nothing is gained


class Decided(NamedTuple):
    """The node that ships each line (-1: nobody) with which first line of its parcel, and how much work that was."""

    node: Ints  # int32[M]
    parcel: Ints  # int64[M]: lines of one parcel have the same, -1 for none
    book: Book
    row_price: Ints  # int64[R]: of a unit with its value: what it was bid from, or its ask at the end of the auction
    node_price: Ints  # int64[N]: of a slot
    bids: int
    moved: int
    chains: int


def plan_batch(net: Network, orders: Orders, *, effort: int = EFFORT) -> Decided:
    """The plan of all orders together. The same orders get the same plan, in whatever sequence they come, on either
    kernel; where everything is scarce, a nearer one with more `effort` (tries for each order). Raises ValueError where
    an order has more lines than go together (`plan_order` takes those apart)."""
    if np.diff(orders.start).max(initial=0) > MOST_LINES:
        raise ValueError(f"At most {MOST_LINES} lines of an order go together.")
    turn = turns(orders)
    turned = pick(orders, turn)
    book, work = empty_book(net, turned), room(net)
    count = len(turn)
    everyone = np.arange(count, dtype=np.int64)
    step, patience = (STEP, SHORT) if count <= MOST_SEARCHED else (COARSE, PATIENCE)
    bids = auction(net, turned, book, work, everyone, step, patience)
    row_price, node_price = book.row_ask.copy(), book.node_ask.copy()
    if MOST_SEARCHED < count <= MOST_PRICED:
        found = ascend(net, turned, row_price, node_price, steps=PRICING_STEPS, push=PUSH)
        row_price, node_price = found.row_price, found.node_price
        book, more = _bid_from(net, turned, work, row_price, node_price)
        bids += more
    moved, chains = resweep(net, turned, book, work), 0
    for _ in range(MOST_EXCHANGES if count <= MOST_PRICED else 0):
        taken = exchange(net, turned, book, work)
        chains += taken
        if taken * 1000 < count:
            break
    if count <= MOST_SEARCHED and search(net, turned, book, work, row_price, node_price, effort):
        moved += resweep(net, turned, book, work)
    book = in_first_sequence(net, orders, turned, book, turn)
    row = book.line_row
    node = np.where(row >= 0, net.row_node[row], -1).astype(np.int32)
    parcel = np.where(row >= 0, orders.start[orders.of_line] + book.line_head, -1)
    return Decided(node, parcel, book, row_price, node_price, bids, moved, chains)


def _bid_from(net: Network, orders: Orders, work: Work, row_price: Ints, node_price: Ints) -> tuple[Book, int]:
    """An auction in which everything that is left costs its price already; the bids say who gets what several want at
    these prices. Returns the book at true cost, and how many bids that took."""
    dearer = at_prices(net, Prices(row_price, node_price))
    book = empty_book(dearer, orders)
    everyone = np.arange(len(orders.start) - 1, dtype=np.int64)
    bids = auction(dearer, orders, book, work, everyone, STEP, PATIENCE)
    return priced_view(net, orders, book), bids
