"""Tills and warehouses report; each event counts once, and the ledger can be read back."""

import pytest

from inventory.models import StockLevel
from tests.api.conftest import order_body, pickup
from tests.factories import stocked
from tests.shop import audit

pytestmark = pytest.mark.django_db


def report(variant, place, event_id: str, kind: str = "pos_sale", quantity: int = 1, **more) -> dict:
    return {"event_id": event_id, "sku": variant.sku, "location": place.code, "kind": kind, "quantity": quantity,
            "occurred_at": "2026-05-01T10:02:11-05:00"} | more  # fmt: skip


def test_each_event_counts_once(site, store):
    tee = stocked(store, 10)
    first = site.post("/inventory/movements", [report(tee, store, "e-1"), report(tee, store, "e-2", "receipt", 5)])
    assert first.status_code == 200, first.content
    assert first.json()["results"] == [
        {"event_id": "e-1", "result": "applied"},
        {"event_id": "e-2", "result": "applied"},
    ]
    again = site.post("/inventory/movements", [report(tee, store, "e-1"), report(tee, store, "e-3", "adjust", -2)])
    assert [row["result"] for row in again.json()["results"]] == ["duplicate", "applied"]
    assert StockLevel.objects.get().on_hand == 10 - 1 + 5 - 2
    assert audit() == {}


def test_events_of_two_senders_do_not_meet(site, new_site, store):
    tee = stocked(store, 10)
    for sender in (site, new_site(name="web shop")):
        assert (
            sender.post("/inventory/movements", [report(tee, store, "e-1")]).json()["results"][0]["result"] == "applied"
        )
    assert StockLevel.objects.get().on_hand == 8


def test_a_sale_at_the_till_is_never_refused(site, store):
    tee = stocked(store, 1)
    site.post("/orders", order_body(pickup(tee, store)))
    assert site.post("/inventory/movements", [report(tee, store, "e-1", quantity=2)]).status_code == 200
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved, level.shortfall) == (-1, 1, 1)
    assert audit() == {}


def test_the_ledger_says_why_a_shelf_holds_what_it_holds(site, store):
    tee = stocked(store, 10)
    for n in range(3):
        site.post("/inventory/movements", [report(tee, store, f"e-{n}", reason="lunch rush")])
    page = site.get("/inventory/movements", sku=tee.sku, location=store.code, limit=2).json()
    rest = site.client.get(page["next"]).json()
    rows = page["results"] + rest["results"]
    assert [(row["quantity"], row["on_hand_after"]) for row in rows] == [(10, 10), (-1, 9), (-1, 8), (-1, 7)]
    assert rest["next"] is None
    last = rows[-1]
    assert (last["kind"], last["event_id"], last["reason"]) == ("pos_sale", "e-2", "lunch rush")
    assert (last["actor"], last["occurred_at"]) == ("key:web shop", "2026-05-01T15:02:11Z")
    assert site.get("/inventory/movements", sku="NO-SUCH", location=store.code).status_code == 404
    assert site.get("/inventory/movements", sku=tee.sku).json()["errors"][0]["pointer"] == "/location"
