"""What was paid at a till comes back in cash at another store's till, and the till's receipt for it is written down."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Refund
from returns.models import Payout, ReturnOrder
from tests.factories import LocationFactory, stocked
from tests.returns.conftest import payment_of
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(desk, shirt):
    """Two shirts, sold and paid at the till of a store far away."""
    far = LocationFactory(name="Far away")
    stocked(far, 5, variant=shirt)
    return desk.sold((shirt, 2), at=far, card="till_receipt")


@pytest.fixture
def brought(desk, bought, shirt):
    """One of them on this desk, found by the till's number on the receipt."""
    found = desk.client.post(reverse("returns:desk"), {"code": payment_of(bought).reference})
    assert found.url == reverse("returns:purchase", args=[bought.number])
    desk.client.post(found.url, {"code": shirt.sku, "scan_key": "k"})
    return ReturnOrder.objects.get()


def refund(desk, found, **more):
    unit = found.units.get()
    data = {f"grade-{unit.pk}": "A", f"reason-{unit.pk}": "size"}
    return desk.client.post(reverse("returns:refund", args=[found.rma_number]), data | more)


def test_cash_goes_back_once_and_the_receipt_of_the_till_stands_beside_it(desk, bought, brought, shirt):
    page = desk.client.get(reverse("returns:one", args=[brought.rma_number])).content.decode()
    assert "In cash at the till" in page and "Number of the till’s refund receipt" in page
    before = level(shirt, desk.store)

    refused = refund(desk, brought)
    assert refused.status_code == 422 and "Pay it out at the till first" in refused.content.decode()
    assert (payment_of(bought).refunded_amount, level(shirt, desk.store)) == (0, before), "nothing moved"
    card = refund(desk, brought, till_reference="4111 1111 1111 1111")
    assert card.status_code == 422 and not Refund.objects.exists()

    given = refund(desk, brought, till_reference=" R-2201-9 ")
    refund(desk, brought, till_reference="R-2201-10")  # pressed twice
    payout, made = Payout.objects.get(), Refund.objects.get()
    assert (payout.till_reference, payout.tender_amount, payout.credit_amount) == ("R-2201-9", Decimal("19.99"), 0)
    assert (made.amount, made.refunded_at is not None, made.credit) == (Decimal("19.99"), True, None)
    assert payment_of(bought).refunded_amount == Decimal("19.99")
    assert level(shirt, desk.store)[0] == before[0] + 1, "on sale where it came back"
    page = desk.client.get(given.url).content.decode()
    assert "Till receipt R-2201-9" in page and "$19.99 back to how it was paid" in page
    assert audit() == {}


def test_who_prefers_store_credit_needs_no_receipt(desk, bought, brought):
    refund(desk, brought, to="store_credit")
    payout = Payout.objects.get()
    assert (payout.credit_amount, payout.till_reference) == (Decimal("19.99"), "")
    assert audit() == {}


def test_what_was_paid_by_card_asks_for_no_receipt(desk, shirt):
    order = desk.sold(shirt)
    desk.client.post(reverse("returns:purchase", args=[order.number]), {"code": shirt.sku, "scan_key": "k"})
    found = ReturnOrder.objects.get()
    assert "refund receipt" not in desk.client.get(reverse("returns:one", args=[found.rma_number])).content.decode()
    refund(desk, found)
    assert Payout.objects.get().tender_amount == Decimal("19.99")
