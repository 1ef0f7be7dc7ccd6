"""At the counter "Ship it home" says what the engine would do with the order, from where and by when."""

import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.kits import IS_KIT
from inventory.models import Location, Price, SalesRate, Variant
from omni.core.actors import Actor
from omni.core.channels import Channel
from orders.models import Basket, FulfillmentOrder
from orders.operations import ship_options
from orders.operations.change_basket import open_basket
from orders.views.sell_ways import ways_of
from tests.factories import GroupFactory, LocationFactory, ProductFactory, VariantFactory, line, person, placed, stocked
from tests.factories.requests import ADDRESS
from tests.factories.routing import activated, rule_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return LocationFactory(name="Oak Street", latitude=44.97, longitude=-93.26)


@pytest.fixture
def near(here):
    return LocationFactory(name="Elm Street", latitude=45.55, longitude=-93.26, group=GroupFactory(code="elm"))


@pytest.fixture
def center(here):
    return LocationFactory(name="Chicago", kind=Location.Kind.DC, latitude=41.88, longitude=-87.63)


def ways(variant, here):
    prices = dict(Price.objects.values_list("variant_id", "amount"))
    return ways_of(as_sold(variant), here=here, now=timezone.now(), prices=prices, currency="USD")[variant.pk]


def as_sold(*variants):
    return list(Variant.objects.filter(pk__in=[each.pk for each in variants]).annotate(is_kit=IS_KIT))


def shown(client, here, variant, who=None) -> str:
    client.force_login(who or person("associate", at=here))
    client.post(reverse("inventory:choose_store"), {"store": here.pk})
    page = client.get(f"/sell/products/{variant.product.code}/", {"sku": variant.sku})
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_it_is_shipped_from_where_an_order_would_come_from(client, here, near, center):
    """The last ones near are sold at the till in a day; the center sells nothing."""
    variant = stocked(near, 2)
    Price.objects.update_or_create(variant=variant, currency="USD", defaults={"amount": "49.99"})
    SalesRate.objects.create(variant=variant, location=near, units=90, daily_rate=3, learned_at=timezone.now())
    stocked(center, 5, variant=variant)
    told = ways(variant, here)
    order = placed(line(variant, unit_price=Decimal("49.99")), channel=Channel.ENDLESS_AISLE)
    work = FulfillmentOrder.objects.get(order=order)
    assert told.ships_from == work.location == center
    assert told.ships_by == work.cutoff_at
    page = shown(client, here, variant)
    assert "from Chicago, there by" in page
    assert "Leaves by" in page


def test_a_location_that_hqs_rules_shut_is_not_offered(here, near, center):
    variant = stocked(near, 5)
    assert ways(variant, here).ships_from == near
    activated(rule_set(filters=[{"kind": "except", "group_ids": [near.group_id]}]))
    told = ways(variant, here)
    assert told.ships_from is None
    assert [each.place for each in told.nearby] == [near], "it may be collected there all the same"


def test_each_size_has_its_own_plan_and_none_takes_from_another(here, near, center):
    product = ProductFactory(code="SHIRT")
    small, large = (VariantFactory(product=product, sku=f"SHIRT-{size}") for size in "SL")
    stocked(near, 1, variant=small)
    stocked(center, 1, variant=large)
    found = ways_of(as_sold(small, large), here=here, now=timezone.now(), prices={}, currency="USD")
    assert {variant.sku: found[variant.pk].ships_from for variant in (small, large)} == {
        "SHIRT-S": near, "SHIRT-L": center
    }  # fmt: skip


def test_where_the_engine_fails_the_nearest_is_told_and_that_it_is_only_that(client, here, near, center):
    variant = stocked(near, 5)
    stocked(center, 5, variant=variant)
    with patch.object(ship_options, "decide", side_effect=ValueError("a tariff without zones")):
        told = ways(variant, here)
        page = shown(client, here, variant)
    assert (told.ships_from, told.is_nearest, told.arrives_on) == (near, True, None)
    assert "from Elm Street, the nearest: nobody could work out the best" in page


def test_once_the_basket_has_an_address_it_is_shipped_there(client, here, near, center):
    """The shopper lives in Chicago, a block from the center."""
    variant = stocked(near, 5)
    stocked(center, 5, variant=variant)
    ana = person("associate", at=here)
    open_basket(location=here, by=Actor.of(ana), now=timezone.now())
    assert "from Elm Street" in shown(client, here, variant, ana)
    Basket.objects.update(shipping_address=ADDRESS | {"city": "Chicago", "region": "IL", "postal_code": "60601"})
    assert "from Chicago" in shown(client, here, variant, ana)
