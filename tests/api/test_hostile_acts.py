"""Acts on orders, work, carts and stock refuse what makes no sense, and leave everything as it was."""

import uuid

import pytest

from orders.models import Order
from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import stocked

pytestmark = pytest.mark.django_db

SALE = {"event_id": "e-1", "kind": "pos_sale", "quantity": 1, "occurred_at": "2026-05-01T10:00:00Z"}


def refused(answer, status: int, *errors: tuple[str, str], code: str = "") -> None:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == list(errors)
    assert not code or answer.json()["code"] == code


@pytest.fixture
def number(site, store):
    return site.post("/orders", order_body(pickup(stocked(store, 9), store, 2, reference="1"))).json()["number"]


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, [("/reason", "required")]),
        ({"reason": ""}, 400, [("/reason", "blank")]),
        ({"reason": "x" * 301}, 400, [("/reason", "max_length")]),
        ({"reason": "no", "lines": []}, 400, [("/lines", "min_length")]),
        ({"reason": "no", "lines": [{"reference": "1", "quantity": 0}]}, 400, [("/lines/0/quantity", "min_value")]),
        ({"reason": "no", "lines": [{"reference": "7", "quantity": 1}]}, 422, [("/lines/0/reference", "unknown_line")]),
        ({"reason": "no", "lines": [{"reference": "1", "quantity": 3}]}, 409, [("/lines/0/quantity", "not_open")]),
        (
            {"reason": "no", "lines": [{"reference": "1", "quantity": 1}] * 2}, 422,
            [("/lines/1/reference", "repeated")],
        ),
    ],
)  # fmt: skip
def test_a_cancellation_that_makes_no_sense(site, number, body, status, errors):
    before = rows()
    refused(site.post(f"/orders/{number}/cancellation", body), status, *errors)
    assert rows() == before
    assert Order.objects.get().lines.get().cancelled_quantity == 0


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("/kind", "required")]),
        ({"kind": "whim"}, [("/kind", "invalid_choice")]),
        ({"kind": "payment", "note": 1}, [("/note", "not_text")]),
        ({"kind": "payment", "until": "x"}, [("/until", "unknown_field")]),
    ],
)
def test_an_order_hold_that_makes_no_sense(site, number, body, errors):
    before = rows()
    refused(site.post(f"/orders/{number}/hold", body), 400, *errors)
    assert rows() == before


@pytest.mark.parametrize(
    ("act", "body", "errors"),
    [
        ("acceptance", {"when": "now"}, [("/when", "unknown_field")]),
        ("decline", {}, [("/reason", "required")]),
        ("shipment", {"tracking_number": "1Z"}, [("/carrier", "required")]),
        ("shipment", {"carrier": 5}, [("/carrier", "not_text")]),
        ("hand-over", {}, [("/check", "required")]),
        ("hand-over", {"check": "override", "note": "because"}, [("/check", "invalid_choice")]),
        (
            "hand-over",
            {"check": "code", "code": "x", "cancel_remaining": "yes"},
            [("/cancel_remaining", "not_boolean")],
        ),
    ],
)
def test_an_act_on_work_that_makes_no_sense(site, number, act, body, errors):
    before = rows()
    refused(site.post(f"/fulfillment-orders/{number}-1/{act}", body), 400, *errors)
    assert rows() == before


