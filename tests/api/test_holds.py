"""A cart keeps its units for some minutes, and an order takes them over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Hold, StockLevel
from inventory.operations.define_kit import define_kit
from inventory.operations.hold import expire_holds
from omni.core.actors import Actor
from tests.api.conftest import order_body, pickup, rows, ship
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.kits import kit_of
from tests.shop import audit, level

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
    assert hold["lines"] == [{"sku": tee.sku, "quantity": 2, "location": store.code, "parts": []}]
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


@pytest.fixture
def gift(store):
    """Two tees and a mug; the store has parts for two of them."""
    tee, mug = stocked(store, 5, variant=VariantFactory(price="20")), stocked(store, 2, variant=VariantFactory())
    kit = kit_of({tee: 2, mug: 1}, amount="40")
    return kit, tee, mug


def test_a_kit_is_kept_as_its_parts_and_told_as_itself(site, store, gift):
    kit, tee, mug = gift
    body = {"lines": [{"sku": kit.sku, "quantity": 2, "location": store.code}, {"sku": tee.sku, "quantity": 1}]}
    answer = site.post("/holds", body)
    assert answer.status_code == 201, answer.content
    hold = answer.json()
    assert hold["lines"] == [
        {"sku": kit.sku, "quantity": 2, "location": store.code,
         "parts": [{"sku": tee.sku, "quantity": 4, "location": store.code},
                   {"sku": mug.sku, "quantity": 2, "location": store.code}]},
        {"sku": tee.sku, "quantity": 1, "location": store.code, "parts": []},
    ]  # fmt: skip
    assert (reserved(tee), reserved(mug)) == (5, 2)
    for wanted in (kit, tee, mug):
        taken = site.post("/orders", order_body(pickup(wanted, store)))
        assert taken.json()["code"] == "insufficient_stock", "nobody else gets them"
    assert site.get(f"/holds/{hold['id']}").json() == hold
    assert site.delete(f"/holds/{hold['id']}").status_code == 204
    assert (reserved(tee), reserved(mug)) == (0, 0)
    assert audit() == {}


def test_an_order_takes_the_kit_that_its_cart_kept(site, store, gift):
    kit, tee, mug = gift
    hold = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 2, "location": store.code}]}).json()["id"]
    refused = site.post("/orders", order_body(pickup(kit, store)))
    assert refused.json()["code"] == "insufficient_stock"
    placed = site.post("/orders", order_body(pickup(kit, store, 2, reference="gift"), hold=hold))
    assert placed.status_code == 201, placed.content
    order = placed.json()
    assert [(each["reference"], each["quantity"]) for each in order["kits"]] == [("gift", 2)]
    assert [(each["sku"], each["quantity"]) for each in order["lines"]] == [(tee.sku, 4), (mug.sku, 2)]
    assert (level(tee, store), level(mug, store)) == ((5, 4, 0), (2, 2, 0))
    assert Hold.objects.get(pk=hold).status == Hold.Status.USED
    assert audit() == {}


def test_a_kit_that_nobody_wanted_comes_back_by_itself(site, store, gift):
    kit, tee, mug = gift
    site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 1, "location": store.code}], "expires_in": 30})
    assert (reserved(tee), reserved(mug)) == (2, 1)
    assert expire_holds(now=timezone.now() + timedelta(seconds=31)) == 1
    assert (reserved(tee), reserved(mug)) == (0, 0)
    assert audit() == {}


def test_a_kit_that_was_made_otherwise_meanwhile_gives_back_what_it_took(site, store, gift):
    kit, tee, mug = gift
    hold = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 2, "location": store.code}]}).json()["id"]
    define_kit(sku=kit.sku, components={mug.sku: 1}, by=Actor.system("test"))
    assert site.post("/orders", order_body(pickup(kit, store, 2), hold=hold)).status_code == 201
    assert (reserved(tee), reserved(mug)) == (0, 2)
    assert audit() == {}


@pytest.mark.parametrize("named", [True, False], ids=["at a store", "anywhere"])
def test_of_a_kit_all_parts_are_kept_or_none(site, store, gift, named):
    kit, tee, mug = gift
    where = {"location": store.code} if named else {}
    before = rows()
    answer = site.post(
        "/holds", {"lines": [{"sku": tee.sku, "quantity": 1, **where}, {"sku": kit.sku, "quantity": 3, **where}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    told = {each["pointer"]: (each["wanted"], each["available"]) for each in answer.json()["errors"]}
    assert told["/lines/1"] == (3, 2), "in kits, not in parts"
    assert (reserved(tee), reserved(mug), Hold.objects.count()) == (0, 0, 0)
    assert rows() == before


def test_a_kit_is_kept_where_it_could_ship_from_whole(site, store, gift):
    kit, _tee, mug = gift
    far = LocationFactory()
    stocked(far, 6, variant=mug)
    lines = [{"sku": kit.sku, "quantity": 2}, {"sku": mug.sku, "quantity": 3}]
    told = site.post("/holds", {"lines": lines})
    assert told.status_code == 201, told.content
    assert [line["location"] for line in told.json()["lines"]] == [store.code, far.code]
    again = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 1}]})
    (error,) = again.json()["errors"]
    assert (again.status_code, error["pointer"], error["available"]) == (409, "/lines/0", 0)
    assert error["detail"] == f"At most 0 of {kit.sku} lie at one location."
    assert audit() == {}


def test_a_kit_that_may_be_split_is_kept_at_several_locations_where_it_has_to(site, store):
    far = LocationFactory()
    tee, mug = stocked(store, 4), stocked(far, 2)
    kit = kit_of({tee: 2, mug: 1})
    whole = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 2}]})
    assert (whole.status_code, whole.json()["code"]) == (409, "insufficient_stock"), "it may not be split"
    kit.may_split = True
    kit.save()
    hold = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 2}]}).json()
    assert hold["lines"] == [
        {"sku": kit.sku, "quantity": 2, "location": None,
         "parts": [{"sku": tee.sku, "quantity": 4, "location": store.code},
                   {"sku": mug.sku, "quantity": 2, "location": far.code}]},
    ]  # fmt: skip
    assert (level(tee, store)[1], level(mug, far)[1]) == (4, 2)
    more = site.post("/holds", {"lines": [{"sku": kit.sku, "quantity": 1}]}).json()
    assert more["errors"][0]["detail"] == f"Only 0 of {kit.sku} can be held."
    placed = site.post("/orders", order_body(ship(kit, 2), hold=hold["id"]))
    assert placed.status_code == 201, placed.content
    assert (level(tee, store)[1], level(mug, far)[1]) == (4, 2)
    assert audit() == {}


def test_a_kit_with_a_part_that_is_sold_no_more_is_not_kept(site, store, gift):
    kit, tee, mug = gift
    mug.is_active = False
    mug.save()
    answer = site.post("/holds", {"lines": [{"sku": tee.sku, "quantity": 1}, {"sku": kit.sku, "quantity": 1}]})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/lines/1/sku", "inactive_sku")]
    assert (reserved(tee), reserved(mug), Hold.objects.count()) == (0, 0, 0)


def test_a_cart_of_many_kits_asks_no_more_than_a_cart_of_one(site, store):
    tee = stocked(store, 9)
    kits = [kit_of({stocked(store, 3): 1, tee: 1}) for _ in range(4)]

    def queries(*wanted) -> int:
        body = {"lines": [{"sku": each.sku, "quantity": 1} for each in wanted]}
        with CaptureQueriesContext(connection) as found:
            assert site.post("/holds", body).status_code == 201
        return len(found)

    queries(kits[0])  # what is read once
    assert queries(kits[0]) == queries(*kits[1:])
