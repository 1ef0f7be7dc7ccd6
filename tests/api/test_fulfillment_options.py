"""What a shop may promise before anybody pays: the plan an order would get now, and the stores that have everything."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order, RoutingDecision
from tests.api.conftest import order_body, ship
from tests.api.options import CEILING, cart
from tests.factories import LocationFactory, VariantFactory, stocked

pytestmark = pytest.mark.django_db


def test_the_plan_that_is_told_is_the_plan_that_an_order_gets(site):
    near, far = LocationFactory(name="Near"), LocationFactory(name="Far", latitude=46.0)
    mug, bowl = stocked(near, 5), stocked(far, 5)
    stocked(far, 5, variant=mug)

    told = site.post("/fulfillment-options", cart((mug, 1), (bowl, 1)))

    assert told.status_code == 200, told.content
    assert [each["service"] for each in told.json()["ship"]] == ["standard", "two_day", "next_day"]
    standard = told.json()["ship"][0]
    assert [parcel["location"] for parcel in standard["parcels"]] == [far.code]
    assert standard["missing"] == []
    assert not Order.objects.exists()
    assert not RoutingDecision.objects.exists()
    site.post("/orders", order_body(ship(mug), ship(bowl)))
    assert [work.location for work in Order.objects.get().fulfillment_orders.all()] == [far]


def test_a_faster_service_arrives_sooner_and_says_where_it_would_be_late(site):
    far = LocationFactory(name="Seattle", latitude=47.6, longitude=-122.3)
    mug = stocked(far, 5)
    by_service = {each["service"]: each for each in site.post("/fulfillment-options", cart((mug, 2))).json()["ship"]}
    days = {service: date.fromisoformat(each["arrives_on"]) for service, each in by_service.items()}
    assert days["next_day"] <= days["two_day"] <= days["standard"]
    assert by_service["next_day"]["parcels"][0]["lines"] == [{"reference": "r1", "quantity": 2}]
    for each in by_service.values():
        parcel = each["parcels"][0]
        assert parcel["ships_on"] <= parcel["arrives_on"] == each["arrives_on"]


def test_what_nobody_has_is_missing_and_no_store_offers_it(site):
    store = LocationFactory()
    mug = stocked(store, 1)
    told = site.post("/fulfillment-options", cart((mug, 3))).json()
    assert told["ship"][0]["missing"] == [{"reference": "r1", "quantity": 2}]
    assert told["ship"][0]["arrives_on"] is None
    assert told["pickup"] == []


def test_stores_with_everything_are_told_nearest_first(site):
    near, far, half = LocationFactory(name="Near"), LocationFactory(name="Far", latitude=45.6), LocationFactory()
    mug, bowl = stocked(near, 2), stocked(near, 2)
    for place in (far, half):
        stocked(place, 2, variant=mug)
    stocked(far, 2, variant=bowl)
    told = site.post("/fulfillment-options", cart((mug, 1), (bowl, 2))).json()["pickup"]
    assert [each["location"] for each in told] == [near.code, far.code]
    assert told[0]["distance_km"] < told[1]["distance_km"]
    assert told[0]["ready_by"]


def test_it_costs_the_same_few_statements_for_many_lines_and_locations(site):
    variants = [VariantFactory() for _ in range(8)]
    for n in range(30):
        place = LocationFactory(latitude=44.0 + n / 20)
        for variant in variants:
            stocked(place, 3, variant=variant)
    site.post("/fulfillment-options", cart((variants[0], 1)))
    with CaptureQueriesContext(connection) as one:
        site.post("/fulfillment-options", cart((variants[0], 1), services=["standard"]))
    with CaptureQueriesContext(connection) as many:
        site.post("/fulfillment-options", cart(*((variant, 2) for variant in variants)))
    assert len(one) == len(many) <= CEILING, "\n".join(each["sql"][:100] for each in many)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"lines": []}, 400, None),
        ({"lines": [{"reference": "a", "sku": "nobody's", "quantity": 1}]}, 422, "invalid_cart"),
        ({"services": []}, 400, None),
        ({"surprise": 1}, 400, None),
        ({"ship_to": {}}, 400, None),
    ],
)
def test_what_cannot_be_asked(site, change, status, code):
    variant = stocked(LocationFactory(), 1)
    answer = site.post("/fulfillment-options", cart((variant, 1)) | change)
    assert answer.status_code == status, answer.content
    assert code is None or answer.json()["code"] == code


def test_an_address_that_nobody_knows_ranks_every_location_as_the_farthest(site):
    mug = stocked(LocationFactory(), 3)
    told = site.post("/fulfillment-options", cart((mug, 1), ship_to={"country": "DE", "postal_code": "10115"})).json()
    assert told["ship"][0]["missing"] == []


def test_a_key_of_one_store_learns_of_no_other_store(new_site):
    mine, other = LocationFactory(name="Mine"), LocationFactory(name="Other", latitude=45.6)
    mug = stocked(other, 3)
    told = new_site(name="till", locations=[f"location:{mine.pk}"]).post("/fulfillment-options", cart((mug, 1)))
    assert told.status_code == 200, told.content
    assert [(each["location"], each["name"]) for each in told.json()["ship"][0]["parcels"]] == [(None, None)]
    assert told.json()["pickup"] == []
    assert other.code not in told.content.decode()
