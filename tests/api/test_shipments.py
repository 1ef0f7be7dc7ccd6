"""Parcels over the API: packed, shipped in parts, followed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zeal import zeal_context

from orders.carriers.port import News
from orders.models import FulfillmentOrder, Order, Shipment
from orders.operations.follow import record_news
from orders.operations.release import release_due
from tests.api.conftest import order_body, ship
from tests.factories import LocationFactory, stocked
from tests.factories.parcels import carton
from tests.shop import audit, now

pytestmark = pytest.mark.django_db


def released(number: str) -> str:
    FulfillmentOrder.objects.filter(order__number=number).update(release_at=now())
    release_due(now=now())
    return f"{number}-1"


@pytest.fixture
def work(site):
    """Three units for a distribution center."""
    dc = LocationFactory(kind="dc", can_pick_up=False)
    return released(site.post("/orders", order_body(ship(stocked(dc, 5), 3, reference="1"))).json()["number"])


def parcel(units: int | None = None, tracking: str = "1Z1", **more) -> dict:
    lines = {"lines": [{"reference": "1", "quantity": units}]} if units else {}
    return {"carrier": "UPS", "tracking_number": tracking, **lines, **more}


def test_a_partner_ships_in_two_parcels(site, work):
    first = site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [parcel(2, "1Z1", service="Ground")]}).json()
    assert (first["status"], first["lines"][0]["issued_quantity"]) == ("accepted", 2)
    second = site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [parcel(None, "1Z2")]}).json()
    assert (second["status"], [each["tracking_number"] for each in second["shipments"]]) == ("shipped", ["1Z1", "1Z2"])
    listed = site.get("/shipments", order=second["order"]).json()["results"]
    assert [(each["number"], each["status"], each["lines"][0]["quantity"]) for each in listed] == [
        (f"{work}-P1", "handed_over", 2), (f"{work}-P2", "handed_over", 1),
    ]  # fmt: skip
    assert audit() == {}


def test_both_parcels_may_come_in_one_request_and_too_many_units_undo_all(site, work):
    over = site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [parcel(2), parcel(2, "1Z2")]})
    assert (over.status_code, over.json()["code"], Shipment.objects.count()) == (422, "bad_quantity", 0)
    unknown = site.post(f"/fulfillment-orders/{work}/shipment",
                        {"parcels": [{"carrier": "UPS", "lines": [{"reference": "9", "quantity": 1}]}]})  # fmt: skip
    assert unknown.json()["errors"][0]["pointer"] == "/parcels/0/lines/0/reference"
    done = site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [parcel(2), parcel(1, "1Z2")]})
    assert (done.status_code, done.json()["status"]) == (200, "shipped")
    assert audit() == {}


@pytest.mark.parametrize("body", [{}, {"carrier": "UPS", "parcels": [{"carrier": "UPS"}]}, {"parcels": []},
                                  {"parcels": [{"carrier": "UPS", "shipment": "x", "weight_g": 5}]}])  # fmt: skip
def test_a_body_that_says_both_or_nothing_is_refused(site, work, body):
    assert site.post(f"/fulfillment-orders/{work}/shipment", body).status_code == 400
    assert not Shipment.objects.exists()


def test_a_stores_order_is_packed_and_each_parcel_leaves(site, shop):
    carton()
    tee = stocked(shop.store, 5)
    number = site.post("/orders", order_body(ship(tee, 3, reference="1"))).json()["number"]
    work = shop.staged(Order.objects.get(number=number)).number
    assert "pack" in site.get(f"/fulfillment-orders/{work}").json()["actions"]
    body = {"parcels": [{"carton": "M", "weight_g": 900, "lines": [{"reference": "1", "quantity": 2}]},
                        {"size_mm": [200, 100, 100], "weight_g": 400}]}  # fmt: skip
    packed = site.post(f"/fulfillment-orders/{work}/pack", body).json()
    assert ([each["status"] for each in packed["shipments"]], packed["lines"][0]["packed_quantity"]) == (
        ["packed", "packed"], 3,
    )  # fmt: skip
    assert packed["actions"] == ["ship"]
    several = site.post(f"/fulfillment-orders/{work}/shipment", {"carrier": "UPS"})
    assert (several.status_code, several.json()["code"]) == (409, "several_parcels")
    for n, each in enumerate(packed["shipments"]):
        said = {"carrier": "UPS", "tracking_number": f"1Z{n}", "shipment": each["number"]}
        left = site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [said]})
        assert left.status_code == 200
    assert left.json()["status"] == "shipped"
    one = site.get(f"/shipments/{packed['shipments'][1]['number']}").json()
    assert (one["size_mm"], one["weight_g"], one["tracking_number"]) == ([200, 100, 100], 400, "1Z1")
    assert audit() == {}


def test_an_unknown_carton_or_a_foreign_parcel_is_refused(site, shop):
    tee = stocked(shop.store, 5)
    number = site.post("/orders", order_body(ship(tee, 1, reference="1"))).json()["number"]
    work = shop.staged(Order.objects.get(number=number)).number
    unknown = site.post(f"/fulfillment-orders/{work}/pack", {"parcels": [{"carton": "XXXL"}]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_carton")
    foreign = site.post(f"/fulfillment-orders/{work}/shipment",
                        {"parcels": [{"carrier": "UPS", "shipment": "1-1-P1"}]})  # fmt: skip
    assert (foreign.status_code, foreign.json()["code"]) == (409, "no_such_parcel")


def test_news_of_a_parcel_are_told_with_it(site, work):
    site.post(f"/fulfillment-orders/{work}/shipment", {"carrier": "UPS", "tracking_number": "1Z9"})
    news = News("e-1", "1Z9", "delivered", timezone.now(), "Left at door", "Saint Paul, MN")
    record_news(news=news, source="test", now=timezone.now())
    (found,) = site.get("/shipments", tracking_number="1Z9", status="delivered").json()["results"]
    one = site.get(f"/shipments/{found['number']}").json()
    assert (one["delivered_at"] is not None, one["tracking"][0]["message"]) == (True, "Left at door")
    assert site.get("/shipments/none").status_code == 404


def test_a_list_costs_the_same_for_any_length(site, work):
    costs = []
    for n in range(3):
        site.post(f"/fulfillment-orders/{work}/shipment", {"parcels": [parcel(1, f"1Z{n}")]})
        with CaptureQueriesContext(connection) as asked, zeal_context():
            assert len(site.get("/shipments").json()["results"]) == n + 1
        costs.append(len(asked))
    assert costs[1] == costs[2] <= 3
