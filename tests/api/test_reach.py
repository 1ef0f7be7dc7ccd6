"""A key sees its own channels and locations; everything else answers 404, as if it were not there."""

import pytest

from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import GroupFactory, LocationFactory, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(site, store):
    """An order of the phone at one store, an order of the web at another."""
    other = LocationFactory()
    mine = site.post("/orders", order_body(pickup(stocked(store, 9), store), channel="phone")).json()["number"]
    theirs = site.post("/orders", order_body(pickup(stocked(other, 9), other))).json()["number"]
    return mine, theirs


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


def test_a_key_of_one_channel(new_site, two):
    mine, theirs = two
    phone = new_site(channels=["phone"])
    assert numbers(phone.get("/orders")) == [mine]
    assert numbers(phone.get("/fulfillment-orders")) == [f"{mine}-1"]
    assert phone.get(f"/orders/{mine}").status_code == 200
    before = rows()
    for path, body in acts(theirs):
        assert phone.post(path, body).status_code == 404, path
    assert phone.get(f"/orders/{theirs}").status_code == 404
    assert phone.get(f"/fulfillment-orders/{theirs}-1").status_code == 404
    assert phone.delete(f"/orders/{theirs}/hold").status_code == 404
    assert rows() == before


def test_a_key_of_one_location(new_site, two, store):
    mine, theirs = two
    till = new_site(locations=[store.scope])
    assert numbers(till.get("/orders")) == [mine]
    assert numbers(till.get("/fulfillment-orders")) == [f"{mine}-1"]
    assert [row["code"] for row in till.get("/locations").json()["results"]] == [store.code]
    before = rows()
    for path, body in acts(theirs):
        assert till.post(path, body).status_code == 404, path
    assert till.get(f"/orders/{theirs}").status_code == 404
    assert rows() == before


def test_a_key_of_a_group_sees_the_locations_below_it(new_site, two, store):
    region = GroupFactory(kind="region")
    store.group = GroupFactory(parent=region)
    store.save()
    district = new_site(locations=[f"group:{region.pk}"])
    assert numbers(district.get("/orders")) == [two[0]]
    assert [row["code"] for row in district.get("/locations").json()["results"]] == [store.code]


def test_a_key_of_one_location_sees_what_it_placed_itself(new_site, store):
    far = LocationFactory()
    variant = stocked(far, 9)
    till = new_site(locations=[store.scope])
    number = till.post("/orders", order_body(ship(variant))).json()["number"]
    assert till.get(f"/orders/{number}").status_code == 200
    assert till.get(f"/fulfillment-orders/{number}-1").status_code == 404, "the work is another location's"


def test_another_locations_stock_is_not_there(new_site, store):
    other = LocationFactory()
    variant = stocked(other, 9)
    till = new_site(locations=[store.scope])
    before = rows()
    sale = {"event_id": "e-1", "sku": variant.sku, "location": other.code, "kind": "pos_sale", "quantity": 1,
            "occurred_at": "2026-05-01T10:00:00Z"}  # fmt: skip
    refused = till.post("/inventory/movements", [sale])
    assert [error["code"] for error in refused.json()["errors"]] == ["unknown_location"]
    assert till.get("/inventory/movements", sku=variant.sku, location=other.code).status_code == 404
    assert till.get(f"/locations/{other.code}").status_code == 404
    assert till.get("/availability", sku=variant.sku).json()["results"][0]["total"] == 0
    assert till.get("/availability", sku=variant.sku, location=other.code).status_code == 422
    hold = till.post("/holds", {"lines": [{"sku": variant.sku, "quantity": 1, "location": other.code}]})
    assert [error["code"] for error in hold.json()["errors"]] == ["unknown_location"]
    assert rows() == before


def test_another_callers_cart_is_not_there(site, new_site, store):
    variant = stocked(store, 9)
    hold = site.post("/holds", {"lines": [{"sku": variant.sku, "quantity": 1, "location": store.code}]}).json()["id"]
    other = new_site(name="marketplace")
    before = rows()
    assert other.get(f"/holds/{hold}").status_code == 404
    assert other.delete(f"/holds/{hold}").status_code == 404
    taken = other.post("/orders", order_body(pickup(variant, store), hold=hold))
    assert (taken.status_code, taken.json()["code"]) == (409, "hold_gone")
    assert rows() == before


SCOPES = {
    ("get", "/orders"): "orders:read",
    ("post", "/orders"): "orders:write",
    ("get", "/orders/1"): "orders:read",
    ("post", "/orders/1/cancellation"): "orders:write",
    ("post", "/orders/1/hold"): "orders:write",
    ("delete", "/orders/1/hold"): "orders:write",
    ("get", "/fulfillment-orders"): "fulfillment:read",
    ("get", "/fulfillment-orders/1-1"): "fulfillment:read",
    ("post", "/fulfillment-orders/1-1/acceptance"): "fulfillment:write",
    ("post", "/fulfillment-orders/1-1/decline"): "fulfillment:write",
    ("post", "/fulfillment-orders/1-1/shipment"): "fulfillment:write",
    ("post", "/fulfillment-orders/1-1/hand-over"): "fulfillment:write",
    ("get", "/availability"): "inventory:read",
    ("get", "/inventory/movements"): "inventory:read",
    ("post", "/inventory/movements"): "inventory:write",
    ("post", "/holds"): "orders:write",
    ("get", "/holds/00000000-0000-0000-0000-000000000000"): "orders:read",
    ("delete", "/holds/00000000-0000-0000-0000-000000000000"): "orders:write",
    ("get", "/locations"): "catalog:read",
    ("get", "/locations/1"): "catalog:read",
    ("get", "/products"): "catalog:read",
    ("get", "/kits"): "catalog:read",
    ("get", "/kits/1"): "catalog:read",
    ("put", "/kits/1"): "catalog:write",
    ("delete", "/kits/1"): "catalog:write",
    ("get", "/variants"): "catalog:read",
    ("get", "/variants/1"): "catalog:read",
}


@pytest.mark.parametrize(("method", "path"), SCOPES, ids=[" ".join(key) for key in SCOPES])
def test_each_act_takes_its_scope_and_a_key(new_site, method, path):
    needed = SCOPES[method, path]
    every = set(SCOPES.values())
    without, with_it = new_site(scopes=sorted(every - {needed})), new_site(scopes=[needed])
    assert getattr(without, method)(path).status_code == 403
    assert getattr(with_it, method)(path).status_code not in {401, 403}
    without.client.credentials()
    assert getattr(without, method)(path).status_code == 401


def acts(number):
    return [
        (f"/orders/{number}/cancellation", {"reason": "no"}),
        (f"/orders/{number}/hold", {"kind": "payment"}),
        (f"/fulfillment-orders/{number}-1/acceptance", {}),
        (f"/fulfillment-orders/{number}-1/decline", {"reason": "no"}),
        (f"/fulfillment-orders/{number}-1/shipment", {"carrier": "UPS"}),
        (f"/fulfillment-orders/{number}-1/hand-over", {"check": "photo_id", "name": "Ada"}),
    ]
