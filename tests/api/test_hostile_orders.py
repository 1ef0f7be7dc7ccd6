"""Bad input gets a clear error with its place, and leaves no row."""

import copy
import json

import pytest
from django.utils import timezone

from omni.core.models import ApiKey
from tests.api.conftest import Site, order_body, pickup, rows, ship
from tests.factories import LocationFactory, VariantFactory, stocked

pytestmark = pytest.mark.django_db

REMOVE = object()


@pytest.fixture
def body(store):
    """A sound order: one line picked up, one shipped."""
    inactive = LocationFactory(code="closed-down", is_active=False)
    LocationFactory(code="no-pickup", can_pick_up=False)
    VariantFactory(sku="OLD", is_active=False)
    VariantFactory(sku="EUROS-ONLY").prices.update(currency="EUR")
    lines = [pickup(stocked(store, 9), store, reference="1"), ship(stocked(store, 9), reference="2")]
    assert inactive.pk
    return order_body(
        *lines, payments=[{"method": "card", "reference": "psp_1", "amount": "10.00"}], collector={"name": "Bea"}
    )


def changed(body: dict, pointer: str, value) -> dict:
    """The body with one place changed or removed."""
    twisted = copy.deepcopy(body)
    *path, last = [int(part) if part.isdigit() else part for part in pointer.strip("/").split("/")]
    at = twisted
    for part in path:
        at = at[part]
    if value is REMOVE:
        del at[last]
    else:
        at[last] = value
    return twisted


SHAPE = [
    # pointer, value, code
    ("/lines", REMOVE, "required"),
    ("/currency", REMOVE, "required"),
    ("/channel", REMOVE, "required"),
    ("/channel_reference", REMOVE, "required"),
    ("/lines/0/sku", REMOVE, "required"),
    ("/lines/0/quantity", REMOVE, "required"),
    ("/lines/0/fulfillment", REMOVE, "required"),
    ("/lines/0/fulfillment/method", REMOVE, "required"),
    ("/surprise", 1, "unknown_field"),
    ("/customer/surprise", 1, "unknown_field"),
    ("/lines/0/surprise", 1, "unknown_field"),
    ("/lines/0/unit_prise", "19.99", "unknown_field"),
    ("/lines/1/fulfillment/surprise", 1, "unknown_field"),
    ("/lines", {}, "not_a_list"),
    ("/lines", "many", "not_a_list"),
    ("/lines", None, "null"),
    ("/lines", [], "min_length"),
    ("/lines/0", 1, "invalid"),
    ("/customer", [], "invalid"),
    ("/customer", None, "null"),
    ("/customer/external_id", 7, "not_text"),
    ("/customer/email", "not an address", "invalid"),
    ("/channel", "fax", "invalid_choice"),
    ("/channel_reference", "", "blank"),
    ("/channel_reference", "x" * 101, "max_length"),
    ("/lines/0/quantity", 0, "min_value"),
    ("/lines/0/quantity", -1, "min_value"),
    ("/lines/0/quantity", 1_000_001, "max_value"),
    ("/lines/0/quantity", 10**30, "max_value"),
    ("/lines/0/quantity", "2", "not_integer"),
    ("/lines/0/quantity", 2.0, "not_integer"),
    ("/lines/0/quantity", True, "not_integer"),
    ("/lines/0/quantity", None, "null"),
    ("/lines/0/sku", 12345, "not_text"),
    ("/lines/0/sku", "x" * 65, "max_length"),
    ("/lines/0/unit_price", 19.99, "not_decimal_text"),
    ("/lines/0/unit_price", "NaN", "not_decimal_text"),
    ("/lines/0/unit_price", "Infinity", "not_decimal_text"),
    ("/lines/0/unit_price", "1e3", "not_decimal_text"),
    ("/lines/0/unit_price", "-1.00", "negative"),
    ("/lines/0/unit_price", "1.00001", "not_decimal_text"),
    ("/lines/0/unit_price", "99999999999.00", "not_decimal_text"),
    ("/lines/0/discounts", [{"code": "A", "amount": 1}], "not_decimal_text"),
    ("/lines/0/taxes", [{"name": "MN", "rate": "a lot", "amount": "1.00"}], "not_a_rate"),
    ("/lines/0/fulfillment/method", "drone", "invalid_choice"),
    ("/lines/1/fulfillment/deliver_by", "2026-05-01T10:00:00", "offset_required"),
    ("/lines/1/fulfillment/deliver_by", "tomorrow", "invalid"),
    ("/lines/1/fulfillment/deliver_by", "2026-02-30T10:00:00Z", "invalid"),
    ("/lines/1/fulfillment/deliver_by", 1777000000, "invalid"),
    ("/lines/1/fulfillment/deliver_by", "0001-01-01T00:00:00Z", "unlikely_year"),
    ("/shipping_address/country", "USA", "max_length"),
    ("/collector", {}, "required"),
    ("/tags", "vip", "not_a_list"),
    ("/tags", [1], "not_text"),
    ("/metadata", [], "not_a_dict"),
    ("/metadata", {"note": "x" * 20_000}, "too_large"),
    ("/prices_include_tax", "yes", "not_boolean"),
    ("/payments/0/status", "paid", "invalid_choice"),
    ("/on_shortage", "maybe", "invalid_choice"),
    ("/hold", "not-a-uuid", "invalid"),
]
DEEPER = {"/collector": "/collector/name", "/tags": "/tags", "/lines/0/discounts": "/lines/0/discounts/0/amount",
          "/lines/0/taxes": "/lines/0/taxes/0/rate"}  # fmt: skip

