"""Batches of orders, planned together: exact for one order, near the best for many, and never more than there is."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from orders.routing import kernel
from orders.routing.auction import auction, exchange, resweep
from orders.routing.batch import NEVER, from_arrays
from orders.routing.book import ROW, empty_book, empty_plan
from orders.routing.bound import bound
from orders.routing.plan import plan_batch
from orders.routing.pricing import price, room
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


def parcels(net, orders, order, nodes):
    """Money for the parcels of a plan, without stock: its nodes by line."""
    first, total = orders.start[order], 0
    for node in {each for each in nodes if each >= 0}:
        lines = [first + i for i, each in enumerate(nodes) if each == node]
        pounds = min(int(np.ceil(sum(orders.pounds[line] for line in lines))), net.tariff.shape[2] - 1)
        total += net.fee[0, node] + net.tariff[0, net.zone[orders.zip[order], node], pounds]
        total += net.line_fee[node] * len(lines)
    return total + sum(orders.lost[first + i] for i, node in enumerate(nodes) if node < 0)


def whole_cost(net, orders, node):
    """The cost of an assignment, counted anew from its arrays; asserts that it takes no more than there is."""
    taken, slots, total = {}, np.zeros(len(net.line_fee), int), 0
    for order in range(len(orders.start) - 1):
        mine = node[orders.start[order] : orders.start[order + 1]]
        total += parcels(net, orders, order, list(mine))
        for each in set(mine) - {-1}:
            slots[each] += 1
        for line, each in enumerate(mine, orders.start[order]):
            if each >= 0:
                sku = orders.sku[line]
                rows = range(net.sku_start[sku], net.sku_start[sku + 1])
                (row,) = [row for row in rows if net.row_node[row] == each]
                taken[row] = taken.get(row, 0) + 1
    assert (slots <= net.capacity).all(), "no node sends more than it can"
    for row, units in taken.items():
        assert units <= net.row_quantity[row], "nothing is sold twice"
        total += net.unit_value[net.unit_start[row] : net.unit_start[row] + units].sum()
    return int(total)


def served_by(net, book):
    return np.where(book.line_row >= 0, net.row_node[book.line_row], -1)


@given(st.integers(0, 10_000), st.sampled_from([0.3, 0.6, 1.0, 2.0]), st.integers(1, 60))
def test_no_plan_takes_more_than_there_is_and_no_step_after_the_auction_costs_more(seed, scarce, count):
    net, orders = from_arrays(instance(seed, orders=count, scarce=scarce))
    book, work = empty_book(net, orders), room(net)
    auction(net, orders, book, work, np.arange(count, dtype=np.int64))
    cost = whole_cost(net, orders, served_by(net, book))
    for step in (resweep, exchange, exchange, resweep):
        step(net, orders, book, work)
        after = whole_cost(net, orders, served_by(net, book))
        assert after <= cost
        cost = after
    free = net.row_quantity - book.row_taken
    assert (free >= 0).all()
    assert book.row_taken.sum() == (book.line_row >= 0).sum(), "each unit that is held is held by one line"


def best_by_mip(net, orders):
    """The least cost over all plans, by HiGHS: one column for each parcel, each line left out and each unit taken."""
    cost, row, column, value, upper = [], [], [], [], []
    lines, rows, nodes = len(orders.sku), len(net.row_node), len(net.line_fee)
    of = [dict(zip(net.row_node[s:e], range(s, e), strict=True)) for s, e in itertools.pairwise(net.sku_start)]

    def add(price, entries, most=1):
        column.extend([len(cost)] * len(entries))
        row.extend(r for r, _ in entries)
        value.extend(v for _, v in entries)
        cost.append(price)
        upper.append(most)

    for order in range(len(orders.start) - 1):
        mine = range(orders.start[order], orders.start[order + 1])
        for node in range(nodes):
            held = [line for line in mine if node in of[orders.sku[line]]]
            for size in range(1, len(held) + 1):
                for some in itertools.combinations(held, size):
                    plan = [node if line in some else -1 for line in mine]
                    cost_of_it = parcels(net, orders, order, plan) - _left_out(orders, mine, plan)
                    taken = [(lines + of[orders.sku[line]][node], 1) for line in some]
                    add(cost_of_it, [(line, 1) for line in some] + taken
                        + [(lines + rows + node, 1)])  # fmt: skip
    for line in range(lines):
        add(int(orders.lost[line]), [(line, 1)])
    for each in range(rows):
        for unit in range(net.unit_start[each], net.unit_start[each + 1]):
            add(int(net.unit_value[unit]), [(lines + each, -1)])
    matrix = coo_matrix((value, (row, column)), shape=(lines + rows + nodes, len(cost)))
    low = np.concatenate([np.ones(lines), np.zeros(rows), np.full(nodes, -np.inf)])
    high = np.concatenate([np.ones(lines), np.zeros(rows), net.capacity])
    found = milp(cost, constraints=LinearConstraint(matrix, low, high), integrality=np.ones(len(cost)),
                 bounds=Bounds(0, upper))  # fmt: skip
    assert found.success, found.message
    return found.fun


def _left_out(orders, mine, plan):
    """`parcels` counts what a plan leaves out; here other columns do."""
    return sum(orders.lost[line] for line, node in zip(mine, plan, strict=True) if node < 0)


@pytest.mark.parametrize("seed", range(4))
def test_many_orders_together_come_near_the_best_plan_there_is(seed):
    """Sixty orders on ten nodes with too little of everything: harder, order by order, than a chain's day."""
    net, orders = from_arrays(instance(seed, orders=60, nodes=10, skus=12, scarce=1.5))
    decided = plan_batch(net, orders)
    best, found = best_by_mip(net, orders), whole_cost(net, orders, decided.node)
    assert best <= found + 1
    assert found <= 1.04 * best
    least = bound(net, orders, decided.row_price, decided.node_price, steps=400).least
    assert 0.98 * best <= least <= best + 1, "the bound is below the best plan there is, and near it"


