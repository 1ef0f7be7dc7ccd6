"""Money back: exact, to where it came from, once, and never more than was taken."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from customers.models import StoreCredit
from customers.operations.store_credit import issue_credit
from omni.core.models import Event
from orders.models import Order, OrderException, Payment, Refund, TerminalCall
from orders.operations.call_provider import call_provider, sweep_provider
from orders.operations.cancel import cancel
from orders.operations.hand_over import Collector, hand_over
from orders.operations.refund import book_refund, refund, refund_failed_to_credit, retry_refund
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from tests.factories import line, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, now, open_shop

pytestmark = pytest.mark.django_db
BY_ID = Collector(check="photo_id", name="Ada Byron")


@pytest.fixture
def shop():
    return open_shop()


def collected(shop, *payments, units=3):
    """An order of three at 19.99 each, handed over, its money taken."""
    order = placed(line(stocked(shop.store, units), units, at=shop.store), payments=payments)
    work = shop.staged(order)
    handed = hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    finalize_hand_overs(now=handed.undo_until)
    call_provider(number=order.number, now=now())
    return Order.objects.get(pk=order.pk)


def give_back(order, amount, key="return:1", **more):
    return refund(order=order, amount=Decimal(amount), key=key, by=SITE, now=now(), **more)


def card(amount):
    return PaymentRequest("card", f"psp_{amount}", Decimal(amount), brand="Visa", last4="4242")


def test_a_card_gets_its_money_back_once(shop):
    order = collected(shop, card("60.00"))
    for _ in range(2):
        (one,) = give_back(order, "19.99")
    payment = order.payments.get()
    assert (payment.captured_amount, payment.refunded_amount, one.refunded_at) == (
        Decimal("59.97"), Decimal("19.99"), None)  # fmt: skip

    for _ in range(2):
        call_provider(number=order.number, now=now())

    one.refresh_from_db()
    assert one.refunded_at and one.provider_reference
    assert TerminalCall.objects.filter(kind="refund").count() == 1
    with refused("key_reused"):
        give_back(order, "19.98")
    assert audit() == {}


def test_never_more_than_was_paid(shop):
    order = collected(shop, card("60.00"))
    give_back(order, "59.97")
    with refused("more_than_paid") as info:
        give_back(order, "0.01", key="return:2")
    assert info.value.extra == {"refundable": "0.00"}
    assert Refund.objects.count() == 1


def test_several_tenders_each_within_what_was_taken_cards_first(shop):
    credit = issue_credit(amount=Decimal(10), currency="USD", key="i", reason="x", by=SITE, now=now())
    order = collected(
        shop, PaymentRequest("store_credit", credit.code, Decimal(10)),
        PaymentRequest("till_receipt", "1042-7", Decimal(20)), card("40.00"),
    )  # fmt: skip
    assert [(each.method, each.captured_amount) for each in order.payments.order_by("pk")] == [
        ("store_credit", Decimal("10")), ("till_receipt", Decimal("20")), ("card", Decimal("29.97"))]  # fmt: skip

    made = give_back(order, "55.00")
    call_provider(number=order.number, now=now())

    assert [(one.payment.method, one.amount) for one in made] == [
        ("card", Decimal("29.97")), ("till_receipt", Decimal("20")), ("store_credit", Decimal("5.03"))]  # fmt: skip
    credit.refresh_from_db()
    assert credit.balance_amount == Decimal("5.03")
    assert not Refund.objects.filter(refunded_at=None).exists()
    assert audit() == {}


def test_store_credit_instead_of_the_card(shop):
    order = collected(shop, card("60.00"))
    (one,) = give_back(order, "19.99", to="store_credit", reason="wanted so")
    assert one.credit.balance_amount == Decimal("19.99")
    assert (one.credit.customer, one.refunded_at is None) == (order.customer, False)
    assert order.payments.get().refunded_amount == Decimal("19.99"), "the card cannot give it a second time"
    call_provider(number=order.number, now=now())
    assert not TerminalCall.objects.filter(kind="refund").exists()
    assert audit() == {}


def test_what_was_paid_elsewhere_becomes_store_credit_within_its_worth(shop):
    order = collected(shop)
    (one,) = give_back(order, "19.99")
    assert (one.payment, one.credit.balance_amount) == (None, Decimal("19.99"))
    with refused("more_than_paid"):
        give_back(order, "39.99", key="return:2")
    assert audit() == {}


def test_money_that_is_being_taken_is_waited_for(shop):
    order = placed(line(stocked(shop.store, 1), at=shop.store), payments=[card("20.00")])
    work = shop.staged(order)
    handed = hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    with refused("capture_pending"):
        give_back(order, "19.99")
    finalize_hand_overs(now=handed.undo_until)
    with refused("capture_pending"):
        give_back(order, "19.99")
    call_provider(number=order.number, now=now())
    assert give_back(order, "19.99")


@pytest.mark.parametrize(("mode", "calls"), [("timeout", 0), ("timeout_after", 1), ("duplicate", 1)])
def test_lost_and_doubled_answers_never_refund_twice(shop, settings_decided, mode, calls):
    order = collected(shop, card("60.00"))
    give_back(order, "19.99")
    settings_decided("orders.terminal_mode", mode)
    sweep_provider(now=now().replace(year=2099))
    assert TerminalCall.objects.filter(kind="refund").count() == calls
    settings_decided("orders.terminal_mode", "approve")
    sweep_provider(now=now().replace(year=2099))
    one = Refund.objects.get()
    book_refund(refund_id=one.pk, provider_reference="again", now=now())
    assert TerminalCall.objects.filter(kind="refund").count() == 1
    assert Event.objects.filter(topic="orders.refunded").count() == 1
    assert order.payments.get().refunded_amount == Decimal("19.99")
    assert audit() == {}


def refused_by_provider(shop, settings_decided):
    order = collected(shop, card("60.00"))
    (one,) = give_back(order, "19.99")
    settings_decided("orders.terminal_mode", "decline")
    call_provider(number=order.number, now=now())
    settings_decided("orders.terminal_mode", "approve")
    one.refresh_from_db()
    return order, one


def test_a_refused_refund_is_visible_and_counts_no_more(shop, settings_decided):
    order, one = refused_by_provider(shop, settings_decided)
    assert one.failed_at and one.failure == "The card's bank refused the refund."
    assert order.payments.get().refunded_amount == 0
    assert Order.objects.get(pk=order.pk).refunded_amount == 0
    assert OrderException.objects.get().kind == "refund"
    assert Event.objects.filter(topic="orders.refund_failed").exists()
    assert audit() == {}


def test_a_person_gives_store_credit_instead(shop, settings_decided):
    order, one = refused_by_provider(shop, settings_decided)
    instead = refund_failed_to_credit(refund_id=one.pk, reason="card closed", by=SITE, now=now())
    assert StoreCredit.objects.get() == instead.credit
    assert OrderException.objects.get().resolved_at
    with refused("already_decided"):
        retry_refund(refund_id=one.pk, reason="again", by=SITE, now=now())
    assert order.payments.get().refunded_amount == Decimal("19.99")
    assert audit() == {}


def test_a_person_has_the_provider_asked_again(shop, settings_decided):
    order, one = refused_by_provider(shop, settings_decided)
    again = retry_refund(refund_id=one.pk, reason="bank was down", by=SITE, now=now())
    call_provider(number=order.number, now=now())
    again.refresh_from_db()
    assert again.refunded_at
    with refused("not_refused"):
        retry_refund(refund_id=again.pk, reason="x", by=SITE, now=now())
    assert audit() == {}


def test_the_database_refuses_more_than_was_captured(shop):
    order = collected(shop, card("60.00"))
    with pytest.raises(IntegrityError, match="refunded_within_captured"), transaction.atomic():
        Payment.objects.update(refunded_amount=Decimal("59.98"))
    with pytest.raises(IntegrityError, match="never_refunded_beyond_total"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(refunded_amount=Decimal("59.98"))


# --- cancellations ---------------------------------------------------------------------------------------


def test_what_is_cancelled_is_released_not_taken(shop):
    order = placed(line(stocked(shop.store, 3), 3, at=shop.store), payments=[card("59.97")])
    cancel(number=order.number, reason="changed mind", by=SITE, now=now())
    call_provider(number=order.number, now=now())
    payment = order.payments.get()
    assert (payment.captured_amount, payment.voided_at is None) == (0, False)
    assert TerminalCall.objects.get().kind == "void"
    assert audit() == {}


def test_the_rest_is_released_once_the_last_unit_is_taken_or_cancelled(shop):
    order = placed(line(stocked(shop.store, 3), 3, at=shop.store, reference="a"), payments=[card("59.97")])
    cancel(number=order.number, lines=[("a", 1)], reason="two are enough", by=SITE, now=now())
    assert order.payments.get().void_requested_at is None, "two units are still to come"
    work = shop.staged(order)
    handed = hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    finalize_hand_overs(now=handed.undo_until)
    call_provider(number=order.number, now=now())
    call_provider(number=order.number, now=now())
    payment = order.payments.get()
    assert (payment.captured_amount, payment.voided_at is None) == (Decimal("39.98"), False)
    assert audit() == {}


def test_store_credit_is_held_spent_and_its_rest_released(shop):
    credit = issue_credit(amount=Decimal(100), currency="USD", key="i", reason="x", by=SITE, now=now())
    tender = PaymentRequest("store_credit", credit.code, Decimal("59.97"))
    order = placed(line(stocked(shop.store, 3), 3, at=shop.store, reference="a"), payments=[tender])
    credit.refresh_from_db()
    assert (credit.balance_amount, credit.held_amount) == (100, Decimal("59.97"))
    cancel(number=order.number, lines=[("a", 1)], reason="two are enough", by=SITE, now=now())
    work = shop.staged(order)
    handed = hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    finalize_hand_overs(now=handed.undo_until)
    for _ in range(2):
        call_provider(number=order.number, now=now())
    credit.refresh_from_db()
    assert (credit.balance_amount, credit.held_amount) == (Decimal("60.02"), 0)
    assert audit() == {}


def test_what_was_paid_and_is_cancelled_goes_back(shop):
    tender = PaymentRequest("till_receipt", "1042-7", Decimal("59.97"))
    order = placed(line(stocked(shop.store, 3), 3, at=shop.store, reference="a"), payments=[tender])
    cancel(number=order.number, lines=[("a", 1)], reason="two are enough", by=SITE, now=now())
    cancel(number=order.number, reason="none at all", by=SITE, now=now())
    assert [one.amount for one in Refund.objects.order_by("pk")] == [Decimal("19.99"), Decimal("39.98")]
    assert order.payments.get().refunded_amount == Decimal("59.97")
    assert audit() == {}


def test_a_refused_capture_needs_a_person(shop, settings_decided):
    settings_decided("orders.terminal_mode", "decline")
    order = collected(shop, card("60.00"))
    assert order.payments.get().captured_amount == 0
    assert OrderException.objects.get().kind == "payment"
    with refused("more_than_paid"):
        give_back(order, "19.99")
    assert audit() == {}