SENSE = [
    ("/lines/0/sku", "NO-SUCH", "unknown_sku", "/lines/0/sku"),
    ("/lines/0/sku", "OLD", "inactive_sku", "/lines/0/sku"),
    ("/lines/0/sku", "EUROS-ONLY", "no_price", "/lines/0/unit_price"),
    ("/lines/0/fulfillment/location", "9999", "unknown_location", "/lines/0/fulfillment/location"),
    ("/lines/0/fulfillment/location", "closed-down", "no_pickup", "/lines/0/fulfillment/location"),
    ("/lines/0/fulfillment/location", "no-pickup", "no_pickup", "/lines/0/fulfillment/location"),
    ("/lines/0/fulfillment/location", REMOVE, "required", "/lines/0/fulfillment/location"),
    ("/lines/1/fulfillment/location", "1000", "not_allowed", "/lines/1/fulfillment/location"),
    ("/lines/1/fulfillment/method", "carry_out", "required", "/lines/1/fulfillment/location"),
    ("/lines/0/selling_location", "nowhere", "unknown_location", "/lines/0/selling_location"),
    ("/lines/0/associate", "nobody", "unknown_associate", "/lines/0/associate"),
    ("/lines/1/reference", "1", "repeated", "/lines/0/reference"),
    ("/currency", "XXX", "unknown_currency", "/currency"),
    ("/currency", "usd", "unknown_currency", "/currency"),
    ("/lines/0/unit_price", "19.999", "too_many_decimals", "/lines/0/unit_price"),
    ("/payments/0/amount", "10.001", "too_many_decimals", "/payments/0/amount"),
    ("/payments/0/reference", "4111111111111111", "card_number", "/payments/0/reference"),
    ("/metadata", {"basket": {"cards": ["5555555555554444"]}}, "card_number", "/metadata/basket"),
    ("/lines/0/discounts", [{"code": "A", "amount": "5000.00"}], "exceeds_price", "/lines/0/discounts"),
    ("/lines/0/taxes", [{"name": "A", "amount": "9999999999.00"}] * 2, "too_large", "/lines"),
    ("/shipping_address", REMOVE, "required", "/shipping_address"),
]


@pytest.mark.parametrize(("pointer", "value", "code"), SHAPE, ids=[f"{p} {str(v)[:20]}" for p, v, _c in SHAPE])
def test_a_wrong_shape_is_refused_with_its_place(site, body, pointer, value, code):
    before = rows()
    answer = site.post("/orders", changed(body, pointer, value))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (400, "invalid_request")
    found = [(error["pointer"], error["code"]) for error in problem["errors"]]
    inside = [f"{pointer}/0"] if value == [1] else [DEEPER.get(pointer, pointer)]
    assert found[0] in [(place, code) for place in inside], found
    assert all(error["detail"] for error in problem["errors"])
    assert rows() == before


