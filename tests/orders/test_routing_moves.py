"""From a plan to moves: what orders cost here and there, who waits for whom, and who goes first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.routing.batch import NEVER, build_network, build_orders
from orders.routing.moves import order_costs, rows_of, worthwhile
from orders.routing.plan import plan_batch


def network(stock: dict[int, dict[int, int]], *, nodes: int = 3, capacity: int = 99, values=()):
    """`stock`: SKU -> node -> units; a parcel costs 100 for each node's number plus one, a unit 1."""
    rows = [(sku, node, units) for sku in sorted(stock) for node, units in sorted(stock[sku].items())]
    units = [each[2] for each in rows]
    return build_network(
        zone=np.arange(nodes, dtype=np.uint8)[None, :], tariff=np.array([[100 * (n + 1)] * 9 for n in range(nodes)]),
        fee=np.zeros(nodes), line_fee=np.ones(nodes), capacity=np.full(nodes, capacity),
        sku_start=[sum(each[0] < sku for each in rows) for sku in range(max(stock) + 2)],
        row_node=[each[1] for each in rows], row_quantity=units, unit_start=np.cumsum([0, *units]),
        unit_value=list(values) or np.zeros(sum(units)),
    )  # fmt: skip


def orders(*lines: tuple[tuple[int, int], ...], **more):
    """Each order's (SKU, quantity)."""
    flat = [each for order in lines for each in order]
    return build_orders(
        start=np.cumsum([0, *(len(order) for order in lines)]), sku=[sku for sku, _n in flat],
        quantity=[n for _sku, n in flat], zip=np.zeros(len(lines)), pounds=np.ones(len(flat)),
        lost=np.full(len(flat), 10_000), **more,
    )  # fmt: skip


def test_an_order_costs_its_parcels_units_and_splits():
    net, wanted = network({0: {0: 5, 1: 5}, 1: {1: 5}}), orders(((0, 2), (1, 1)), split=[50])
    assert order_costs(net, wanted, np.array([0, 1])).tolist() == [100 + 200 + 2 + 1 + 50]
    assert order_costs(net, wanted, np.array([1, 1])).tolist() == [200 + 3]
    assert order_costs(net, wanted, np.array([1, -1])).tolist() == [200 + 2 + 10_000]


def test_of_a_shelf_the_earlier_line_takes_the_cheaper_unit():
    net, wanted = network({0: {0: 3}}, values=[0, 7, 30]), orders(((0, 1),), ((0, 2),))
    assert order_costs(net, wanted, np.array([0, 0])).tolist() == [101 + 0, 102 + 37]


def test_rows_are_found_by_sku_and_node():
    net = network({0: {0: 1, 2: 1}, 1: {1: 1}})
    assert rows_of(net, np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 1, 0])).tolist() == [0, -1, 1, 2, -1]


def test_what_saves_too_little_stays():
    net, wanted = network({0: {0: 2, 1: 2}}), orders(((0, 1),))
    now, then = np.array([1]), np.array([0])
    assert worthwhile(net, wanted, now, then, 100).orders == [0]
    assert worthwhile(net, wanted, now, then, 101).too_little == 1


def test_who_makes_room_goes_first_though_it_loses():
    """The second order holds the only unit near: it goes to the middle, so that the first need not go far."""
    net = network({0: {0: 1, 1: 1, 2: 1}})
    wanted = orders(((0, 1),), ((0, 1),))
    found = worthwhile(net, wanted, np.array([2, 0]), np.array([0, 1]), 50)
    assert found.orders == [1, 0]
    assert found.saving == {0: 200, 1: -100}
    assert found.yielded == ((1, 0, 0, False),), "the second one leaves the first node's unit to the first order"


def test_a_group_that_saves_too_little_together_stays_together():
    net = network({0: {0: 1, 1: 1, 2: 1}})
    wanted = orders(((0, 1),), ((0, 1),))
    found = worthwhile(net, wanted, np.array([2, 0]), np.array([0, 1]), 51)
    assert (found.orders, found.too_little) == ([], 2)


def test_a_full_node_waits_for_who_leaves_it():
    net = network({0: {0: 5, 1: 5}, 1: {0: 5, 2: 5}}, capacity=1)
    wanted = orders(((0, 1),), ((1, 1),))
    found = worthwhile(net, wanted, np.array([0, 2]), np.array([1, 0]), 0)
    assert found.orders == [0, 1]
    assert found.yielded == ((0, 1, 0, True),), "a slot this time"


def test_who_would_change_places_stays():
    net = network({0: {0: 1, 1: 1}})
    wanted = orders(((0, 1),), ((0, 1),))
    found = worthwhile(net, wanted, np.array([0, 1]), np.array([1, 0]), -1000)
    assert (found.orders, found.in_circles) == ([], 2)


def test_nobody_involved_moves_where_a_promise_would_break():
    net = network({0: {0: 1, 1: 1}})
    wanted = orders(((0, 1),), ((0, 1),))
    found = worthwhile(net, wanted, np.array([0, 1]), np.array([-1, 0]), -100_000)
    assert found.orders == []


shelves = st.dictionaries(
    st.integers(0, 3), st.dictionaries(st.integers(0, 4), st.integers(1, 3), min_size=1), min_size=4
)


@given(shelves, st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2)), min_size=1, max_size=3), min_size=1,
                         max_size=8), st.randoms(use_true_random=False))  # fmt: skip
def test_made_one_after_the_other_no_move_takes_a_unit_or_slot_that_is_not_there(stock, wishes, chance):
    stock = {sku: stock.get(sku, {0: 1}) for sku in range(4)}
    net, wanted = network(stock, nodes=5, capacity=3), orders(*map(tuple, wishes))
    left = {(sku, node): units for sku, of in stock.items() for node, units in of.items()}
    slots, now = dict.fromkeys(range(5), 3), []
    for wish in wishes:
        used: set[int] = set()
        for sku, quantity in wish:
            able = [n for n in range(5) if left.get((sku, n), 0) >= quantity and (n in used or slots[n])]
            node = chance.choice([*able, -1]) if able else -1
            if node >= 0:
                left[sku, node] -= quantity
                slots[node] -= node not in used
                used.add(node)
            now.append(node)
    now = np.array(now)
    then = plan_batch(net, wanted).node

    found = worthwhile(net, wanted, now, then, -NEVER)

    start = wanted.start
    for order in found.orders:
        own = range(start[order], start[order + 1])
        for n in own:
            if now[n] >= 0:
                left[int(wanted.sku[n]), int(now[n])] += int(wanted.quantity[n])
        for node in {int(now[n]) for n in own} - {-1}:
            slots[node] += 1
        for n in own:
            if then[n] >= 0:
                left[int(wanted.sku[n]), int(then[n])] -= int(wanted.quantity[n])
        for node in {int(then[n]) for n in own} - {-1}:
            slots[node] -= 1
        assert all(units >= 0 for units in left.values()), "a unit that is not there"
        assert all(many >= 0 for many in slots.values()), "a slot that is not there"
    assert len(set(found.orders)) == len(found.orders)


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_move(count):
    net, wanted = network({0: {0: 1}}), orders(*[((0, 1),)] * count)
    now = np.zeros(count, np.int64)
    assert worthwhile(net, wanted, now, now, 0).orders == []
