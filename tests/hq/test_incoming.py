"""HQ on what comes: what may be sold of it, what is, and what is late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import PurchaseOrderLine, SupplyTerm
from omni.core import relay
from omni.core.hq.show import list_url, page_url
from omni.core.models import Event
from tests.factories import line, placed, stocked
from tests.factories.supply import in_days, ordered, sold_before

pytestmark = pytest.mark.django_db
LIST, TERMS = list_url("inventory.purchaseorderline"), list_url("inventory.supplyterm")


def form_of(**changes):
    return {"kind": "backorder", "sku": "", "category": "", "most_units": "", "extra_days": "1", "street_on": "",
            "is_active": "on"} | changes  # fmt: skip


def text(response) -> str:
    return response.content.decode()


def test_nothing_comes(hq):
    assert "No purchase order is open" in text(hq.get(LIST))


def test_what_is_sold_of_what_comes_late_ones_first(hq, store):
    tee, mug = stocked(store, 0), stocked(store, 0)
    sold_before(None, category="", extra_days=0)
    ordered(store, {tee: 8}, days=2)
    assert "Nothing of what comes is promised" in text(hq.get(LIST))
    ordered(store, {mug: 4}, days=5)
    order = placed(line(tee, 6, at=store), line(mug, 1, at=store), on_shortage="supply")
    PurchaseOrderLine.objects.filter(variant=mug).update(expected_on=timezone.localdate() - timedelta(days=3))
    page = text(hq.get(LIST))
    assert "6 of 8" in page and "1 of 4" in page
    assert page.index("1 of 4") < page.index("6 of 8"), "the late one leads"
    assert page.count("late since") == 1
    late = text(hq.get(LIST, {"expected": "late-promised"}))
    assert late.count("late: ") == 1
    assert "late purchase order is sold already" in text(hq.get("/hq/"))
    row = PurchaseOrderLine.objects.get(variant=tee)
    detail = text(hq.get(page_url("inventory.purchaseorderline", row.pk)))
    assert "Waits for the supplier" in detail
    number = order.lines.get(variant=tee).pk
    found = list_url("orders.order", line=number)
    assert found.replace("&", "&amp;") in detail and str(order.number) in text(hq.get(found))


def test_a_term_is_set_changed_and_ended(hq, store):
    game = stocked(store, 0)
    ordered(store, {game: 3})
    wrong = hq.post(f"{TERMS}add/", form_of(sku="NOBODY", category="Toys", street_on=f"{in_days(9)}"))
    assert "No variant has the SKU NOBODY" in text(wrong) and "Only the preorder of one item" in text(wrong)
    assert not SupplyTerm.objects.exists()
    hq.post(f"{TERMS}add/", form_of(sku=game.sku, kind="preorder", street_on=f"{in_days(9)}"))
    term = SupplyTerm.objects.get()
    assert (term.variant, term.street_on) == (game, in_days(9))
    order = placed(line(game, 1, at=store), on_shortage="supply")
    again = hq.post(f"{TERMS}add/", form_of(sku=game.sku))
    assert "There is one for this already" in text(again)
    changed = form_of(sku=game.sku, kind="preorder", street_on=f"{in_days(12)}")
    hq.post(page_url("inventory.supplyterm", term.pk), changed)
    while relay.run_once():
        pass
    assert order.lines.get().expected_on == in_days(12)
    del changed["is_active"]
    hq.post(page_url("inventory.supplyterm", term.pk), changed)
    assert not SupplyTerm.objects.filter(is_active=True).exists()
    assert Event.objects.filter(topic="inventory.supply_term_set").count() == 3