@pytest.mark.parametrize(("pointer", "value", "code", "place"), SENSE, ids=[f"{p} {c}" for p, _v, c, _s in SENSE])
def test_what_cannot_be_an_order_is_refused_with_its_place(site, body, pointer, value, code, place):
    before = rows()
    answer = site.post("/orders", changed(body, pointer, value))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), answer.content
    assert (place, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert rows() == before


def test_every_problem_is_told_at_once(site, body):
    twisted = changed(changed(changed(body, "/lines/0/quantity", 0), "/surprise", 1), "/lines/1/sku", 5)
    found = {error["pointer"] for error in site.post("/orders", twisted).json()["errors"]}
    assert found == {"/lines/0/quantity", "/surprise", "/lines/1/sku"}


RAW = [
    ("malformed", "{", 400, "malformed_json"),
    ("nothing", "", 400, "invalid_request"),
    ("a text", '"order"', 400, "invalid_request"),
    ("a list", "[]", 400, "invalid_request"),
    ("null", "null", 400, "invalid_request"),
    ("NaN", '{"lines": NaN}', 400, "not_a_number"),
    ("Infinity", '{"lines": -Infinity}', 400, "not_a_number"),
    ("a field twice", '{"lines": [], "lines": []}', 400, "duplicate_field"),
    ("nested 40 deep", '{"metadata": ' + '{"a":' * 40 + "1" + "}" * 41, 400, "too_deep"),
    ("nested 100,000 deep", "[" * 100_000 + "]" * 100_000, 400, "too_deep"),
    ("a NUL", '{"channel_reference": "a\\u0000b"}', 400, "nul_character"),
    ("half a surrogate pair", '{"channel_reference": "\\ud800"}', 400, "not_utf8"),
    ("not UTF-8", b'{"channel_reference": "\xff"}', 400, "not_utf8"),
    ("a megabyte of name", json.dumps({"customer": {"name": "x" * 1024 * 1024}}), 413, "too_large"),
]


@pytest.mark.parametrize(("text", "status", "code"), [row[1:] for row in RAW], ids=[row[0] for row in RAW])
def test_a_body_that_is_no_order_is_refused(site, body, text, status, code):
    before = rows()
    answer = site.client.post(
        "/api/v1/orders", text, content_type="application/json", headers={"Idempotency-Key": "k-1"}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert rows() == before


def test_a_name_of_almost_a_megabyte_is_refused_by_its_length(site, body):
    answer = site.post("/orders", changed(body, "/customer/name", "x" * 900_000))
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/customer/name", "max_length")
    ]


def test_another_media_type_is_refused(site, body):
    answer = site.client.post(
        "/api/v1/orders", "a=b", content_type="application/x-www-form-urlencoded", headers={"Idempotency-Key": "k-1"}
    )
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize("key", [None, "", "x" * 256, "two words"], ids=["none", "empty", "too long", "with a space"])
def test_a_missing_or_odd_idempotency_key_is_refused(site, body, key):
    before = rows()
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = site.client.post("/api/v1/orders", body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == ("idempotency_key_required" if key is None else "idempotency_key_invalid")
    assert rows() == before


def test_who_may_not_come_in_changes_nothing(site, new_site, body, store):
    before = rows()
    stranger = Site(site.key, "omni_" + "x" * 40)
    revoked = new_site()
    ApiKey.objects.filter(pk=revoked.key.pk).update(revoked_at=timezone.now())
    reader = new_site(scopes=["orders:read"])
    phone_only = new_site(channels=["phone"])
    elsewhere = new_site(locations=[LocationFactory().scope])

    answers = [caller.post("/orders", body) for caller in (stranger, revoked, reader, phone_only, elsewhere)]

    codes = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert codes == [(401, "unknown_key"), (401, "unknown_key"), (403, "missing_scope"), (403, "channel_not_allowed"),
                     (422, "invalid_order")]  # fmt: skip
    assert answers[0]["WWW-Authenticate"] == 'Bearer realm="omni"'
    assert [error["code"] for error in answers[4].json()["errors"]] == ["unknown_location"]
    assert rows() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_an_act_that_does_not_exist_is_405(site, method):
    answer = getattr(site.client, method)("/api/v1/orders", {})
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/orders", {"colour": "red"}),
        ("/orders", {"status": "lost"}),
        ("/orders", {"updated_after": "yesterday"}),
        ("/orders", {"updated_after": "2026-05-01T10:00:00"}),
        ("/orders", {"limit": "many"}),
        ("/orders", {"limit": "0"}),
        ("/orders", {"cursor": "made-up"}),
        ("/orders", {"cursor": "cD1hYmM="}),
        ("/fulfillment-orders", {"cursor": "cD1hYmM="}),
        ("/fulfillment-orders", {"order": "1" * 30}),
        ("/fulfillment-orders", {"kind": "kiosk"}),
    ],
)
def test_a_question_that_is_not_understood_is_refused(site, path, query):
    answer = site.get(path, **query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_filter_given_twice_is_refused(site):
    answer = site.client.get("/api/v1/orders?status=open&status=cancelled")
    assert answer.json()["errors"][0]["code"] == "repeated_parameter"


def test_a_plus_sign_in_a_time_is_read_as_meant(site):
    assert site.client.get("/api/v1/orders?updated_after=2026-05-01T10:00:00+02:00").status_code == 200


@pytest.mark.parametrize("number", ["0", "1", "99999999", "9" * 25, "9" * 5000, "abc", "1-1", "%00"])
def test_an_order_that_is_not_there_is_404(site, number):
    answer = site.get(f"/orders/{number}")
    assert answer.status_code == (400 if number == "%00" else 404)
    assert answer["Content-Type"] == "application/problem+json"
