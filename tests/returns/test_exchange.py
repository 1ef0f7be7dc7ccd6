"""Something else instead: held at once, the difference paid or given back, both orders told."""

from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import StoreCredit
from inventory.models import Hold
from omni.core.models import Event
from orders.models import HandOver, Order, PaymentIntent, SerialNumber
from orders.operations.age_check import AgeCheck
from orders.operations.authorize import start_payment
from returns.models import Exchange, ReturnOrder
from returns.operations.bring import bring
from returns.operations.exchange import Replacement, add_replacement, complete_exchange, end_exchange, open_exchange
from returns.operations.receive import Looked
from tests.factories import VariantFactory, stocked
from tests.refusing import refused
from tests.returns.conftest import payment_of
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def size_l(desk, shirt):
    return stocked(desk.store, 3, variant=VariantFactory(product=shirt.product, price=Decimal("24.99")))


@pytest.fixture
def coat(desk):
    return stocked(desk.store, 2, variant=VariantFactory(price=Decimal("49.99")))


@pytest.fixture
def mug(desk):
    return stocked(desk.store, 2, variant=VariantFactory(price=Decimal("7.50")))


@pytest.fixture
def begun(desk, shirt):
    """A shirt of 19.99 on the desk."""
    order = desk.sold(shirt)
    return bring(order_number=order.number, reference=order.lines.get().reference, location=desk.store, by=desk.by,
                 now=timezone.now())  # fmt: skip


def choose(desk, found, variant, method="carry_out"):
    wanted = Replacement(variant.pk, method, desk.store)
    return add_replacement(rma_number=found.rma_number, wanted=wanted, by=desk.by, now=timezone.now())


def complete(desk, found, **more):
    looked = {unit.pk: Looked() for unit in found.units.filter(status="authorized")}
    return complete_exchange(rma_number=found.rma_number, looked=looked, location=desk.store, by=desk.by,
                             now=timezone.now(), **more)  # fmt: skip


def test_another_size_costs_what_was_paid_and_no_tender_is_touched(desk, begun, size_l, shirt):
    exchange = choose(desk, begun, size_l)
    assert exchange.total_amount == Decimal("19.99")
    assert level(size_l, desk.store) == (3, 1, 0)
    payout = complete(desk, begun)
    assert (payout.exchange_amount, payout.tender_amount, payout.credit_amount) == (Decimal("19.99"), 0, 0)
    assert level(size_l, desk.store) == (2, 0, 0)
    assert level(shirt, desk.store)[0] == 20
    replacement = payout.replacement
    assert (replacement.total_amount, replacement.status) == (Decimal("19.99"), "fulfilled")
    assert payment_of(replacement).method == "store_credit"
    assert StoreCredit.objects.get().available_amount == 0
    assert ReturnOrder.objects.get().status == "completed"
    assert audit() == {}


def test_both_timelines_tell_of_it(desk, begun, size_l):
    choose(desk, begun, size_l)
    replacement = complete(desk, begun).replacement
    told = Event.objects.filter(topic="returns.exchanged")
    assert {event.aggregate_id for event in told} == {str(begun.order.number), str(replacement.number)}
    page = desk.client.get(f"/orders/{replacement.number}/").content.decode()
    assert f"Replacement for order {begun.order.number}" in page
    page = desk.client.get(f"/orders/{begun.order.number}/").content.decode()
    assert f"Exchanged: order {replacement.number} replaces it" in page


def test_what_costs_more_is_paid_first(desk, begun, coat):
    exchange = choose(desk, begun, coat)
    with refused("not_covered"):
        complete(desk, begun)
    intent = start_payment(key="x:1", owner_key=exchange.owner_key, method="till_receipt", amount=Decimal("30.00"),
                           currency="USD", reference="T-77", by=desk.by, now=timezone.now())  # fmt: skip
    payout = complete(desk, begun, payments=[intent])
    assert payout.exchange_amount == Decimal("19.99")
    tenders = {payment.method: payment.authorized_amount for payment in payout.replacement.payments.all()}
    assert tenders == {"store_credit": Decimal("19.99"), "till_receipt": Decimal("30.00")}
    assert PaymentIntent.objects.get().status == "used"
    assert payment_of(begun.order).refunded_amount == Decimal("19.99")
    assert audit() == {}


def test_what_costs_less_gives_the_rest_back_as_it_was_paid(desk, begun, mug):
    choose(desk, begun, mug)
    payout = complete(desk, begun)
    assert (payout.exchange_amount, payout.tender_amount) == (Decimal("7.50"), Decimal("12.49"))
    assert audit() == {}


def test_the_last_one_is_held_from_the_moment_it_is_chosen(desk, begun, mug):
    choose(desk, begun, mug)
    choose(desk, begun, mug)
    with refused("insufficient_stock"):
        choose(desk, begun, mug)
    assert len(open_exchange(begun).lines) == 2
    end_exchange(rma_number=begun.rma_number, by=desk.by, now=timezone.now())
    assert level(mug, desk.store) == (2, 0, 0)
    assert (Exchange.objects.get().status, Hold.objects.filter(status="open").count()) == ("ended", 0)
    assert audit() == {}


def test_a_refusal_leaves_everything_as_it_was(desk, begun, coat, shirt):
    choose(desk, begun, coat)
    with refused("not_covered"):
        complete(desk, begun)
    assert begun.units.get().status == "authorized"
    assert payment_of(begun.order).refunded_amount == 0
    assert Order.objects.count() == 1
    assert level(shirt, desk.store)[0] == 19


def test_what_is_taken_along_instead_is_checked_like_what_is_sold(desk, begun):
    camera = stocked(desk.store, 2, variant=VariantFactory(price=Decimal("12.00"), is_serial_tracked=True))
    wine = stocked(desk.store, 2, variant=VariantFactory(price=Decimal("7.99"), is_age_restricted=True))
    choose(desk, begun, camera)
    choose(desk, begun, wine)
    url = f"/returns/{begun.rma_number}/exchange/"
    page = desk.client.get(url).content.decode()
    assert f"Serial number of {camera.title}" in page and "Only for people over 21" in page
    checks: dict[str, str] = {}
    for sentence, more in (("Scan the serial number of", {"serial-0": "SN-1"}), ("Look at their ID first", {})):
        answer = desk.client.post(f"{url}complete/", checks)
        assert answer.status_code == 422 and sentence in answer.content.decode()
        checks |= more
    assert Order.objects.count() == 1
    order = complete(desk, begun, serials={0: "SN-1"}, age=AgeCheck(21, "photo_id")).replacement
    assert (SerialNumber.objects.get().serial, order.lines.count()) == ("SN-1", 2)
    assert HandOver.objects.filter(fulfillment_order__order=order).get().age_check == "photo_id"
    assert audit() == {}
