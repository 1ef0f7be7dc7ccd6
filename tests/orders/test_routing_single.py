"""One order by itself: what it costs item by item, what the next plans would, and orders of any size."""

import csv
import gzip
from collections import defaultdict

import numpy as np
import pytest
from django.conf import settings

from orders.routing.auction import true_cost
from orders.routing.batch import build_network, build_orders
from orders.routing.book import empty_plan, put_in, take_out
from orders.routing.explain import Because, Kind, Parts, held_by, items, unserved
from orders.routing.plan import plan_batch
from orders.routing.single import plan_order, reasons, with_prices
from tests.orders.routing_worlds import cheapest, cost_of, whole_world


def as_arrays(orders, planned):
    node, parcel = np.full(len(orders.sku), -1), np.full(len(orders.sku), -1)
    heads = {}
    for share in planned.shares:
        node[share.line] = share.node
        parcel[share.line] = heads.setdefault(share.parcel, share.line)
    return node, parcel


def test_items_sum_to_the_cost_and_the_next_plans_rise():
    for seed in range(25):
        net, orders = whole_world(seed, orders=8)
        for order in range(8):
            planned = plan_order(net, orders, order)
            assert sum(item.amount for item in planned.items) == planned.cost
            dearer = [other.dearer for other in planned.others]
            assert dearer == sorted(dearer) and min(dearer, default=0) >= 0
            ways = [tuple((share.line, share.node) for share in each.shares) for each in (planned, *planned.others)]
            assert len(set(ways)) == len(ways), "each plan differs in the node of a line"
            if planned.exact:
                assert planned.cost == cheapest(net, orders, order)


def test_a_batch_of_one_is_the_same_order():
    net, orders = whole_world(4, orders=1)
    planned = plan_order(net, orders)
    assert cost_of(net, orders, *as_arrays(orders, planned)) == planned.cost


def test_items_sum_to_the_cost_of_every_decision_of_a_batch():
    for seed in range(10):
        net, orders = whole_world(seed, orders=30, slots=8, twins=seed % 2 == 1)
        book, old = plan_batch(net, orders, effort=5).book, empty_plan()
        for order in range(30):
            shares = held_by(net, orders, book, order)
            take_out(net, orders, book, order, old)
            told = items(net, orders, order, shares, book)
            assert sum(item.amount for item in told) == true_cost(net, orders, book, order, old)
            put_in(net, orders, book, order, old, np.zeros(8, np.int64), np.zeros(8, np.int64))


def three_nodes(**more):
    """SKU 0 at nodes 0, 1 and 2; SKU 1 at nodes 1 and 2 only. Node 0 is cheap, node 2 dear."""
    net = build_network(
        zone=[[0, 1, 2]], tariff=np.array([[50_000] * 3, [60_000] * 3, [90_000] * 3]), fee=[[20_000, 20_000, 30_000]],
        line_fee=[5_000] * 3, capacity=[5, 5, 5], sku_start=[0, 3, 5], row_node=[0, 1, 2, 1, 2],
        row_quantity=[4, 4, 4, 4, 4], unit_start=[0, 4, 8, 12, 16, 20], unit_value=[0, 0, 0, 9_000] * 5,
    )  # fmt: skip
    return net._replace(**more)


def two_lines(**more):
    return build_orders(start=[0, 2], sku=[0, 1], zip=[0], pounds=[1, 1], lost=[500_000, 500_000], **more)


def test_why_the_nodes_nearby_were_not_taken():
    net, orders = three_nodes(), two_lines(quantity=[1, 2], shut={0: [2]})
    planned = plan_order(net, orders)
    assert {share.node for share in planned.shares} == {1}
    told = reasons(net, orders, 0, planned, [0, 1, 2])
    assert [each.because for each in told] == [Because.DEARER, Because.TAKEN, Because.DEARER]
    assert told[0].lacks == (1,)
    assert told[0].dearer == 70_000, "a second parcel: its carriage and fee, handling being the same"
    assert told[2].shut == (0,)
    shut = net._replace(lane=np.array([[-1, 0, 0]], np.int16))
    (why,) = reasons(shut, orders, 0, plan_order(shut, orders), [0], because=np.array([7, -1, -1]))
    assert (why.because, why.rule) == (Because.CLOSED, 7)
    full = net._replace(capacity=np.array([0, 5, 5], np.int32))
    assert reasons(full, orders, 0, plan_order(full, orders), [0])[0].because is Because.FULL


