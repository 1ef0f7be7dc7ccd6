"""An order of the site: placed, read while a store works on it, held, cancelled."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inventory.models import StockLevel
from orders.models import FulfillmentOrder, Order
from orders.operations.hand_over import Collector, hand_over
from orders.pickup_code import digest
from tests.api.conftest import carry_out, order_body, pickup, ship
from tests.factories import LocationFactory, person, stocked
from tests.shop import audit, now

pytestmark = pytest.mark.django_db


def reserved(variant, place) -> int:
    return StockLevel.objects.get(variant=variant, location=place).reserved


def test_an_order_is_placed_read_back_and_cancelled(site, store):
    tee, mug = stocked(store, 5), stocked(store, 5)
    lines = [
        pickup(tee, store, 2, reference="1", unit_price="19.99"),
        ship(mug, reference="2", unit_price="12.99", discounts=[{"code": "MAY10", "amount": "1.30"}],
             taxes=[{"name": "MN", "rate": "0.06875", "amount": "0.80"}], gift_message="Happy birthday"),
    ]  # fmt: skip
    body = order_body(*lines, shipping_charge="4.95", collector={"name": "Bea"}, tags=["vip"],
                      metadata={"any": [1, None]},
                      payments=[{"method": "card", "reference": "psp_123", "amount": "57.42"}])  # fmt: skip

    answer = site.post("/orders", body)

    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert answer["Location"] == order["links"]["self"] == f"/api/v1/orders/{order['number']}"
    assert order["status"] == "open"
    assert order["totals"] == {"goods": "52.97", "discounts": "1.30", "taxes": "0.80", "shipping": "4.95",
                               "shipping_taxes": "0.00", "total": "57.42"}  # fmt: skip
    assert order["customer"] == {
        "external_id": "c-7",
        "name": "Ada Byron",
        "email": "ada@example.org",
        "phone": "+16125550100",
    }
    assert (order["collector"], order["tags"], order["metadata"]) == ({"name": "Bea"}, ["vip"], {"any": [1, None]})
    assert order["payments"] == [{"method": "card", "reference": "psp_123", "brand": "", "last4": "", "released": False,
                                  "authorized": "57.42", "captured": "0.00",
                                  "refunded": "0.00"}]  # fmt: skip
    assert order["actions"] == ["cancel", "hold"]
    first, second = order["lines"]
    assert (first["sku"], first["quantity"], first["status"], first["unit_price"]) == (tee.sku, 2, "planned", "19.99")
    assert first["fulfillment"] == {"method": "pickup", "location": store.code, "service": "", "deliver_by": None}
    assert [(each["location"], each["quantity"], each["status"]) for each in first["fulfillments"]] == [
        (store.code, 2, "planned")
    ]
    ready_by = datetime.fromisoformat(first["fulfillments"][0]["promise"]["ready_by"])
    assert ready_by.utcoffset() == ready_by.astimezone(ZoneInfo(store.timezone)).utcoffset()
    assert list(second["fulfillments"][0]["promise"]) == ["ship_by"]
    assert (second["total"], second["gift_message"]) == ("12.49", "Happy birthday")
    assert second["taxes"] == [{"name": "MN", "rate": "0.06875", "amount": "0.80"}]
    assert site.get(order["links"]["self"].removeprefix("/api/v1")).json() == order, "read back as it was answered"
    assert (reserved(tee, store), reserved(mug, store)) == (2, 1)

    cancelled = site.post(
        f"/orders/{order['number']}/cancellation", {"reason": "no", "lines": [{"reference": "1", "quantity": 1}]}
    )
    assert cancelled.status_code == 200
    assert [(line["status"], line["cancelled_quantity"]) for line in cancelled.json()["lines"]] == [
        ("planned", 1),
        ("planned", 0),
    ]
    rest = site.post(f"/orders/{order['number']}/cancellation", {"reason": "changed my mind"}).json()
    assert (rest["status"], rest["actions"]) == ("cancelled", [])
    assert [line["status"] for line in rest["lines"]] == ["cancelled", "cancelled"]
    assert (reserved(tee, store), reserved(mug, store)) == (0, 0)
    nothing = site.post(f"/orders/{order['number']}/cancellation", {"reason": "again"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_open")
    assert audit() == {}


def test_a_line_says_where_its_units_are(site, shop):
    store = shop.store
    tee, mug = stocked(store, 5), stocked(store, 0)
    body = order_body(pickup(tee, store, 2), pickup(mug, store), on_shortage="accept")
    number = site.post("/orders", body).json()["number"]
    order = Order.objects.get(number=number)

    def statuses():
        return [line["status"] for line in site.get(f"/orders/{number}").json()["lines"]]

    assert statuses() == ["planned", "waiting"]
    shop.release(order)
    assert statuses() == ["released", "waiting"]
    FulfillmentOrder.objects.filter(order=order).update(status="planned")
    work = shop.staged(order)
    assert statuses() == ["ready", "waiting"]
    line = work.lines.get()
    collector = Collector(check="photo_id", name="Ada Byron")
    hand_over(number=work.number, collector=collector, units={line.pk: 1}, by=shop.picker, now=now())
    assert statuses() == ["partly_handed_over", "waiting"]
    hand_over(number=work.number, collector=collector, by=shop.picker, now=now())
    assert statuses() == ["handed_over", "waiting"]


def test_a_line_that_is_carried_out_says_who_sold_it_and_is_handed_over(site, store):
    ana, variant = person("associate", at=store, username="ana"), stocked(store, 1)
    sold = {"selling_location": store.code, "associate": ana.username}
    answer = site.post("/orders", order_body(carry_out(variant, store, **sold), channel="endless_aisle"))
    assert answer.status_code == 201, answer.content
    order = answer.json()
    (line,) = order["lines"]
    assert (order["status"], line["status"], order["pickup"]) == ("fulfilled", "handed_over", None)
    assert {name: line[name] for name in sold} == sold
    assert (line["fulfillments"][0]["status"], line["fulfillments"][0]["promise"]) == ("handed_over", {})
    assert site.get(order["links"]["self"].removeprefix("/api/v1")).json() == order, "read back as it was answered"
    topics = [event["topic"] for event in site.get("/events").json()["results"]]
    assert topics[-2:] in (["orders.placed", "orders.carried_out"], [])
    again = site.post("/orders", order_body(carry_out(variant, store)))
    assert (again.status_code, again.json()["code"]) == (409, "insufficient_stock")


def test_the_pickup_code_is_for_keys_that_place_orders(site, new_site, store):
    variant = stocked(store, 5)
    placed = site.post("/orders", order_body(pickup(variant, store))).json()
    code = placed["pickup"]["code"]
    assert Order.objects.get(number=placed["number"]).pickup_code_digest == digest(code)
    reader = new_site(scopes=["orders:read"])
    assert reader.get(f"/orders/{placed['number']}").json()["pickup"] is None
    assert site.post("/orders", order_body(ship(variant))).json()["pickup"] is None


def test_a_held_order_reaches_no_store_until_it_is_released(site, shop):
    variant = stocked(shop.store, 5)
    number = site.post("/orders", order_body(pickup(variant, shop.store))).json()["number"]
    shop.release(Order.objects.get(number=number))

    held = site.post(f"/orders/{number}/hold", {"kind": "fraud_review", "note": "new card"}).json()

    assert held["hold"] == {"kind": "fraud_review", "note": "new card"}
    assert held["actions"] == ["cancel", "release_hold"]
    assert held["lines"][0]["status"] == "planned"
    released = site.delete(f"/orders/{number}/hold").json()
    assert (released["hold"], released["actions"]) == (None, ["cancel", "hold"])
    assert site.delete(f"/orders/{number}/hold").json()["code"] == "not_held"


def test_a_shortage_says_what_could_be_had_where(site, store):
    other = LocationFactory(latitude=store.latitude + 0.1)
    variant = stocked(store, 1)
    stocked(other, 5, variant=variant)

    answer = site.post("/orders", order_body(pickup(variant, store, 3)))

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"], error["wanted"], error["available"]) == (
        "/lines/0",
        "insufficient_stock",
        3,
        1,
    )
    (alternative,) = error["alternatives"]
    assert (alternative["location"], alternative["available"]) == (other.code, 5)
    assert alternative["distance_km"] == pytest.approx(11.1, abs=0.2)
    assert Order.objects.count() == 0


def test_a_paused_store_takes_no_pickup(site, store):
    variant = stocked(store, 5)
    store.paused_until = timezone.now() + timedelta(hours=1)
    store.save()
    answer = site.post("/orders", order_body(pickup(variant, store)))
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert answer.json()["errors"][0]["available"] == 0


def test_amounts_follow_the_currency(site, store, settings_decided):
    settings_decided("orders.currencies", "USD,JPY,BHD")
    variant = stocked(store, 9)
    yen = site.post("/orders", order_body(ship(variant, unit_price="1999"), currency="JPY")).json()
    assert (yen["lines"][0]["unit_price"], yen["totals"]["total"]) == ("1999", "1999")
    dinar = site.post("/orders", order_body(ship(variant, unit_price="1.234"), currency="BHD")).json()
    assert dinar["totals"]["total"] == "1.234"
    assert Order.objects.get(number=dinar["number"]).total_amount == Decimal("1.234")


def test_orders_are_listed_by_what_is_asked(site, store):
    other = LocationFactory()
    here, there = stocked(store, 9), stocked(other, 9)
    began = timezone.now()
    one = site.post("/orders", order_body(pickup(here, store), channel="phone")).json()
    two = site.post("/orders", order_body(pickup(there, other), customer={"external_id": "c-8"})).json()
    site.post(f"/orders/{one['number']}/cancellation", {"reason": "no"})

    def listed(**query):
        answer = site.get("/orders", **query)
        assert answer.status_code == 200, answer.content
        return [order["number"] for order in answer.json()["results"]]

    assert listed() == [two["number"], one["number"]], "latest change last"
    assert listed(status="cancelled") == [one["number"]]
    assert listed(customer="c-8") == [two["number"]]
    assert listed(location=store.code) == [one["number"]]
    assert listed(channel="web") == [two["number"]]
    assert listed(channel_reference=one["channel_reference"]) == [one["number"]]
    assert listed(updated_after=began.isoformat()) == [two["number"], one["number"]]
    assert listed(updated_after=two["updated_at"]) == [one["number"]]
    assert listed(updated_after=timezone.now().isoformat()) == []
    first = site.get("/orders", limit=1).json()
    assert len(first["results"]) == 1
    second = site.client.get(first["next"]).json()
    assert ([order["number"] for order in second["results"]], second["next"]) == ([one["number"]], None)


def test_a_reader_with_the_newest_copy_is_told_so(site, store):
    number = site.post("/orders", order_body(ship(stocked(store, 5)))).json()["number"]
    etag = site.get(f"/orders/{number}")["ETag"]
    assert site.get(f"/orders/{number}", headers={"If-None-Match": etag}).status_code == 304
    site.post(f"/orders/{number}/cancellation", {"reason": "no"})
    assert site.get(f"/orders/{number}", headers={"If-None-Match": etag}).status_code == 200
