"""A department counted on two phones, one of which sends later, while orders are picked from the same shelves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import CountScan, CountSession, StockLevel
from omni.core.actors import Actor
from omni.core.kept import person_key
from orders.operations.pick import pick
from tests.factories import LocationFactory, VariantFactory, stocked
from tests.factories.counts import counting
from tests.shop import audit

pytestmark = pytest.mark.django_db
HOME = "/counts/sessions/"


def kept(client, store, seconds):
    return {"Omni-Kept-By": person_key(client.user.pk), "Omni-Kept-At": str(store.pk),
            "Omni-Kept-Age": str(seconds * 1000), "HX-Request": "true"}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_phones_one_offline_while_orders_are_picked(at, store, released, claimed):
    """Eight lie there where the ledger says nine; three are ordered, one picked before and one after the scan."""
    tee = stocked(store, 9, variant=VariantFactory(product__category="Apparel"))
    cap = stocked(store, 4, variant=VariantFactory(product__category="Apparel"), aisle="B")
    lead, ana, ben = at("lead"), at("associate"), at("associate")
    lead.post(f"{HOME}new/", {"category": "Apparel", "areas": "Stockroom", "begin": "1"})
    session = CountSession.objects.get()
    CountSession.objects.update(slack_seconds=0)
    assert [area.name for area in session.areas.all()] == ["Aisle A", "Aisle B", "Stockroom"]
    areas = [f"{HOME}{session.pk}/areas/{area.pk}/" for area in session.areas.all()]
    work = released(3, variant=tee)
    listed = claimed(work, by=ana.user)
    pick(pick_list_id=listed.pk, code=tee.sku, by=Actor.of(ana.user), now=timezone.now())
    ana.post(f"{areas[0]}scan/", {"code": tee.sku, "units": "7", "scan_key": "a"})
    pick(pick_list_id=listed.pk, code=tee.sku, by=Actor.of(ana.user), now=timezone.now())
    ana.post(f"{areas[0]}done/")
    for key in "bbc":
        said = ben.post(
            f"{areas[1]}scan/", {"code": cap.sku, "units": "2", "scan_key": key}, headers=kept(ben, store, 0)
        )
        assert said.json() == {"done": True}
    assert ben.post(f"{areas[1]}done/", headers=kept(ben, store, 0)).json() == {"done": True}
    assert CountScan.objects.count() == 3
    lead.post(f"{HOME}{session.pk}/end/")
    answer = lead.post(f"{HOME}{session.pk}/book/", follow=True)
    assert "Settled: 2. Still open: 0." in answer.content.decode()
    assert [StockLevel.objects.get(variant=each).on_hand for each in (tee, cap)] == [8, 4]
    session.refresh_from_db()
    assert session.status == "booked"
    assert audit() == {}
    table = b"".join(lead.get(f"{HOME}{session.pk}/lines.csv").streaming_content).decode().splitlines()
    assert len(table) == 3
    assert f"{tee.sku}," in table[1] + table[2]


def test_a_kept_scan_counts_for_its_own_moment(ana, store):
    tee = stocked(store, 5)
    session = counting(store, now=timezone.now() - timedelta(hours=1))
    area = session.areas.get()
    ana.post(f"{HOME}{session.pk}/areas/{area.pk}/scan/", {"code": tee.sku, "scan_key": "k"},
             headers=kept(ana, store, 600))  # fmt: skip
    scan = CountScan.objects.get()
    assert 599 < (scan.received_at - scan.scanned_at).total_seconds() < 601


def test_an_associate_scans_blind_and_takes_back(ana, store):
    tee = stocked(store, 7321)
    session = counting(store)
    page = f"{HOME}{session.pk}/areas/{session.areas.get().pk}/"
    for _ in range(2):
        ana.post(f"{page}scan/", {"code": tee.sku})
    text = ana.get(page).content.decode()
    assert "2 units counted in this area." in text
    assert "7321" not in text
    assert "7,321" not in text
    ana.post(f"{HOME}{session.pk}/undo/", {"scan": CountScan.objects.last().pk})
    assert "1 unit counted in this area." in ana.get(page).content.decode()
    assert ana.get(f"{HOME}{session.pk}/review/").status_code == 403


def test_a_scan_nobody_knows_is_told(at, store):
    stocked(store, 1)
    session = counting(store)
    answer = at("associate", htmx=True).post(f"{HOME}{session.pk}/areas/{session.areas.get().pk}/scan/", {"code": "?"})
    assert (answer.status_code, "No item has the code" in answer.content.decode()) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_a_lead_decides_on_what_nobody_counted_and_a_colleague_counts_again(at, store):
    tee, cap = stocked(store, 6), stocked(store, 1)
    lead, ana, ben = at("lead"), at("associate"), at("associate")
    session = counting(store, tolerated_units=2)
    area = session.areas.get()
    ana.post(f"{HOME}{session.pk}/areas/{area.pk}/scan/", {"code": tee.sku, "units": "2"})
    lead.post(f"{HOME}{session.pk}/end/")
    line = session.lines.get(variant=tee)
    assert "Nobody counted it" in lead.get(f"{HOME}{session.pk}/review/").content.decode()
    lead.post(f"{HOME}{session.pk}/decide/", {"state": "uncounted", "all": "1", "act": "leave"})
    ana.post(f"{HOME}{session.pk}/again/{line.pk}/", {"quantity": "2"})
    line.refresh_from_db()
    assert line.state == "recount"
    assert "Look at these again" in ben.get(f"{HOME}{session.pk}/").content.decode()
    ben.post(f"{HOME}{session.pk}/again/{line.pk}/", {"quantity": "3"})
    lead.post(f"{HOME}{session.pk}/book/")
    assert [StockLevel.objects.get(variant=each).on_hand for each in (tee, cap)] == [3, 1]


def test_another_stores_count_is_not_there(at, store):
    stocked(store, 1)
    session = counting(store)
    there = at("lead", location=LocationFactory())
    for path in ("", "review/", f"areas/{session.areas.get().pk}/"):
        assert there.get(f"{HOME}{session.pk}/{path}").status_code == 404


def test_what_is_no_number_of_a_row_is_refused_or_left_out(at, store):
    stocked(store, 6)
    lead, session = at("lead"), counting(store)
    assert lead.post(f"{HOME}{session.pk}/undo/", {"scan": "\u00b2"}).status_code == 302
    lead.post(f"{HOME}{session.pk}/end/")
    answer = lead.post(f"{HOME}{session.pk}/decide/", {"line": ["\u00b2", "9" * 30], "act": "leave"}, follow=True)
    assert "Decided: 0" in answer.content.decode()
