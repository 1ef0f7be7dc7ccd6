"""Batches of orders, planned together: exact for one order, near the best for many, and never more than there is."""

import os
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from orders.routing import kernel, plan
from orders.routing.auction import auction, exchange, resweep
from orders.routing.batch import NEVER, from_arrays
from orders.routing.book import ROW, empty_book, empty_plan
from orders.routing.bound import bound
from orders.routing.futures import pick
from orders.routing.plan import plan_batch
from orders.routing.prices import Prices, at_prices, priced_view
from orders.routing.pricing import price, room
from orders.routing.search import search
from tests.orders.routing_best import best_by_mip, day, whole_cost
from tests.orders.routing_worlds import cost_of, whole_world


def instance(seed, *, orders=40, nodes=8, skus=6, most_lines=3, scarce=1.0):
    """A small made-up network with little stock; some units are worth less than nothing to keep."""
    rng = np.random.default_rng(seed)
    holds = [np.flatnonzero(rng.random(nodes) < 0.6) for _ in range(skus)]
    row_node = np.concatenate(holds)
    quantity = rng.integers(1, max(2, int(3 * orders / skus / nodes * scarce) + 2), len(row_node))
    unit_start = np.concatenate(([0], np.cumsum(quantity)))
    value = np.concatenate([np.sort(rng.uniform(-1, 3, each)) for each in quantity]) if len(quantity) else np.zeros(0)
    lines = rng.integers(1, min(most_lines, skus) + 1, orders)
    return {
        "zone": rng.integers(0, 3, (4, nodes)).astype(np.uint8),
        "tariff": np.maximum.accumulate(np.sort(rng.uniform(5, 15, (3, 1)), axis=0) + np.arange(21) * 0.4, axis=1),
        "row_node": row_node, "row_quantity": quantity, "unit_start": unit_start, "unit_value": value,
        "sku_start": np.concatenate(([0], np.cumsum([len(each) for each in holds]))),
        "node_fee": rng.uniform(0.5, 3, nodes), "line_fee": rng.uniform(0.2, 1.5, nodes),
        "capacity": rng.integers(0, max(2, int(2 * orders / nodes * scarce)), nodes),
        "order_start": np.concatenate(([0], np.cumsum(lines))), "order_zip": rng.integers(0, 4, orders),
        "line_sku": np.concatenate([rng.permutation(skus)[:each] for each in lines]),
        "weight": rng.uniform(0.2, 6, skus), "lost_sale": rng.uniform(10, 60, skus),
    }  # fmt: skip


def served_by(net, book):
    return np.where(book.line_row >= 0, net.row_node[book.line_row], -1)


@given(st.integers(0, 10_000), st.sampled_from([0.3, 0.6, 1.0, 2.0]), st.integers(1, 60))
def test_no_plan_takes_more_than_there_is_and_no_step_after_the_auction_costs_more(seed, scarce, count):
    net, orders = from_arrays(instance(seed, orders=count, scarce=scarce))
    book, work = empty_book(net, orders), room(net)
    auction(net, orders, book, work, np.arange(count, dtype=np.int64))
    cost = whole_cost(net, orders, served_by(net, book))
    asks = book.row_ask.copy(), book.node_ask.copy()
    for step in (resweep, exchange, exchange, partial(search, effort=5), resweep):
        step(net, orders, book, work, *(asks if isinstance(step, partial) else ()))
        after = whole_cost(net, orders, served_by(net, book))
        assert after <= cost
        cost = after
    free = net.row_quantity - book.row_taken
    assert (free >= 0).all()
    assert book.row_taken.sum() == (book.line_row >= 0).sum(), "each unit that is held is held by one line"


@pytest.mark.parametrize("seed", range(4))
def test_many_orders_together_come_near_the_best_plan_there_is(seed):
    """Sixty orders on ten nodes with too little of everything: harder, order by order, than a chain's day."""
    net, orders = from_arrays(instance(seed, orders=60, nodes=10, skus=12, scarce=1.5))
    decided = plan_batch(net, orders)
    best, found = best_by_mip(net, orders), whole_cost(net, orders, decided.node)
    assert best <= found + 1
    assert found <= 1.01 * best
    least = bound(net, orders, decided.row_price, decided.node_price, steps=400).least
    assert 0.97 * best <= least <= best + 1, "the bound is below the best plan there is, and near it"


