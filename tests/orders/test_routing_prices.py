"""Prices from days that might come: they leave a unit to who needs it more, never leave anybody out, and weigh less
where the forecast was wrong."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from orders.routing import kernel
from orders.routing.batch import UNIT, from_arrays
from orders.routing.book import empty_book
from orders.routing.futures import drift, futures, pick, volume, weight
from orders.routing.prices import WHOLE, Prices, at_prices, in_turn, solve
from tests.bench.routing_day import as_it_comes
from tests.orders.routing_worlds import cost_of, whole_world
from tests.orders.test_routing_batch import instance


def two_nodes():
    """One unit of SKU 0 at each of two nodes, SKU 1 only at node 0, which has one slot; node 1 is a dollar dearer."""
    return from_arrays({
        "zone": np.array([[0, 1]], np.uint8), "tariff": np.array([[5.0] * 3, [6.0] * 3]),
        "row_node": np.array([0, 1, 0]), "row_quantity": np.array([1, 1, 1]), "unit_start": np.arange(4),
        "unit_value": np.zeros(3), "sku_start": np.array([0, 2, 3]), "node_fee": np.zeros(2), "line_fee": np.zeros(2),
        "capacity": np.array([1, 1]), "order_start": np.array([0, 1, 2]), "order_zip": np.array([0, 0]),
        "line_sku": np.array([0, 1]), "weight": np.ones(2), "lost_sale": np.array([50.0, 50.0]),
    })  # fmt: skip


def decided(net, orders, prices, weight=WHOLE):
    book = empty_book(net, orders)
    kept = in_turn(net, at_prices(net, prices, weight), orders, book, 0, len(orders.start) - 1)
    return np.where(book.line_row >= 0, net.row_node[book.line_row], -1).tolist(), kept


def test_a_price_leaves_the_slot_to_the_order_that_has_no_other():
    net, orders = two_nodes()
    free = Prices(np.zeros(3, np.int64), np.zeros(2, np.int64))
    assert decided(net, orders, free)[0] == [0, -1], "the control: who comes first takes the only slot of the other"
    prices = solve(net, [pick(orders, [1])])
    assert prices.slot[0] > UNIT
    assert decided(net, orders, prices)[0] == [1, 0]
    assert decided(net, orders, prices, weight=0)[0] == [0, -1], "prices that weigh nothing change nothing"


def test_a_forecast_moves_a_paid_order_and_never_leaves_it_out():
    net, orders = two_nodes()
    dear = Prices(np.full(3, 200 * UNIT), np.full(2, 200 * UNIT))
    nodes, kept = decided(net, orders, dear)
    assert nodes == [0, -1], "nothing is left for the second, at any price"
    assert kept == 1, "at these prices the first would rather not be served, and is"
    assert orders.lost.tolist() == [50 * UNIT, 50 * UNIT]


def test_what_is_better_left_out_at_real_cost_is_left_out_at_prices():
    net, orders = two_nodes()
    cheap = orders._replace(lost=np.array([4 * UNIT, 4 * UNIT]))
    assert decided(net, cheap, Prices(np.full(3, UNIT), np.zeros(2, np.int64))) == ([-1, -1], 0)


@given(st.integers(0, 10_000), st.integers(0, WHOLE))
def test_at_any_prices_the_plan_takes_no_more_than_there_is(seed, counted):
    net, orders = whole_world(seed, orders=12, slots=6)
    rng = np.random.default_rng(seed)
    prices = Prices(rng.integers(0, 90_000, len(net.row_node)), rng.integers(0, 30_000, len(net.line_fee)))
    priced = at_prices(net, prices, counted)
    for first, last in zip(net.unit_start[:-1], net.unit_start[1:], strict=True):
        assert (np.diff(priced.unit_value[first:last]) >= 0).all(), "values of a row still rise"
    book = empty_book(net, orders)
    in_turn(net, priced, orders, book, 0, 12)
    node = np.where(book.line_row >= 0, net.row_node[book.line_row], -1)
    parcel = np.where(book.line_row >= 0, orders.start[orders.of_line] + book.line_head, -1)
    cost_of(net, orders, node, parcel)
    assert (book.row_taken <= net.row_quantity).all()
    assert (book.node_taken <= net.capacity).all()


def test_prices_without_a_future_are_refused():
    with pytest.raises(ValueError, match="there is none"):
        solve(two_nodes()[0], [])


@given(st.integers(0, 10_000))
def test_orders_are_drawn_whole_and_by_the_seed_alone(seed):
    _net, orders = whole_world(seed, orders=12)
    for ours, theirs in zip(pick(orders, np.arange(12)), orders, strict=True):
        assert np.array_equal(ours, theirs)
    one, again = (list(futures(orders, count=9, days=2, seed=seed)) for _ in range(2))
    assert len(one) == 2
    for day, same in zip(one, again, strict=True):
        assert all(np.array_equal(*both) for both in zip(day, same, strict=True))
    which = np.random.default_rng(seed).integers(0, 12, 9)
    for at, order in enumerate(which):
        for line in range(orders.start[order], orders.start[order + 1]):
            drawn = one[0].start[at] + line - orders.start[order]
            assert one[0].sku[drawn] == orders.sku[line]
            assert (one[0].shut_node[one[0].shut_start[drawn] : one[0].shut_start[drawn + 1]].tolist()
                    == orders.shut_node[orders.shut_start[line] : orders.shut_start[line + 1]].tolist())  # fmt: skip


def test_what_chance_explains_is_no_drift():
    rng = np.random.default_rng(3)
    expected = np.array([400.0, 90.0, 25.0, 8.0, 1.0, 0.2])
    drifted = [drift(expected, rng.poisson(expected)) for _ in range(200)]
    assert np.mean(drifted) < 0.01
    assert weight(0.0) == WHOLE
    assert drift([], []) == 0


def test_prices_weigh_less_the_farther_the_day_is_from_its_forecast():
    expected = np.full(10, 1_000.0)
    weights = [weight(drift(expected, expected * share)) for share in (1.0, 1.1, 1.4, 3.0)]
    assert weights[0] == WHOLE
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < 400
    assert drift(expected, expected * 0.7) > 0.25
    swapped = drift([1_000, 0, 500], [0, 1_000, 500])
    assert swapped > 0.6, "as many orders as were expected, of other things"


@given(st.lists(st.floats(0, 1e4), max_size=8), st.lists(st.integers(0, 10_000), max_size=8))
def test_a_weight_is_between_nothing_and_all(expected, came):
    size = min(len(expected), len(came))
    drifted = drift(expected[:size], came[:size])
    assert 0 <= drifted <= 1
    assert 0 <= weight(drifted) <= WHOLE


def test_the_rest_of_the_day_is_expected_as_what_came():
    assert volume(day=1_000, share=0.0, came=0) == 1_000
    assert volume(day=10_000, share=0.5, came=5_000) == pytest.approx(10_000)
    assert 13_500 < volume(day=10_000, share=0.5, came=7_000) < 14_000
    assert 9.5 < volume(day=10, share=0.5, came=0) < 10, "nothing is learned from an afternoon without an order"


@pytest.mark.parametrize("window", [0.0, 0.25])
def test_a_day_as_it_comes_takes_no_more_than_there_is(window):
    net, orders = from_arrays(instance(3, orders=60, nodes=8, skus=10, scarce=1.2))
    _net, past = from_arrays(instance(3, orders=60, nodes=8, skus=10, scarce=1.2))
    day = as_it_comes(net, orders, past, window=window, steps=10, solved=2, days=1)
    keys = np.repeat(np.arange(10), np.diff(net.sku_start)) * 8 + net.row_node
    served = day.node >= 0
    taken = np.bincount(np.searchsorted(keys, orders.sku[served] * 8 + day.node[served]), minlength=len(keys))
    assert (taken <= net.row_quantity).all()
    parcels = np.unique(orders.of_line[served].astype(np.int64) * 8 + day.node[served]) % 8
    assert (np.bincount(parcels, minlength=8) <= net.capacity).all()
    assert all(0 <= each <= WHOLE for each in day.weights)


def fingerprint():
    """Of prices and of the decisions that they make."""
    net, orders = from_arrays(instance(5, orders=60, nodes=10, skus=12, most_lines=4, scarce=0.8))
    prices = solve(net, list(futures(orders, count=40, days=2, seed=11)))
    nodes, kept = decided(net, orders, prices)
    said = [prices.unit.tolist(), prices.slot.tolist(), nodes, kept]
    return hashlib.sha256(repr(said).encode()).hexdigest()


@pytest.mark.skipif(kernel.KERNEL != kernel.COMPILED, reason="numba is not installed")
def test_both_kernels_find_the_same_prices():
    told = subprocess.run(
        [sys.executable, "-c", "from tests.orders.test_routing_prices import fingerprint; print(fingerprint())"],
        check=True, capture_output=True, text=True, cwd=settings.BASE_DIR,
        env=os.environ | {kernel.SETTING: kernel.NUMPY},
    ).stdout  # fmt: skip
    assert told.strip() == fingerprint()
