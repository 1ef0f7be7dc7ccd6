"""At the counter: the serial number of what is carried out, and the look at an ID, before the money."""

import pytest

from orders.models import BasketPiece, HandOver, Order, SerialNumber
from tests.factories import BarcodeFactory, stocked
from tests.factories.baskets import add, basket_of
from tests.screens.test_sell import press, text
from tests.shop import audit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def basket(ana, store):
    return basket_of(ana.user, store)


def test_a_camera_and_a_bottle_leave_checked(ana, store, basket):
    camera = stocked(store, 3, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    wine = stocked(store, 3, variant=BarcodeFactory(variant__is_age_restricted=True).variant)
    add(basket, camera, quantity=2)
    add(basket, wine)
    page = ana.get("/sell/basket/")
    for words in ("Only for people over 21", "born on or before", "Serial number of", "Piece 1 of 2",
                  "Next: check what is carried out"):  # fmt: skip
        assert words in text(page), words
    pay = ana.get(f"/sell/basket/{basket.pk}/pay/")
    assert "Look at their ID first" in text(pay) and "Card at the terminal" not in text(pay)
    refused = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"})
    assert refused.status_code == 422 and not Order.objects.exists()

    position = camera.pk and basket.lines.get(variant=camera).position
    told = ana.post(f"/sell/basket/{basket.pk}/piece/", {"position": position, "code": camera.sku}, follow=True)
    assert "That is the barcode of an item" in text(told)
    for serial in ("SN-1", "SN-9"):
        page = ana.post(f"/sell/basket/{basket.pk}/piece/", {"position": position, "code": serial}, follow=True)
    assert "SN-1" in text(page) and "SN-9" in text(page) and "Serial number of" not in text(page)
    page = press(ana, page, "/piece/")  # another piece than the first
    assert list(BasketPiece.objects.values_list("serial", flat=True)) == ["SN-1", "SN-9"], "a drop names its piece"
    ana.post(f"/sell/basket/{basket.pk}/piece/", {"position": position, "drop": "SN-9"})
    ana.post(f"/sell/basket/{basket.pk}/piece/", {"position": position, "code": "SN-2"})
    page = ana.post(f"/sell/basket/{basket.pk}/age/", {"age": "photo_id"}, follow=True)
    assert "Next: check" not in text(page)

    sold = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"}, follow=True)
    assert "Sold" in text(sold)
    assert list(SerialNumber.objects.order_by("pk").values_list("serial", flat=True)) == ["SN-1", "SN-2"]
    assert HandOver.objects.get().age_check == "photo_id"
    assert "over 21 (Photo ID seen)" in text(ana.get(f"/orders/{Order.objects.get().number}/"))
    receipt = text(ana.get(f"/sell/basket/{basket.pk}/receipt/"))
    assert "SN-1" in receipt and "SN-2" in receipt
    assert audit() == {}


def test_no_id_no_bottle(ana, store, basket):
    wine = stocked(store, 3, variant=BarcodeFactory(variant__is_age_restricted=True).variant)
    add(basket, wine)
    page = ana.post(f"/sell/basket/{basket.pk}/age/", {"age": "refused"}, follow=True)
    assert "Not sold because of the age check" in text(page) and not basket.lines.exists()
    told = ana.post(f"/sell/basket/{basket.pk}/age/", {"age": "a feeling"}, follow=True)
    assert "Say which ID you looked at" in text(told)
