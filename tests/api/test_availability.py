"""What can be had, where and by when."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from tests.api.conftest import order_body, pickup
from tests.factories import LocationFactory, VariantFactory, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """Three stores on a line: 0, 11 and 22 km from 44.97,-93.26."""
    return [LocationFactory(latitude=44.97 + n / 10) for n in range(3)]


HERE = "44.97,-93.26"


def ask(site, *skus, **query):
    answer = site.client.get("/api/v1/availability", {"sku": list(skus), **query})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_totals_over_all_and_the_nearest_first(site, network):
    near, middle, far = network
    tee, mug = stocked(far, 7), stocked(middle, 2)
    stocked(near, 1, variant=tee)
    tees, mugs = ask(site, tee.sku, mug.sku, near=HERE, limit=1)
    assert (tees["sku"], tees["total"], tees["state"]) == (tee.sku, 8, "in_stock")
    assert [(row["location"], row["available"], row["state"], row["distance_km"]) for row in tees["locations"]] == [
        (near.code, 1, "low", 0.0)
    ]
    assert (mugs["total"], mugs["state"]) == (2, "low")
    assert [row["location"] for row in mugs["locations"]] == [middle.code], "each item has its own nearest"
    everywhere = ask(site, tee.sku, near=HERE)[0]["locations"]
    assert [row["location"] for row in everywhere] == [near.code, far.code]
    assert everywhere[1]["distance_km"] == pytest.approx(22.2, abs=0.2)


def test_only_who_has_enough_is_listed_unless_named(site, network):
    near, middle, _far = network
    tee = stocked(near, 1)
    stocked(middle, 2, variant=tee)
    assert [row["location"] for row in ask(site, tee.sku, near=HERE, quantity=2)[0]["locations"]] == [middle.code]
    named = ask(site, tee.sku, near=HERE, quantity=2, location=[near.code, middle.code])[0]
    assert [(row["location"], row["available"], row["state"]) for row in named["locations"]] == [
        (near.code, 1, "out"), (middle.code, 2, "low"),
    ]  # fmt: skip
    assert named["locations"][0]["ready_by"] is None, "no promise for what is not there"
    assert named["total"] == 3


def test_what_is_promised_or_kept_back_is_not_available(site, network):
    near, *_ = network
    tee = stocked(near, 5, safety_stock=1)
    site.post("/orders", order_body(pickup(tee, near, 2)))
    assert Order.objects.count() == 1
    assert ask(site, tee.sku)[0]["total"] == 2


def test_the_method_decides_who_is_asked(site, network):
    near, middle, _far = network
    tee = stocked(near, 5)
    stocked(middle, 5, variant=tee)
    near.can_ship = False
    near.save()
    shipped = ask(site, tee.sku, method="ship")[0]
    assert [row["location"] for row in shipped["locations"]] == [middle.code]
    assert (shipped["total"], shipped["locations"][0]["ready_by"]) == (5, None)
    collected = ask(site, tee.sku, method="pickup", near=HERE)[0]
    assert [row["location"] for row in collected["locations"]] == [near.code, middle.code]
    assert {row["ship_by"] for row in collected["locations"]} == {None}
    both = ask(site, tee.sku, near=HERE)[0]["locations"]
    assert [(bool(row["ready_by"]), bool(row["ship_by"])) for row in both] == [(True, False), (True, True)]


def test_a_promise_is_on_the_stores_own_clock(site, network):
    near, *_ = network
    near.timezone = "America/Chicago"
    near.save()
    tee = stocked(near, 5)
    promised = datetime.fromisoformat(ask(site, tee.sku)[0]["locations"][0]["ready_by"])
    assert promised.utcoffset() in (timedelta(hours=-5), timedelta(hours=-6))
    assert abs(promised - timezone.now() - timedelta(hours=1)) < timedelta(minutes=1)


def test_a_paused_or_closed_location_sells_nothing(site, network):
    near, middle, far = network
    tee = stocked(near, 5)
    stocked(middle, 5, variant=tee)
    stocked(far, 5, variant=tee)
    near.paused_until = timezone.now() + timedelta(hours=1)
    near.save()
    middle.is_active = False
    middle.save()
    (item,) = ask(site, tee.sku)
    assert (item["total"], [row["location"] for row in item["locations"]]) == (5, [far.code])
    (named,) = ask(site, tee.sku, location=near.code)
    assert named["locations"][0]["ready_by"] is None


def test_a_place_without_coordinates_is_never_next_door(site, network):
    near, *_ = network
    nowhere = LocationFactory(latitude=None, longitude=None)
    tee = stocked(nowhere, 5)
    stocked(near, 1, variant=tee)
    rows = ask(site, tee.sku, near="55401")[0]["locations"]
    assert [row["location"] for row in rows] == [near.code, nowhere.code]
    assert rows[1]["distance_km"] is None


def test_an_item_that_is_no_longer_sold_is_out(site, network):
    tee = stocked(network[0], 5)
    tee.is_active = False
    tee.save()
    nothing = VariantFactory()
    for item in ask(site, tee.sku, nothing.sku):
        assert (item["total"], item["state"], item["locations"]) == (0, "out", [])