@pytest.mark.parametrize("seed", [3, 8, 10])
def test_a_day_of_200_orders_comes_within_one_percent_of_the_best(seed):
    """All 200 such days: tests/campaign/test_routing_days.py."""
    net, orders = from_arrays(day(seed))
    assert whole_cost(net, orders, plan_batch(net, orders).node) <= 1.01 * best_by_mip(net, orders, within=1e-3)


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0]), st.integers(1, 30))
def test_the_sequence_in_which_orders_come_changes_no_plan(seed, scarce, count):
    net, orders = from_arrays(instance(seed, orders=count, scarce=scarce))
    orders.lost[:] += np.arange(len(orders.lost))  # no two orders ask the very same
    shuffled = np.random.default_rng(seed).permutation(count)
    came, went = plan_batch(net, orders, effort=5), plan_batch(net, pick(orders, shuffled), effort=5)
    back = np.concatenate([np.arange(orders.start[each], orders.start[each + 1]) for each in shuffled])
    assert (came.node[back] == went.node).all()


def test_orders_that_ask_the_same_may_change_places_and_cost_the_same():
    net, orders = from_arrays(instance(3, orders=40, skus=2, scarce=0.5))
    shuffled = pick(orders, np.random.default_rng(3).permutation(40))
    costs = [whole_cost(net, each, plan_batch(net, each, effort=5).node) for each in (orders, shuffled)]
    assert costs[0] == costs[1]


def with_more(arrays, rows):
    """Two units more in each of these rows, worth no less than the last that is there."""
    quantity, start, value = arrays["row_quantity"].copy(), arrays["unit_start"], []
    for row in range(len(quantity)):
        own = arrays["unit_value"][start[row] : start[row + 1]]
        value.append(np.append(own, [own.max(initial=-2)] * 2) if row in rows else own)
        quantity[row] += 2 * (row in rows)
    return arrays | {"row_quantity": quantity, "unit_start": np.concatenate(([0], np.cumsum(quantity))),
                     "unit_value": np.concatenate(value)}  # fmt: skip


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0]), st.integers(2, 30))
def test_more_stock_only_lowers_what_can_be_certified(seed, scarce, count):
    """Every plan of the poorer network is one of the richer: the richer one's bound exceeds none of their costs."""
    arrays = instance(seed, orders=count, scarce=scarce)
    few = range(0, len(arrays["row_node"]), 3)
    (net, orders), (richer, _same) = from_arrays(arrays), from_arrays(with_more(arrays, few))
    cost = whole_cost(net, orders, plan_batch(net, orders, effort=5).node)
    there = plan_batch(richer, orders, effort=5)
    assert whole_cost(richer, orders, plan_batch(net, orders, effort=5).node) == cost, "the same plan costs the same"
    assert bound(richer, orders, there.row_price, there.node_price, steps=5).least <= cost


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0]), st.integers(2, 30))
def test_stock_where_nobody_can_use_it_changes_no_bound(seed, scarce, count):
    arrays = instance(seed, orders=count, scarce=scarce)
    closed = np.arange(len(arrays["capacity"])) < 3
    arrays["capacity"] = np.where(closed, 0, arrays["capacity"])
    found = []
    for each in (arrays, with_more(arrays, set(np.flatnonzero(closed[arrays["row_node"]]).tolist()))):
        net, orders = from_arrays(each)
        decided = plan_batch(net, orders, effort=0)
        found.append(bound(net, orders, decided.row_price, decided.node_price, steps=5).least)
    assert found[0] == found[1]


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 2.0]), st.integers(1, 40))
def test_the_bound_never_exceeds_what_a_plan_costs(seed, scarce, count):
    for net, orders in (
        from_arrays(instance(seed, orders=count, scarce=scarce)),
        with_any_weight(*whole_world(seed, orders=count, slots=8)),
    ):
        decided = plan_batch(net, orders, effort=5)
        cost = cost_of(net, orders, decided.node, decided.parcel)
        for steps in (1, 5):
            assert bound(net, orders, decided.row_price, decided.node_price, steps=steps).least <= cost


def with_any_weight(net, orders):
    """Without what nobody carries in one parcel."""
    return net._replace(tariff=np.where(net.tariff >= NEVER, net.tariff[..., :1], net.tariff)), orders