@given(st.integers(0, 10_000), st.sampled_from([0.3, 1.0, 2.0]), st.integers(1, 40))
def test_the_bound_never_exceeds_what_a_plan_costs(seed, scarce, count):
    for net, orders in (
        from_arrays(instance(seed, orders=count, scarce=scarce)),
        without_twos(*whole_world(seed, orders=count, slots=8)),
    ):
        decided = plan_batch(net, orders)
        cost = cost_of(net, orders, decided.node, decided.parcel)
        for steps in (1, 5):
            assert bound(net, orders, decided.row_price, decided.node_price, steps=steps).least <= cost


def without_twos(net, orders):
    """Without what may send two parcels of an order from one node."""
    tariff = np.where(net.tariff >= NEVER, net.tariff[..., :1], net.tariff)
    return net._replace(tariff=tariff), orders._replace(bond=np.zeros_like(orders.bond))


def test_there_is_no_bound_where_two_parcels_may_want_one_node():
    net, orders = from_arrays(instance(1))
    alone = orders._replace(bond=np.full_like(orders.bond, -1))
    with pytest.raises(ValueError, match="no bound"):
        bound(net, alone, np.zeros(len(net.row_node), np.int64), np.zeros(len(net.line_fee), np.int64))


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


@pytest.mark.skipif(kernel.KERNEL != kernel.COMPILED, reason="numba is not installed")
def test_both_kernels_decide_the_same(tmp_path):
    np.savez(tmp_path / "in.npz", **instance(7, orders=100, nodes=15, skus=20, most_lines=5, scarce=0.8))
    for each in (kernel.COMPILED, kernel.NUMPY):
        subprocess.run(
            [sys.executable, "-m", "orders.routing.bench", tmp_path / "in.npz", tmp_path / f"{each}.npy",
             "--kernel", each], check=True, cwd=settings.BASE_DIR,
        )  # fmt: skip
    assert (tmp_path / "compiled.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()
