"""What units and slots are worth to orders that nobody has placed yet, and decisions in turn at these prices.

A few simulated days (`futures.py`) are auctioned; what a unit of a row and a slot of a node cost at their end is
averaged. Who decides at these prices leaves to a later order what that one needs more. A price is no part of what a
plan costs: plans are chosen by it and billed without. It may move a paid order, never leave it unserved (`in_turn`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from orders.routing.auction import auction
from orders.routing.batch import CLOSED, MOST_LINES, NEVER, UNIT, Ints, Network, Orders
from orders.routing.book import AT_COST, ROW, Book, empty_book, empty_plan, price_node, price_row, put_in, unit_sums
from orders.routing.kernel import compiled
from orders.routing.pricing import price
from orders.routing.work import Work, room

WHOLE = 1_000  # a weight is a number of thousandths
MOST = 500 * UNIT  # what lies above is no price but an order that finds nothing at all
STEP = 500  # coarser than that of a plan: what is averaged needs no cent
KEPT = 1 << 40  # what it "costs" to leave out a line that has to be served


class Prices(NamedTuple):
    """By row what a unit will be worth at the end of the day, its value where it lies included; by node a slot."""

    unit: Ints  # int64[R]
    slot: Ints  # int64[N]


def solve(net: Network, futures: Sequence[Orders]) -> Prices:
    """The mean of the asks at the end of the futures' auctions. The same input gives the same prices, on either kernel.

    Raises ValueError without a future.
    """
    if not futures:
        raise ValueError("Prices are those of a future, and there is none.")
    unit, slot = np.zeros(len(net.row_node), np.int64), np.zeros(len(net.line_fee), np.int64)
    for orders in futures:
        book = empty_book(net, orders)
        auction(net, orders, book, room(net), np.arange(len(orders.start) - 1, dtype=np.int64), STEP)
        unit += _price(book.row_ask)
        slot += _price(book.node_ask)
    return Prices(unit // len(futures), slot // len(futures))


def _price(ask: Ints) -> Ints:
    return np.where(ask >= CLOSED, 0, np.minimum(ask, MOST))


def at_prices(net: Network, prices: Prices, weight: int = WHOLE) -> Network:
    """The network as it is decided on at prices of this weight: what a unit will be worth counts, where that is more
    than its value now, and a slot beside the fee."""
    each = np.repeat(prices.unit, np.diff(net.unit_start))
    more = np.maximum(each - net.unit_value, 0)
    return net._replace(
        unit_value=net.unit_value + more * weight // WHOLE,
        fee=np.where(net.fee >= CLOSED, net.fee, net.fee + prices.slot * weight // WHOLE),
    )


def priced_view(net: Network, orders: Orders, book: Book) -> Book:
    """The same holders, seen at the prices of `net`: at those of `at_prices`, or without."""
    units, first = len(net.unit_value), net.unit_start[:-1]
    if not units:
        return book._replace(row_free=np.full(len(first), NEVER), row_ask=np.full(len(first), NEVER))
    free = np.where(book.row_taken < net.row_quantity,
                    net.unit_value[np.minimum(first + book.row_taken, units - 1)], NEVER).astype(np.int64)  # fmt: skip
    ask, held = free.copy(), np.flatnonzero(book.row_held)
    lowest = book.row_heap[first[held]]
    instead = net.unit_value[first[held] + book.row_taken[held] - orders.quantity[lowest]] + book.row_bid[lowest]
    ask[held] = np.minimum(ask[held], instead)
    return book._replace(row_free=free, row_ask=ask, unit_sum=unit_sums(net) if len(book.unit_sum) else book.unit_sum)


def in_turn(net: Network, priced: Network, orders: Orders, book: Book, first: int, last: int) -> int:
    """Decide about these orders (which are out) one after the other at the prices of `priced`, as they come; returns
    how many lines only the guard has served: at their real cost they would be, at these prices not."""
    view = priced_view(priced, orders, book)
    return int(_in_turn(net, priced, orders, book, view, room(net), room(priced), first, last, empty_plan(),
                        np.zeros(MOST_LINES, np.int64), orders.lost.copy()))  # fmt: skip


@compiled
def _in_turn(
    net: Network, priced: Network, orders: Orders, book: Book, view: Book, work: Work, priced_work: Work, first: int,
    last: int, plan: Ints, bids: Ints, lost: Ints,
) -> int:  # fmt: skip
    kept = 0
    for order in range(first, last):
        begin, end = orders.start[order], orders.start[order + 1]
        price(priced, orders, order, view, AT_COST, priced_work, plan)
        left_out = False
        for i in range(end - begin):
            left_out |= plan[ROW, i] < 0
        if left_out:
            price(net, orders, order, book, AT_COST, work, plan)
            for i in range(end - begin):
                if plan[ROW, i] >= 0:
                    orders.lost[begin + i] = lost[begin + i] + KEPT
                    kept += 1
            price(priced, orders, order, view, AT_COST, priced_work, plan)
            for line in range(begin, end):
                orders.lost[line] = lost[line]
        put_in(net, orders, book, order, plan, bids, bids)
        for i in range(end - begin):
            if plan[ROW, i] >= 0:
                price_row(priced, orders, view, plan[ROW, i])
                price_node(priced, view, net.row_node[plan[ROW, i]])
    return kept
