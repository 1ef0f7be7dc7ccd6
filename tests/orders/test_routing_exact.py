"""One order against every way to serve it, and batches with everything that an order may ask."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.routing.auction import auction, exchange, resweep
from orders.routing.book import empty_book, empty_plan
from orders.routing.plan import plan_batch
from orders.routing.pricing import price, room
from orders.routing.search import search
from tests.orders.routing_worlds import cheapest, cost_of, whole_world

A_WORLD = 40  # orders


def priced_as_the_cheapest(seed):
    net, orders = whole_world(seed, orders=A_WORLD)
    work, plan = room(net), empty_plan()
    book = empty_book(net, orders)
    for order in range(A_WORLD):
        for asking in (False, True):
            assert price(net, orders, order, book, asking, work, plan) == cheapest(net, orders, order), (seed, order)


def test_one_order_is_priced_exactly():
    for seed in range(38):
        priced_as_the_cheapest(seed)


@pytest.mark.campaign
def test_ten_thousand_orders_are_priced_exactly():
    for seed in range(250):
        priced_as_the_cheapest(seed)


def planned_soundly(seed, count, slots, twins):
    """Each step keeps every rule and none after the auction costs more."""
    net, orders = whole_world(seed, orders=count, slots=slots, twins=twins)
    book, work = empty_book(net, orders), room(net)
    auction(net, orders, book, work, np.arange(count, dtype=np.int64))
    cost = cost_of(net, orders, *served(net, orders, book))
    asks = book.row_ask.copy(), book.node_ask.copy()
    for step in (resweep, exchange, exchange, partial(search, effort=5), resweep):
        step(net, orders, book, work, *(asks if isinstance(step, partial) else ()))
        after = cost_of(net, orders, *served(net, orders, book))
        assert after <= cost
        cost = after
    decided = plan_batch(net, orders, effort=5)
    assert cost_of(net, orders, decided.node, decided.parcel) <= orders.lost.sum()


def served(net, orders, book):
    node = np.where(book.line_row >= 0, net.row_node[book.line_row], -1)
    return node, np.where(book.line_row >= 0, orders.start[orders.of_line] + book.line_head, -1)


@given(st.integers(0, 10_000), st.integers(1, 30), st.sampled_from([1, 3, 40]), st.booleans())
def test_a_batch_keeps_every_rule(seed, count, slots, twins):
    planned_soundly(seed, count, slots, twins)
