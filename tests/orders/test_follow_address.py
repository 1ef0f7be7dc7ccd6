"""A changed address moves what nobody works on yet; of what is released a person decides."""

import pytest

from omni.core import relay
from orders.models import FulfillmentOrder, OrderException
from orders.operations.fix_address import fix_address
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.requests import ADDRESS
from tests.factories.routing import activated, rule_set
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
CHICAGO = ADDRESS | {"city": "Chicago", "region": "IL", "postal_code": "60601"}


@pytest.fixture
def minneapolis():
    return LocationFactory(name="Minneapolis", latitude=44.98, longitude=-93.27)


@pytest.fixture
def mug(minneapolis):
    mug = stocked(minneapolis, 5)
    stocked(LocationFactory(name="Chicago", latitude=41.88, longitude=-87.63), 5, variant=mug)
    return mug


def moved_to(order, address) -> list[str]:
    fix_address(number=order.number, address=address, by=SITE, now=now())
    relay.stamp()
    relay.deliver(to=["orders.follow_address"])
    works = order.fulfillment_orders.exclude(status="cancelled").select_related("location")
    return [work.location.name for work in works]


def test_before_its_release_the_plan_follows(mug):
    order = placed(line(mug))
    assert moved_to(order, CHICAGO) == ["Chicago"]
    assert not OrderException.objects.exists()
    assert audit() == {}


@pytest.mark.parametrize("preset", ["nearest", "fewest_splits", "sequential"])
def test_so_it_does_where_rules_look_at_something_else_than_money(mug, preset):
    activated(rule_set(preset=preset))
    order = placed(line(mug))
    assert moved_to(order, CHICAGO) == ["Chicago"]
    assert audit() == {}


def test_so_does_an_order_of_more_lines_than_are_priced_together(mug, minneapolis):
    chicago = LocationFactory(name="Loop", latitude=41.89, longitude=-87.62)
    mugs = [stocked(minneapolis, 5) for _ in range(9)]
    for each in mugs:
        stocked(chicago, 5, variant=each)
    order = placed(*[line(each) for each in mugs])
    assert set(moved_to(order, CHICAGO)) == {"Loop"}
    assert audit() == {}


def test_after_its_release_a_person_is_asked(mug):
    order = placed(line(mug))
    FulfillmentOrder.objects.update(release_at=now())
    release_due(now=now())

    assert moved_to(order, CHICAGO) == ["Minneapolis"]

    asked = OrderException.objects.get(kind="address")
    work = order.fulfillment_orders.get()
    assert asked.detail == f"The address changed after release: {work.number} Minneapolis (Released)"
    assert audit() == {}


def test_a_corrected_street_moves_nothing(mug):
    order = placed(line(mug))
    assert moved_to(order, ADDRESS | {"line1": "2 Main St"}) == ["Minneapolis"]
    assert not OrderException.objects.exists()
    order.refresh_from_db()
    assert order.promise_moves == 0
