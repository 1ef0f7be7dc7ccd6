"""Two people receive a delivery on two devices, one of which sends later; a lead decides and finishes."""

import pytest

from inventory.models import Delivery, PurchaseOrder, ReceiptScan, StockLevel
from omni.core.kept import person_key
from tests.factories import LocationFactory, stocked
from tests.factories.supply import announced, ordered
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db
HOME = "/receiving/"


def kept(client, store, seconds):
    return {"Omni-Kept-By": person_key(client.user.pk), "Omni-Kept-At": str(store.pk),
            "Omni-Kept-Age": str(seconds * 1000), "HX-Request": "true"}  # fmt: skip


def test_nothing_expected_says_what_will_appear(ana):
    assert "Nothing is expected" in ana.get(HOME).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_devices_receive_a_delivery_and_a_lead_finishes_it(at, store):
    tee, mug = stocked(store, 0, aisle="C", bin="04"), stocked(store, 0)
    order = ordered(store, {tee: 24, mug: 6})
    delivery = announced(store, {tee: 12}, {tee: 12}, loose={mug: 6}, order=order)
    first, second = [carton.code for carton in delivery.cartons.order_by("pk")]
    ana, ben, lead = at("associate"), at("associate"), at("lead")
    page = f"{HOME}{delivery.pk}/"
    assert delivery.number in ana.get(HOME).content.decode()
    said = at(user=ana.user, htmx=True).post(f"{page}scan/", {"code": first, "scan_key": "a1"}).content.decode()
    assert "12 units" in said
    assert "C-04" in said
    for key in ("b1", "b1", "b2"):
        answer = ben.post(f"{page}scan/", {"code": second if key == "b1" else first, "scan_key": key},
                          headers=kept(ben, store, 30))  # fmt: skip
        assert answer.json() == {"done": True}
    ana.post(f"{page}scan/", {"code": mug.sku, "units": "4", "scan_key": "a2"})
    ana.post(f"{page}scan/", {"code": mug.sku, "damaged": "1", "scan_key": "a3"})
    assert (level(tee, store)[0], level(mug, store)[0], held(mug, store)) == (24, 4, {"damaged": 1})
    text = ana.get(f"{page}summary/").content.decode()
    assert "Less than expected" in text
    assert "A lead decides" in text
    assert ana.post(f"{page}finish/", {}, headers={"HX-Request": "true"}).status_code == 403
    line = delivery.lines.get(variant=mug)
    lead.post(f"{page}finish/", {f"decision-{line.pk}": "close", "reason": "one fell off"})
    delivery.refresh_from_db()
    assert (delivery.status, delivery.finished_by) == ("received", lead.user.shown_name)
    assert PurchaseOrder.objects.get().status == "closed"
    assert audit() == {}


@pytest.mark.django_db(transaction=True)
def test_a_scan_is_taken_back_and_a_number_is_corrected(ana, store):
    tee = stocked(store, 0)
    delivery = announced(store, loose={tee: 10})
    page = f"{HOME}{delivery.pk}/"
    ana.post(f"{page}scan/", {"code": tee.sku, "units": "9"})
    ana.post(f"{page}undo/", {"scan": ReceiptScan.objects.get().pk})
    assert level(tee, store)[0] == 0
    item = f"{page}items/{delivery.lines.get().pk}/"
    ana.post(item, {"act": "set", "quantity": "10", "seen": "0"})
    ana.post(item, {"act": "damaged", "damaged": "2"})
    assert "10 of 10" in ana.get(item).content.decode()
    ana.post(item, {"act": "set", "quantity": "3", "seen": "10"})  # somebody else marked two meanwhile
    ana.post(item, {"act": "place", "aisle": "D", "bin": "01"})
    shelf = StockLevel.objects.get(variant=tee)
    assert (shelf.on_hand, shelf.aisle, shelf.bin) == (8, "D", "01")
    assert "D-01" in ana.get(f"{page}print/").content.decode()


def test_what_is_as_expected_is_finished_by_anybody(ana, store):
    tee = stocked(store, 0)
    order = ordered(store, {tee: 2})
    ana.post(f"{HOME}begin/", {"order": order.number, "scan_key": "ab" * 16})
    delivery = Delivery.objects.get()
    ana.post(f"{HOME}{delivery.pk}/scan/", {"code": tee.sku, "units": "2"})
    ana.post(f"{HOME}{delivery.pk}/finish/")
    order.refresh_from_db()
    assert order.status == "received"
    assert "Received lately" in ana.get(HOME).content.decode()


def test_what_stands_there_without_a_paper_is_begun_once(ana, store):
    for _ in range(2):
        ana.post(f"{HOME}begin/", {"scan_key": "cd" * 16})
    assert Delivery.objects.get().lines.count() == 0
    assert "Nothing is announced" in ana.get(f"{HOME}{Delivery.objects.get().pk}/").content.decode()


def test_damaged_mode_says_so_and_stays(at, store):
    tee = stocked(store, 0)
    delivery = announced(store, loose={tee: 2})
    ana = at("associate", htmx=True)
    text = ana.post(f"{HOME}{delivery.pk}/scan/", {"code": tee.sku, "damaged": "1"}).content.decode()
    assert "What you scan now is damaged" in text
    assert held(tee, store) == {"damaged": 1}


def test_another_stores_delivery_is_not_there(at, store):
    delivery = announced(LocationFactory(), loose={stocked(store, 0): 1})
    lead = at("lead")
    assert lead.get(f"{HOME}{delivery.pk}/").status_code == 404
    assert lead.post(f"{HOME}{delivery.pk}/scan/", {"code": "x"}).status_code == 404
    assert (
        lead.post(f"{HOME}begin/", {"order": ordered(LocationFactory(), {stocked(store, 0): 1}).number}).status_code
        == 404
    )


def test_a_lead_says_that_it_does_not_come(at, store):
    delivery = announced(store, loose={stocked(store, 0): 1})
    at("associate").post(f"{HOME}{delivery.pk}/cancel/", {"reason": "x"})
    delivery.refresh_from_db()
    assert delivery.status == "expected"
    at("lead").post(f"{HOME}{delivery.pk}/cancel/", {"reason": "lost"})
    delivery.refresh_from_db()
    assert delivery.status == "cancelled"


def test_the_page_asks_no_more_with_more_items(ana, store, django_assert_max_num_queries):
    items = {stocked(store, 0): 1 for _ in range(12)}
    delivery = announced(store, *[{item: 1} for item in items])
    for carton in delivery.cartons.all():
        ana.post(f"{HOME}{delivery.pk}/scan/", {"code": carton.code})
    with django_assert_max_num_queries(20):
        ana.get(f"{HOME}{delivery.pk}/")
    with django_assert_max_num_queries(18):
        ana.get(f"{HOME}{delivery.pk}/summary/")