def test_prices_paid_and_the_parts_of_a_fee_are_items_of_their_own():
    net, orders = three_nodes(), two_lines(split=[10_000])
    slot, unit = np.array([0, 1_000, 0]), np.array([0, 200, 0, 300, 0])
    priced = with_prices(net, slot, unit)
    parts = Parts(
        fee={"packaging": np.full((1, 3), 8_000), "flagship": np.full((1, 3), -500)}, slot_price=slot, unit_price=unit
    )
    planned = plan_order(priced, orders, parts=parts)
    assert planned.cost == sum(item.amount for item in planned.items)
    assert planned.cost == plan_order(net, orders).cost + 1_500
    paid = [item.amount for item in planned.items if item.kind is Kind.PRICE]
    assert sorted(paid) == [200, 300, 1_000]
    assert {item.name: item.amount for item in planned.items if item.kind is Kind.FEE} == {
        "packaging": 8_000, "flagship": -500, "": 12_500,
    }  # fmt: skip


def test_a_line_that_nobody_has_whole_is_cut():
    net, orders = (
        three_nodes(),
        build_orders(start=[0, 1], sku=[0], quantity=[10], zip=[0], pounds=[10], lost=[900_000]),
    )
    planned = plan_order(net, orders)
    assert not planned.exact
    assert sorted((share.node, share.units) for share in planned.shares) == [(0, 4), (1, 4), (2, 2)]
    assert planned.cost == sum(item.amount for item in planned.items)
    short = plan_order(net, orders._replace(quantity=np.array([13], np.int32)))
    assert unserved(orders._replace(quantity=np.array([13], np.int32)), 0, short.shares) == {0: 1}


def test_real_orders_of_hundreds_of_lines_are_served_with_all_there_is():
    baskets, goods = real_baskets()
    rng = np.random.default_rng(1)
    nodes = 60
    holds = [np.flatnonzero(rng.random(nodes) < 0.4) for _ in goods]
    quantity = [rng.integers(1, 40, len(each)) for each in holds]
    rows = np.concatenate(quantity)
    net = build_network(
        zone=rng.integers(0, 3, (1, nodes)), tariff=np.sort(rng.integers(50_000, 300_000, (3, 121)), axis=1),
        fee=rng.integers(5_000, 30_000, nodes), line_fee=rng.integers(3_000, 12_000, nodes), capacity=np.full(nodes, 9),
        sku_start=np.concatenate(([0], np.cumsum([len(each) for each in holds]))), row_node=np.concatenate(holds),
        row_quantity=rows, unit_start=np.concatenate(([0], np.cumsum(rows))), unit_value=np.zeros(int(rows.sum())),
    )  # fmt: skip
    most = 0
    for basket in baskets:
        units = list(basket.values())
        orders = build_orders(start=[0, len(basket)], sku=list(basket), quantity=units, zip=[0], any_size=True,
                              pounds=np.array(units) * 0.3, lost=np.array(units) * 400_000)  # fmt: skip
        planned = plan_order(net, orders)
        assert sum(item.amount for item in planned.items) == planned.cost
        left = unserved(orders, 0, planned.shares)
        for line, (sku, wanted) in enumerate(basket.items()):
            there = int(quantity[sku].sum())
            assert left.get(line, 0) == max(0, wanted - there), "what is there is sent"
        given = defaultdict(int)
        for share in planned.shares:
            given[share.row] += share.units
        assert all(units <= net.row_quantity[row] for row, units in given.items())
        most = max(most, len(basket))
    assert most > 500


def real_baskets():
    """The largest real orders and some of each size, as {item: units}."""
    path = settings.BASE_DIR.parent / "shared" / "data" / "orders" / "online_retail_lines.csv.gz"
    if not path.exists():
        pytest.skip("The real orders are not beside the project.")
    orders = defaultdict(lambda: defaultdict(int))
    with gzip.open(path, "rt") as file:
        for line in csv.DictReader(file):
            units = int(float(line["qty"]))
            if units > 0:
                orders[line["invoice_no"]][line["sku"]] += units
    ranked = sorted(orders.values(), key=len, reverse=True)
    some = ranked[:4] + ranked[50::1500]
    goods = {item: at for at, item in enumerate(sorted({item for basket in some for item in basket}))}
    return [{goods[item]: min(units, 500) for item, units in basket.items()} for basket in some], goods
