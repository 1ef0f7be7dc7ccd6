"""The router under HQ's rules and costs: drafts do nothing, filters shut, prices weigh, what the till sells stays."""

from datetime import timedelta

import pytest

from inventory.models import SalesRate, ShelfSign
from orders.models import RoutingRun
from orders.operations.route_batch import route_batch
from tests.factories import GroupFactory, LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.routing import BY, activated, add_step, costs_set, rule_set
from tests.shop import Shop, audit, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def minneapolis():
    return LocationFactory(name="Minneapolis", latitude=44.98, longitude=-93.27, group=GroupFactory())


@pytest.fixture
def chicago():
    return LocationFactory(name="Chicago", latitude=41.88, longitude=-87.63)


@pytest.fixture
def would_move(minneapolis, chicago):
    """A mug from Chicago that Minneapolis would send for less."""
    mug = stocked(chicago, 5)
    order = placed(line(mug))
    stocked(minneapolis, 5, variant=mug)
    return order


def at(order):
    works = order.fulfillment_orders.filter(status="planned").order_by("pk")
    return [work.location.name for work in works.select_related("location")]


def decided(order) -> list[str]:
    route_batch(now=now())
    assert not RoutingRun.objects.degraded().exists()
    assert audit() == {}
    return at(order)


def test_a_draft_does_nothing(would_move, minneapolis):
    rule_set(filters=[{"kind": "except", "group_ids": [minneapolis.group_id]}])
    assert decided(would_move) == ["Minneapolis"]


def test_a_group_that_is_excluded_gets_no_more_parcels(would_move, minneapolis):
    activated(rule_set(filters=[{"kind": "except", "group_ids": [minneapolis.group_id]}]))
    assert decided(would_move) == ["Chicago"]


def test_what_lies_where_a_new_rule_shuts_may_stay(would_move, chicago):
    """A rule is no reason to break a plan: it is asked of new locations."""
    activated(rule_set(filters=[{"kind": "distance", "number": 5000}, {"kind": "only", "kinds": ["dc"]}]))
    assert decided(would_move) == ["Chicago"]


def test_a_price_outweighs_the_way(would_move, minneapolis):
    activated(rule_set(prices=[{"amount": "30.00", "group_ids": [minneapolis.group_id]}]))
    assert decided(would_move) == ["Chicago"]


def test_a_move_looks_no_farther_than_the_step_on_which_the_order_stands(would_move):
    """Chicago is 350 miles away: only the second step allows it, and that one allows Minneapolis as well."""
    rules = rule_set(preset="nearest", objective="cost")
    for step in list(rules.steps.all()):
        step.delete()
    add_step(rules, "near", filters=[{"kind": "distance", "number": 100}])
    add_step(rules, "anywhere")
    activated(rules)
    assert decided(would_move) == ["Minneapolis"]


def test_a_shelf_that_was_not_counted_lately_gets_no_more_parcels(would_move, minneapolis):
    activated(rule_set(filters=[{"kind": "counted", "number": 30}]))
    shelf = {"variant": would_move.lines.get().variant, "location": minneapolis}
    assert decided(would_move) == ["Chicago"]
    sign = ShelfSign.objects.create(**shelf, counted_at=now() - timedelta(days=31))
    assert decided(would_move) == ["Chicago"]
    sign.counted_at = now() - timedelta(days=29)
    sign.save()
    assert decided(would_move) == ["Minneapolis"]


@pytest.mark.parametrize(("a_day", "sends"), [("0.00", ["Minneapolis"]), ("90.00", ["Chicago"])])
def test_what_waiting_for_a_carrier_costs_is_hq_s_to_say(minneapolis, chicago, a_day, sends):
    """Minneapolis is nearer, and has no room before tomorrow."""
    costs_set(now=now() - timedelta(hours=2), wait_amount=a_day, late_amount=0)
    minneapolis.ship_capacity = 1
    minneapolis.save()
    Shop(minneapolis, BY).release(placed(line(stocked(minneapolis, 1))))
    mug = VariantFactory()
    order = placed(line(mug), on_shortage="backorder")
    stocked(chicago, 5, variant=mug)
    stocked(minneapolis, 5, variant=mug)
    assert decided(order) == sends


def test_a_filter_on_items_shuts_a_location_to_them(would_move, minneapolis):
    product = would_move.lines.get().variant.product
    product.tags = ["glass"]
    product.save()
    activated(rule_set(filters=[{"kind": "except", "group_ids": [minneapolis.group_id], "tag": "glass"}]))
    assert decided(would_move) == ["Chicago"]


def test_under_rules_that_look_at_distance_alone_nothing_is_moved_for_money(would_move):
    activated(rule_set(preset="nearest"))
    assert decided(would_move) == ["Chicago"]


def test_what_is_sold_at_the_till_stays_there(minneapolis, chicago):
    mug = stocked(chicago, 5)
    mug.unit_cost = 1
    mug.save()
    order = placed(line(mug))
    stocked(minneapolis, 1, variant=mug)
    SalesRate.objects.create(variant=mug, location=minneapolis, units=90, daily_rate=3.0, learned_at=now())
    assert decided(order) == ["Chicago"]
    SalesRate.objects.all().delete()
    assert decided(order) == ["Minneapolis"]
