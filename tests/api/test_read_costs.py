"""No answer asks the database more the longer it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from zeal import zeal_context

from omni.core.settings_store import setting
from orders import preferences
from tests.api.conftest import order_body, pickup, ship
from tests.factories import BarcodeFactory, GroupFactory, LocationFactory, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def grow(site):
    """Each call adds a store, items, prices, carts and orders with work in two places."""

    def more():
        store = LocationFactory(group=GroupFactory())
        tee, mug = stocked(store, 50), stocked(store, 50)
        BarcodeFactory(variant=tee)
        payments = [{"method": "card", "reference": "psp", "amount": "1.00"}]
        lines = [pickup(tee, store, 2), ship(mug), pickup(mug, store)]
        answer = site.post("/orders", order_body(*lines, payments=payments))
        assert answer.status_code == 201
        return tee, store, answer.json()["number"]

    return more


def count(site, path, **query) -> int:
    setting(preferences.SEARCH_SITES)
    with CaptureQueriesContext(connection) as asked, zeal_context():
        answer = site.get(path, **query)
    assert answer.status_code == 200, answer.content
    return len(asked)


CEILINGS = {
    "/orders": 6,
    "/fulfillment-orders": 6,
    "/locations": 2,
    "/products": 3,
    "/variants": 5,
}


@pytest.mark.parametrize("path", CEILINGS)
def test_a_list_costs_the_same_for_any_length(site, grow, path):
    grow()
    site.get(path)
    few = count(site, path)
    for _ in range(4):
        grow()
    assert len(site.get(path).json()["results"]) >= 5
    assert count(site, path) == few <= CEILINGS[path]


def test_one_thing_costs_the_same_whatever_it_holds(site, grow):
    tee, store, number = grow()
    site.get("/orders")
    long = site.post("/orders", order_body(*[pickup(stocked(store, 9), store) for _ in range(20)])).json()["number"]
    assert count(site, f"/orders/{number}") == count(site, f"/orders/{long}") == 6
    assert count(site, f"/fulfillment-orders/{number}-1") == count(site, f"/fulfillment-orders/{long}-1") == 6
    assert count(site, f"/locations/{store.code}") == 2
    assert count(site, f"/variants/{tee.sku}") == 5
    assert count(site, "/inventory/movements", sku=tee.sku, location=store.code) == 4


def test_stock_of_many_items_in_many_places_costs_the_same(site, grow):
    tees = [grow()[0].sku]
    site.get("/availability", sku=tees[0])
    few = count(site, "/availability", sku=tees[0], near="55401")
    tees += [grow()[0].sku for _ in range(4)]
    site.get("/availability", sku=tees[0])  # the new locations are read once
    with CaptureQueriesContext(connection) as asked, zeal_context():
        answer = site.client.get("/api/v1/availability", {"sku": tees, "near": "55401"})
    assert len(answer.json()["results"]) == 5
    assert len(asked) == few == 4
