"""At the return desk, through the browser's door: find, look, take back, pay back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import OrderLine, Refund
from returns.models import ReturnOrder, ReturnUnit
from tests.returns.conftest import PIN, payment_of
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db


def bring(desk, order, code, **more):
    return desk.client.post(reverse("returns:purchase", args=[order.number]), {"code": code, "scan_key": code} | more)


def refund(desk, found, **more):
    units = found.units.filter(status="authorized")
    data = {f"{name}-{unit.pk}": value for unit in units
            for name, value in {"grade": "A", "reason": "size"}.items()}  # fmt: skip
    return desk.client.post(reverse("returns:refund", args=[found.rma_number]), data | more)


def test_an_undamaged_item_with_its_receipt_takes_three_acts(desk, shirt):
    order = desk.sold((shirt, 2))
    before = level(shirt, desk.store)

    found = desk.client.post(reverse("returns:desk"), {"code": f"R:{order.number}"})
    assert found.url == reverse("returns:purchase", args=[order.number])
    brought = bring(desk, order, shirt.sku)
    returned = ReturnOrder.objects.get()
    assert brought.url == reverse("returns:one", args=[returned.rma_number])
    assert b"Take back and refund $19.99" in desk.client.get(brought.url).content
    refund(desk, returned)

    unit = ReturnUnit.objects.get()
    assert (unit.status, unit.disposition, unit.refund_amount) == (
        "refunded",
        "restock",
        payment_of(order).refunded_amount,
    )
    assert level(shirt, desk.store) == (before[0] + 1, *before[1:])
    assert OrderLine.objects.get().returned_quantity == 1
    assert ReturnOrder.objects.get().status == "completed"
    page = desk.client.get(brought.url).content.decode()
    assert "$19.99 back to how it was paid" in page
    assert audit() == {}


def test_a_refund_pressed_twice_is_given_once(desk, shirt):
    order = desk.sold(shirt)
    bring(desk, order, shirt.sku)
    returned = ReturnOrder.objects.get()
    refund(desk, returned)
    refund(desk, returned)
    assert Refund.objects.count() == 1
    assert payment_of(order).refunded_amount == payment_of(order).captured_amount
    assert audit() == {}


def test_what_came_back_cannot_come_back_again(desk, shirt):
    order = desk.sold(shirt)
    bring(desk, order, shirt.sku)
    refund(desk, ReturnOrder.objects.get())
    again = bring(desk, order, shirt.sku, scan_key="second")
    assert again.status_code == 409
    assert f"All of it is in return {ReturnOrder.objects.get().rma}" in again.content.decode()
    assert ReturnUnit.objects.count() == 1


def test_a_damaged_item_is_held_and_not_sold(desk, shirt):
    order = desk.sold(shirt)
    on_hand = level(shirt, desk.store)[0]
    bring(desk, order, shirt.sku)
    returned = ReturnOrder.objects.get()
    unit = returned.units.get()
    refund(desk, returned, **{f"grade-{unit.pk}": "D", f"reason-{unit.pk}": "damaged-on-arrival"})
    unit.refresh_from_db()
    assert (unit.grade, unit.disposition, unit.status) == ("D", "quarantine", "refunded")
    assert held(shirt, desk.store) == {"inspection": 1}
    assert level(shirt, desk.store)[0] == on_hand
    assert audit() == {}


def test_too_late_needs_a_lead_with_their_own_pin(desk, shirt, long_ago):
    order = desk.sold(shirt)
    long_ago(order, days=31)
    late = bring(desk, order, shirt.sku)
    assert late.status_code == 409
    assert "ago" in late.content.decode() and "Ask a lead to take it" in late.content.decode()
    assert ReturnUnit.objects.count() == 0

    bring(desk, order, "", reference=order.lines.get().reference, override="1", scan_key="k2")
    returned = ReturnOrder.objects.get()
    alone = refund(desk, returned)
    assert alone.status_code == 422
    assert payment_of(order).refunded_amount == 0
    refund(desk, returned, **{"second-approver": desk.lead.username, "second-pin": PIN})
    returned.refresh_from_db()
    assert (returned.status, returned.approved_by) == ("completed", desk.lead)
    assert returned.approval[0]["code"] == "window_over"
    assert audit() == {}


def test_above_the_limit_a_second_person_approves(desk, shirt, settings_decided):
    settings_decided("returns.approval_amount", 10)
    order = desk.sold(shirt)
    bring(desk, order, shirt.sku)
    returned = ReturnOrder.objects.get()
    page = desk.client.get(reverse("returns:one", args=[returned.rma_number])).content.decode()
    assert "More than 10.00 USD goes back" in page
    assert refund(desk, returned, **{"second-approver": desk.lead.username, "second-pin": "000111"}).status_code == 422
    assert Refund.objects.count() == 0
    refund(desk, returned, **{"second-approver": desk.lead.username, "second-pin": PIN})
    assert ReturnUnit.objects.get().status == "refunded"


def test_a_unit_that_stays_with_its_owner_is_free_again(desk, shirt):
    order = desk.sold(shirt)
    bring(desk, order, shirt.sku)
    returned = ReturnOrder.objects.get()
    desk.client.post(reverse("returns:remove", args=[returned.rma_number, returned.units.get().pk]))
    assert OrderLine.objects.get().returned_quantity == 0
    assert ReturnOrder.objects.get().status == "cancelled"
    bring(desk, order, shirt.sku, scan_key="again")
    assert OrderLine.objects.get().returned_quantity == 1
    assert audit() == {}


@pytest.mark.parametrize("key", ["email", "phone", "item", "number", "reference"])
def test_the_purchase_is_found_by_whatever_the_customer_knows(desk, shirt, key):
    order = desk.sold(shirt)
    code = {"email": "Ada@Example.org", "phone": "(612) 555-0100", "item": shirt.barcodes.get().code,
            "number": str(order.number), "reference": order.channel_reference}[key]  # fmt: skip
    response = desk.client.post(reverse("returns:desk"), {"code": code}, follow=True)
    assert f"Order {order.number}" in response.content.decode()


def test_another_stores_purchase_comes_back_here(desk, shirt, other_store):
    order = desk.sold((shirt, 1), at=other_store)
    bring(desk, order, shirt.sku)
    refund(desk, ReturnOrder.objects.get())
    assert level(shirt, desk.store)[0] == 21
    assert audit() == {}


def test_without_a_receipt_it_is_worth_the_lowest_price_as_store_credit(desk, shirt):
    desk.sold((shirt, 2, {"unit_price": Decimal(15), "discounts": [{"code": "X", "amount": Decimal(3)}]}), paid=False)
    begun = desk.client.post(reverse("returns:blind"), {"id_kind": "License", "id_reference": "D123-45"})
    returned = ReturnOrder.objects.get()
    assert begun.url == reverse("returns:one", args=[returned.rma_number])
    desk.client.post(reverse("returns:scan", args=[returned.rma_number]), {"code": shirt.sku})
    unit = ReturnUnit.objects.get()
    assert (unit.value_amount, unit.refund_to) == (13.5, "store_credit")
    assert refund(desk, returned).status_code == 422  # a lead decides
    refund(desk, returned, **{"second-approver": desk.lead.username, "second-pin": PIN})
    payout = returned.payouts.get()
    assert (payout.credit_amount, payout.tender_amount) == (13.5, 0)
    assert payout.credit_code
    assert "D12345" not in str(ReturnOrder.objects.values())
    assert audit() == {}
