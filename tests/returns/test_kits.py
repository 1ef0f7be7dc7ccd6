"""Kits at the return desk: found by the kit's code, taken back whole or by part, each at its share of the price."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Barcode
from inventory.operations.end_kit import end_kit
from omni.core.actors import Actor
from orders.models import OrderLine
from returns.models import ReturnOrder, ReturnUnit
from returns.operations.find_purchase import find_purchase
from tests.factories import ProductFactory, line, placed, stocked
from tests.factories.kits import kit_of
from tests.returns.conftest import payment_of
from tests.returns.test_desk import bring, refund
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
GIFT = "4006381333931"


@pytest.fixture
def parts(desk):
    return stocked(desk.store, 20), stocked(desk.store, 20)


@pytest.fixture
def gift(parts):
    """Two tees and a mug for 40.00, with a barcode on its box."""
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1}, amount="40", product=ProductFactory(title="Gift set"), options={})
    Barcode.objects.create(variant=kit, code=f"0{GIFT}")
    return kit


@pytest.fixture
def order(desk, gift):
    return desk.sold((gift, 2, {"unit_price": Decimal(40)}))


def left(order) -> dict[str, int]:
    return dict(order.lines.order_by("position").values_list("sku", "returned_quantity"))


def test_the_purchase_is_found_by_the_codes_of_the_kit_and_of_a_part(desk, gift, parts, order):
    for code in (GIFT, gift.sku, parts[0].sku):
        found = find_purchase(text=code, here=desk.store, now=timezone.now())
        assert (list(found.orders), found.by) == ([order], "item")
    end_kit(sku=gift.sku, by=Actor.system("test"))
    assert list(find_purchase(text=GIFT, here=desk.store, now=timezone.now()).orders) == [order]
    answer = desk.client.post(reverse("returns:desk"), {"code": GIFT})
    assert f"Order {order.number}" in answer.content.decode()


def test_a_kit_that_was_not_handed_over_is_not_found(desk, gift):
    placed(line(gift, at=desk.store))
    assert not find_purchase(text=GIFT, here=desk.store, now=timezone.now()).orders


def test_each_part_names_its_kit_and_its_share(desk, parts, order):
    page = desk.client.get(reverse("returns:purchase", args=[order.number])).content.decode()
    assert "Part of Gift set, 1 of 2" in page and "Part of Gift set, 2 of 2" in page
    assert "2 whole kits can come back" in page
    for each in order.lines.all():
        assert f"${each.unit_price_amount.quantize(Decimal('0.01'))}" in page


def test_the_code_of_the_kit_takes_a_whole_one_back(desk, parts, order):
    tee, mug = parts
    before = {part: level(part, desk.store)[0] for part in parts}
    brought = bring(desk, order, GIFT)
    assert brought.status_code == 302
    returned = ReturnOrder.objects.get()
    assert left(order) == {tee.sku: 2, mug.sku: 1}
    page = desk.client.get(brought.url).content.decode()
    assert "Take back and refund $40.00" in page
    assert "Part of Gift set, 2 of 2" in page
    assert "1 whole kit can come back" in page
    refund(desk, returned)
    assert payment_of(order).refunded_amount == Decimal(40)
    assert {part: level(part, desk.store)[0] for part in parts} == {tee: before[tee] + 2, mug: before[mug] + 1}
    assert audit() == {}


def test_the_button_of_the_kit_does_the_same(desk, parts, order):
    bring(desk, order, "", reference=order.kits.get().reference)
    assert sum(unit.refund_amount for unit in ReturnUnit.objects.all()) == Decimal(40)


def test_a_part_comes_back_alone_and_its_kit_is_no_longer_whole(desk, parts, order):
    tee, mug = parts
    bring(desk, order, mug.sku)
    returned = ReturnOrder.objects.get()
    share = ReturnUnit.objects.get().refund_amount
    assert share == OrderLine.objects.get(variant=mug).unit_price_amount < Decimal(40)
    refund(desk, returned)
    assert payment_of(order).refunded_amount == share
    bring(desk, order, GIFT, scan_key="whole")
    again = bring(desk, order, GIFT, scan_key="none left")
    assert again.status_code == 409
    assert "in return" in again.content.decode() or "can come back" in again.content.decode()
    assert left(order) == {tee.sku: 2, mug.sku: 2}, "one whole kit and a mug"
    page = desk.client.get(reverse("returns:purchase", args=[order.number])).content.decode()
    assert "No whole kit is left to come back" in page


def test_a_kit_that_is_too_late_is_taken_with_a_leads_word(desk, parts, order, long_ago):
    long_ago(order, days=31)
    late = bring(desk, order, GIFT)
    assert late.status_code == 409
    assert "Ask a lead to take it" in late.content.decode()
    assert not ReturnUnit.objects.exists()
    bring(desk, order, "", reference=order.kits.get().reference, override="1", scan_key="k2")
    assert ReturnUnit.objects.count() == 3


def test_the_code_of_a_kit_that_was_not_bought_here_is_no_part_of_it(desk, gift, parts):
    other = desk.sold(parts[1])
    wrong = bring(desk, other, GIFT)
    assert wrong.status_code == 422
    assert not ReturnUnit.objects.exists()


def test_a_returns_page_asks_no_more_for_more_kits(desk, gift, parts, django_assert_max_num_queries):
    order = desk.sold(*((gift, 1, {"unit_price": Decimal(40)}) for _ in range(4)))
    url = reverse("returns:purchase", args=[order.number])
    with django_assert_max_num_queries(40) as few:
        desk.client.get(url)
    more = desk.sold(*((gift, 1, {"unit_price": Decimal(40)}) for _ in range(1)))
    with django_assert_max_num_queries(len(few)):
        desk.client.get(reverse("returns:purchase", args=[more.number]))
