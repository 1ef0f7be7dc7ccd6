"""What is printed for a customer is found when it is scanned at the return desk, in any store."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.ui.codes import barcode_svg, qr_svg
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.release import release_due
from tests.factories import line, placed
from tests.factories.baskets import add, basket_of
from tests.factories.floor import staged
from tests.factories.parcels import labelled

pytestmark = pytest.mark.django_db
INK = re.compile(r'class="code-ink" d="([^"]+)"')


def scanned(page, *candidates: str) -> str:
    """What a scanner reads from the one code on this page: whichever of these draws the same modules."""
    inks = set(INK.findall(page.content.decode()))
    assert inks, "no code is printed"
    for text in candidates:
        if inks & {INK.search(draw(text, label=""))[1] for draw in (qr_svg, barcode_svg)}:  # type: ignore[index]
            return text
    raise AssertionError(f"another code than {candidates} is printed")


def found(desk, text: str) -> str:
    """Where the return desk goes when this is scanned."""
    answer = desk.client.post(reverse("returns:desk"), {"code": text})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer.url


def sale(desk, variant):
    basket = basket_of(desk.associate, desk.store)
    add(basket, variant)
    at = {"basket_id": basket.pk, "by": Actor.of(desk.associate), "now": timezone.now()}
    start_basket_payment(method="till_receipt", reference="T-1", **at)
    return basket, place_basket(**at)


def test_the_receipt_of_a_sale_at_the_counter(desk, shirt):
    basket, order = sale(desk, shirt)
    receipt = desk.client.get(f"/sell/basket/{basket.pk}/receipt/")
    code = scanned(receipt, f"R:{order.number}")
    assert found(desk, code) == reverse("returns:purchase", args=[order.number])


def test_the_receipt_of_an_order_and_its_gift_receipt(desk, shirt):
    order = desk.sold(shirt)
    for query in ("", "?gift=1"):
        code = scanned(desk.client.get(f"/orders/{order.number}/receipt/{query}"), f"R:{order.number}")
        assert found(desk, code) == reverse("returns:purchase", args=[order.number])


def test_the_label_of_a_pickup_and_the_order_number(desk, shirt):
    order = placed(line(shirt, at=desk.store))
    order.fulfillment_orders.update(release_at=timezone.now())
    release_due(now=timezone.now())
    work = staged(order.fulfillment_orders.get(), by=desk.associate)
    code = scanned(desk.client.get(f"/labels/{work.number}/"), str(order.number), f"R:{order.number}", work.number)
    for text in (code, str(order.number), f"#{order.number}"):
        assert found(desk, text) == reverse("returns:purchase", args=[order.number])


def test_the_slip_in_a_parcel_and_the_numbers_on_its_box(desk):
    parcel = labelled(desk.store, by=desk.associate)
    slip = desk.client.get(f"/parcels/{parcel.number}/slip/")
    code = scanned(slip, f"R:{parcel.order.number}")
    for text in (code, parcel.number, parcel.number.lower(), parcel.tracking_number, parcel.fulfillment_order.number):
        assert found(desk, text) == reverse("returns:purchase", args=[parcel.order.number])
