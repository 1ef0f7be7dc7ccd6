"""HQ writes down orders to suppliers, changes and closes them; a file does the same."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from inventory.models import PurchaseOrder
from tests.factories import LocationFactory, stocked
from tests.factories.supply import announced, ordered, received

pytestmark = pytest.mark.django_db
ADD = "/hq/inventory/purchaseorder/add/"


@pytest.fixture
def store():
    return LocationFactory(code="1004")


def page(order):
    return reverse("admin:inventory_purchaseorder_change", args=[order.pk])


def test_hq_writes_an_order_and_changes_it(hq, store):
    tee, mug = stocked(store, 0), stocked(store, 0)
    form = {"number": "PO-9", "supplier": "Acme", "location_code": "1004", "day": "2026-05-04",
            "items": f"{tee.sku} 24\n{mug.sku} 6 2026-05-09"}  # fmt: skip
    assert hq.post(ADD, form).status_code == 302
    order = PurchaseOrder.objects.get()
    assert list(order.lines.order_by("pk").values_list("ordered_quantity", flat=True)) == [24, 6]
    assert f"{tee.sku} 24 2026-05-04" in hq.get(page(order)).content.decode()
    parts = {"lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "2"}
    hq.post(page(order), form | parts | {"items": f"{tee.sku} 30"})
    assert list(order.lines.order_by("pk").values_list("ordered_quantity", flat=True)) == [30, 6]


def test_what_cannot_be_read_is_said_and_kept(hq, store):
    form = {"number": "PO 9", "supplier": "Acme", "location_code": "nowhere", "day": "2026-05-04", "items": "none 4"}
    text = hq.post(ADD, form).content.decode()
    for said in ("No location has the code nowhere.", "Line 1: no variant has the SKU none.", "Only letters, digits"):
        assert said in text
    assert not PurchaseOrder.objects.exists()


def test_what_came_cannot_be_ordered_away(hq, store):
    tee = stocked(store, 0)
    order = ordered(store, {tee: 24})
    received(announced(store, {tee: 12}, order=order))
    form = {"number": order.number, "supplier": "Acme", "day": "2026-05-04", "items": f"{tee.sku} 5"}
    assert "12 came already" in hq.post(page(order), form).content.decode()
    act = reverse("admin:inventory_purchaseorder_act", args=["close"])
    hq.post(act, {"pk": order.pk, "reason": "enough", "from": "page"})
    order.refresh_from_db()
    assert order.status == "closed"
    assert "enough" in hq.get(page(order)).content.decode()


def test_a_file_of_orders_is_written_once(store, tmp_path, capsys):
    tee = stocked(store, 0)
    path = tmp_path / "orders.csv"
    path.write_text("number,supplier,location,expected_on,sku,quantity\n"
                    f"PO-1,Acme,1004,2026-05-04,{tee.sku},24\nPO-1,Acme,1004,2026-05-04,none,3\n")  # fmt: skip
    for said in ("created 1, changed 0, unchanged 0, refused 1", "created 0, changed 0, unchanged 1, refused 1"):
        call_command("import_purchase_orders", str(path))
        assert said in capsys.readouterr().out
    path.write_text(f"number,supplier,location,expected_on,sku,quantity\nPO-1,Acme,1004,2026-05-06,{tee.sku},30\n")
    call_command("import_purchase_orders", str(path))
    line = PurchaseOrder.objects.get().lines.get()
    assert (line.ordered_quantity, f"{line.expected_on}") == (30, "2026-05-06")