def test_there_is_no_bound_where_two_parcels_have_to_leave_one_node():
    net, orders = from_arrays(instance(1))
    light = net._replace(tariff=np.where(np.arange(net.tariff.shape[-1]) > 2, NEVER, net.tariff))
    with pytest.raises(ValueError, match="no bound"):
        bound(light, orders, np.zeros(len(net.row_node), np.int64), np.zeros(len(net.line_fee), np.int64))


def test_an_order_by_itself_takes_what_another_needs_more():
    """The control: the first to come gets the unit that the second cannot do without."""
    net, orders = from_arrays({
        "zone": np.array([[0, 1]], np.uint8), "tariff": np.array([[5.0] * 3, [6.0] * 3]),
        "row_node": np.array([0, 1, 0]), "row_quantity": np.array([1, 1, 1]), "unit_start": np.arange(4),
        "unit_value": np.zeros(3), "sku_start": np.array([0, 2, 3]), "node_fee": np.zeros(2), "line_fee": np.zeros(2),
        "capacity": np.array([1, 1]), "order_start": np.array([0, 1, 2]), "order_zip": np.array([0, 0]),
        "line_sku": np.array([0, 1]), "weight": np.ones(2), "lost_sale": np.array([50.0, 50.0]),
    })  # fmt: skip
    book, work, plan = empty_book(net, orders), room(net), empty_plan()
    price(net, orders, 0, book, False, work, plan)
    assert net.row_node[plan[ROW, 0]] == 0, "alone it goes where it is cheapest, and the only slot there is gone"
    assert list(plan_batch(net, orders).node) == [1, 0]


def test_an_order_of_too_many_lines_is_refused():
    with pytest.raises(ValueError, match="at most 8 go together"):
        from_arrays(instance(1, skus=9) | {"order_start": np.array([0, 9]), "line_sku": np.arange(9)})


@pytest.mark.parametrize("seed", range(3))
def test_a_large_batch_bids_from_prices_and_comes_nearer_than_without_them(seed, monkeypatch):
    net, orders = from_arrays(day(seed, orders=400))
    monkeypatch.setattr(plan, "MOST_SEARCHED", 100)
    priced = plan_batch(net, orders)
    monkeypatch.setattr(plan, "MOST_PRICED", 100)
    unpriced = plan_batch(net, orders)
    cost = whole_cost(net, orders, priced.node)
    assert cost < whole_cost(net, orders, unpriced.node)
    assert bound(net, orders, priced.row_price, priced.node_price, steps=20).least <= cost
    assert (priced.book.row_taken <= net.row_quantity).all()
    assert (priced.book.node_taken <= net.capacity).all()


@given(st.integers(0, 10_000), st.booleans())
def test_a_book_seen_at_other_prices_and_back_is_the_same(seed, is_plain):
    """Bids from prices end in a book at prices; what follows counts real cost."""
    net, orders = from_arrays(instance(seed)) if is_plain else whole_world(seed)
    book, work = empty_book(net, orders), room(net)
    auction(net, orders, book, work, np.arange(len(orders.start) - 1, dtype=np.int64))
    prices = Prices(np.arange(len(net.row_node)) * 100, np.arange(len(net.line_fee)) * 100)
    there = priced_view(at_prices(net, prices), orders, book)
    back = priced_view(net, orders, there)
    for name in ("row_free", "row_ask", "unit_sum", "node_free", "node_ask"):
        assert (getattr(back, name) == getattr(book, name)).all(), name


@pytest.mark.skipif(kernel.KERNEL != kernel.COMPILED, reason="numba is not installed")
@pytest.mark.parametrize("most", [plan.MOST_SEARCHED, 10], ids=["searched", "from prices"])
def test_both_kernels_decide_the_same(tmp_path, most):
    np.savez(tmp_path / "in.npz", **instance(7, orders=25, nodes=8, skus=12, most_lines=5, scarce=0.8))
    routed = (
        "import pathlib, sys; from orders.routing import bench, plan; plan.MOST_SEARCHED = int(sys.argv[3]);"
        "bench.route(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), effort=3)"
    )
    for each in (kernel.COMPILED, kernel.NUMPY):
        subprocess.run(
            [sys.executable, "-c", routed, tmp_path / "in.npz", tmp_path / f"{each}.npy", str(most)],
            check=True, cwd=settings.BASE_DIR, env=os.environ | {kernel.SETTING: each},
        )  # fmt: skip
    assert (tmp_path / "compiled.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()