def test_acts_on_what_is_not_there(site):
    before = rows()
    for path, body in [
        ("/orders/999/cancellation", {"reason": "no"}),
        ("/orders/999/hold", {"kind": "payment"}),
        ("/orders/999/shipping-address", {"line1": "1 Main St", "city": "Chicago", "country": "US"}),
        ("/fulfillment-orders/999-1/acceptance", {}),
        ("/fulfillment-orders/999-1/decline", {"reason": "no"}),
        ("/fulfillment-orders/nothing/shipment", {"carrier": "UPS"}),
        ("/fulfillment-orders/999-1/hand-over", {"check": "code", "code": "x"}),
    ]:
        refused(site.post(path, body), 404)
    refused(site.delete("/orders/999/hold"), 404)
    refused(site.delete(f"/holds/{uuid.uuid4()}"), 404)
    assert rows() == before


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, [("/lines", "required")]),
        ({"lines": []}, 400, [("/lines", "min_length")]),
        ({"lines": [{"sku": "A"}]}, 400, [("/lines/0/quantity", "required")]),
        ({"lines": [{"sku": "A", "quantity": 1, "price": "1"}]}, 400, [("/lines/0/price", "unknown_field")]),
        ({"lines": [{"sku": "A", "quantity": 1}], "expires_in": 5}, 400, [("/expires_in", "min_value")]),
        ({"lines": [{"sku": "A", "quantity": 1}], "expires_in": 86400}, 400, [("/expires_in", "max_value")]),
        (
            {"lines": [{"sku": "A", "quantity": 1, "location": "9"}]}, 422,
            [("/lines/0/sku", "unknown_sku"), ("/lines/0/location", "unknown_location")],
        ),
    ],
)  # fmt: skip
def test_a_cart_hold_that_makes_no_sense(site, store, body, status, errors):
    before = rows()
    refused(site.post("/holds", body), status, *errors)
    assert rows() == before


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"event_id": ""}, 400, ("/1/event_id", "blank")),
        ({"quantity": 0}, 422, ("/1/quantity", "bad_quantity")),
        ({"quantity": -1}, 422, ("/1/quantity", "bad_quantity")),
        ({"quantity": 1_000_001}, 400, ("/1/quantity", "max_value")),
        ({"quantity": "1"}, 400, ("/1/quantity", "not_integer")),
        ({"kind": "theft"}, 400, ("/1/kind", "invalid_choice")),
        ({"kind": "pickup"}, 400, ("/1/kind", "invalid_choice")),
        ({"sku": "NO-SUCH"}, 422, ("/1/sku", "unknown_sku")),
        ({"location": "NO-SUCH"}, 422, ("/1/location", "unknown_location")),
        ({"event_id": "e-0"}, 422, ("/1/event_id", "repeated_event")),
        ({"occurred_at": "2026-05-01T10:00:00"}, 400, ("/1/occurred_at", "offset_required")),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, 400, ("/1/occurred_at", "unlikely_year")),
        ({"surprise": 1}, 400, ("/1/surprise", "unknown_field")),
    ],
)
def test_one_unsound_movement_keeps_the_whole_batch_out(site, store, change, status, error):
    variant = stocked(store, 5)
    sound = {**SALE, "event_id": "e-0", "sku": variant.sku, "location": store.code}
    before = rows()
    refused(site.post("/inventory/movements", [sound, {**sound, "event_id": "e-1", **change}]), status, error)
    assert rows() == before
    assert variant.stock_levels.get().on_hand == 5


@pytest.mark.parametrize(
    ("body", "code"), [({}, "not_a_list"), ([], "empty"), ([SALE] * 501, "max_length"), (None, "not_a_list")]
)
def test_a_batch_is_a_list_of_one_to_five_hundred(site, body, code):
    answer = site.client.post("/api/v1/inventory/movements", body, headers={"Idempotency-Key": "k-1"})
    refused(answer, 400, ("", code))


@pytest.mark.parametrize(
    ("query", "status", "pointer", "code"),
    [
        ({}, 400, "/sku", "required"),
        ({"sku": "NO-SUCH"}, 422, "/sku", "unknown_sku"),
        ({"sku": "x" * 65}, 400, "/sku/0", "max_length"),
        ({"sku": "A", "location": "9999"}, 422, "/location", "unknown_location"),
        ({"sku": "A", "near": "00000"}, 422, "/near", "unknown_place"),
        ({"sku": "A", "near": "44.9"}, 422, "/near", "unknown_place"),
        ({"sku": "A", "near": "nan,nan"}, 422, "/near", "unknown_place"),
        ({"sku": "A", "near": "91,0"}, 422, "/near", "unknown_place"),
        ({"sku": "A", "near": "1,2,3"}, 422, "/near", "unknown_place"),
        ({"sku": "A", "method": "carry_out"}, 400, "/method", "invalid_choice"),
        ({"sku": "A", "quantity": "0"}, 400, "/quantity", "min_value"),
        ({"sku": "A", "quantity": "1.5"}, 400, "/quantity", "invalid"),
        ({"sku": "A", "limit": "101"}, 400, "/limit", "max_value"),
        ({"sku": "A", "colour": "red"}, 400, "/colour", "unknown_parameter"),
    ],
)
def test_a_question_about_stock_that_makes_no_sense(site, store, query, status, pointer, code):
    stocked(store, 5).__class__.objects.update(sku="A")
    refused(site.get("/availability", **query), status, (pointer, code))


def test_a_shipment_of_a_pickup_is_refused(site, store, number):
    work = site.get("/fulfillment-orders", order=number).json()["results"][0]
    refused(site.post(f"/fulfillment-orders/{work['number']}/shipment", {"carrier": "UPS"}), 409, code="not_shipped")
    parcel = site.post("/orders", order_body(ship(stocked(store, 1)))).json()["number"]
    body = {"check": "photo_id", "name": "Ada"}
    refused(site.post(f"/fulfillment-orders/{parcel}-1/hand-over", body), 409, code="not_ready")
