"""A cart keeps its units for some minutes, and an order takes them over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Hold, StockLevel
from inventory.operations.hold import expire_holds
from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import LocationFactory, stocked
from tests.shop import audit

pytestmark = pytest.mark.django_db


def reserved(variant) -> int:
    return sum(StockLevel.objects.filter(variant=variant).values_list("reserved", flat=True))


def test_a_cart_is_kept_read_and_given_back(site, store):
    tee = stocked(store, 2)
    answer = site.post(
        "/holds", {"lines": [{"sku": tee.sku, "quantity": 2, "location": store.code}], "expires_in": 600}
    )
    assert answer.status_code == 201, answer.content
    hold = answer.json()
    assert answer["Location"] == f"/api/v1/holds/{hold['id']}"
    assert (hold["status"], hold["actions"]) == ("open", ["release"])
    assert hold["lines"] == [{"sku": tee.sku, "quantity": 2, "location": store.code}]
    assert site.get(f"/holds/{hold['id']}").json() == hold
    assert reserved(tee) == 2
    taken = site.post("/orders", order_body(pickup(tee, store)))
    assert taken.json()["code"] == "insufficient_stock", "nobody else gets them"
    assert site.delete(f"/holds/{hold['id']}").status_code == 204
    assert site.delete(f"/holds/{hold['id']}").status_code == 204
    assert reserved(tee) == 0
    assert site.get(f"/holds/{hold['id']}").json()["actions"] == []
    assert audit() == {}


def test_an_order_takes_its_carts_units(site, store):
    tee = stocked(store, 2)
    hold = site.post("/holds", {"lines": [{"sku": tee.sku, "quantity": 2, "location": store.code}]}).json()["id"]
    assert site.post("/orders", order_body(pickup(tee, store, 2), hold=hold)).status_code == 201
    assert reserved(tee) == 2
    used = site.delete(f"/holds/{hold}")
    assert (used.status_code, used.json()["code"]) == (409, "hold_used")
    assert reserved(tee) == 2
    assert audit() == {}


def test_a_cart_that_is_not_wanted_comes_back_by_itself(site, store):
    tee = stocked(store, 2)
    hold = site.post("/holds", {"lines": [{"sku": tee.sku, "quantity": 2, "location": store.code}], "expires_in": 30})
    assert expire_holds(now=timezone.now() + timedelta(seconds=31)) == 1
    assert reserved(tee) == 0
    gone = site.post("/orders", order_body(pickup(tee, store), hold=hold.json()["id"]))
    assert (gone.status_code, gone.json()["code"]) == (409, "hold_gone")


def test_without_a_location_the_units_are_kept_where_they_could_ship_from(site, store):
    other = LocationFactory()
    LocationFactory(can_ship=False)
    tee, mug = stocked(store, 3), stocked(other, 3)
    stocked(other, 3, variant=tee)
    body = {"lines": [{"sku": tee.sku, "quantity": 2}, {"sku": mug.sku, "quantity": 1}]}
    assert [line["location"] for line in site.post("/holds", body).json()["lines"]] == [other.code, other.code]
    apart = site.post("/holds", {"lines": [{"sku": tee.sku, "quantity": 3}, {"sku": mug.sku, "quantity": 1}]}).json()
    assert [line["location"] for line in apart["lines"]] == [store.code, other.code]
    assert site.post("/orders", order_body(ship(tee, 3), hold=apart["id"])).status_code == 201
    assert audit() == {}


@pytest.mark.parametrize("named", [True, False], ids=["at a store", "anywhere"])
def test_all_or_nothing_is_kept(site, store, named):
    tee, mug = stocked(store, 5), stocked(store, 1)
    where = {"location": store.code} if named else {}
    before = rows()
    answer = site.post(
        "/holds", {"lines": [{"sku": tee.sku, "quantity": 5, **where}, {"sku": mug.sku, "quantity": 2, **where}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["wanted"], error["available"]) == ("/lines/1", 2, 1)
    assert (reserved(tee), reserved(mug), Hold.objects.count()) == (0, 0, 0)
    assert rows() == before
