"""Payments before an order: asked once, found again by their key, used by one order or voided."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.operations.store_credit import issue_credit
from orders.models import PaymentIntent, TerminalCall
from orders.operations.authorize import ask_terminal, look_up_payment, start_payment, sweep_payments, void_payment
from orders.operations.request import PaymentRequest
from tests.factories import LocationFactory, line, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db
TIMEOUT, TIMEOUT_AFTER, TWICE, DECLINED = "666.02", "666.03", "666.04", "666.01"


def start(amount="57.42", key="p-1", method="card", reference=""):
    return start_payment(key=key, owner_key="basket:1", method=method, amount=Decimal(amount), currency="USD", by=SITE,
                         now=now(), reference=reference)  # fmt: skip


def test_a_card_is_approved_once_however_often_it_is_asked():
    start()
    for _ in range(3):
        intent = ask_terminal(key="p-1", now=now())
    assert (intent.status, intent.brand, intent.last4) == ("approved", "Visa", "4242")
    assert TerminalCall.objects.count() == 1
    assert start().pk == intent.pk, "the same key is the same payment"
    with refused("key_reused"):
        start("57.43")


def test_declined_says_why_and_another_card_may_follow(settings_decided):
    settings_decided("orders.terminal_mode", "decline")
    start()
    intent = ask_terminal(key="p-1", now=now())
    assert (intent.status, intent.reason) == ("declined", "The card was declined. Try another card.")
    settings_decided("orders.terminal_mode", "approve")
    assert ask_terminal(key="p-1", now=now()).status == "approved"
    assert list(TerminalCall.objects.values_list("key", "is_approved")) == [("p-1:0", False), ("p-1:1", True)]


def test_a_lost_answer_is_found_by_look_up():
    start(TIMEOUT_AFTER)
    assert ask_terminal(key="p-1", now=now()).status == "approved"
    assert TerminalCall.objects.count() == 1


def test_a_call_that_never_arrived_stays_unknown_and_can_be_made_again(settings_decided):
    settings_decided("orders.terminal_mode", "timeout")
    start()
    assert ask_terminal(key="p-1", now=now()).status == "unknown"
    assert look_up_payment(key="p-1", now=now()).status == "new"
    settings_decided("orders.terminal_mode", "approve")
    assert ask_terminal(key="p-1", now=now()).status == "approved"
    assert TerminalCall.objects.count() == 1


def test_a_duplicate_answer_is_believed_only_after_look_up():
    start(TWICE)
    assert ask_terminal(key="p-1", now=now()).status == "approved"
    assert TerminalCall.objects.count() == 1


def test_whoever_was_killed_between_call_and_booking_is_found_by_the_clock():
    intent = start()
    ask_terminal(key="p-1", now=now())
    PaymentIntent.objects.update(status="asked", reference="", asked_at=now() - timedelta(minutes=5))
    sweep_payments(now=now())
    intent.refresh_from_db()
    assert intent.status == "approved"


def test_what_no_order_came_for_is_voided():
    start()
    ask_terminal(key="p-1", now=now())
    assert sweep_payments(now=now() + timedelta(minutes=29)) == 0
    assert sweep_payments(now=now() + timedelta(minutes=31)) == 1
    assert PaymentIntent.objects.get().status == "voided"
    assert TerminalCall.objects.filter(kind="void").count() == 1
    assert sweep_payments(now=now() + timedelta(minutes=90)) == 0


def test_an_answer_that_came_after_the_look_up_is_voided_too(settings_decided):
    settings_decided("orders.terminal_mode", "timeout")
    start()
    ask_terminal(key="p-1", now=now())
    look_up_payment(key="p-1", now=now())
    TerminalCall.objects.create(key="p-1:0", kind="authorize", amount=1, currency="USD", is_approved=True,
                                called_at=now())  # fmt: skip
    settings_decided("orders.terminal_mode", "approve")
    sweep_payments(now=now() + timedelta(minutes=31))
    assert PaymentIntent.objects.get().status == "voided"
    assert TerminalCall.objects.filter(kind="void").count() == 1


def test_till_receipt_and_store_credit_are_approved_at_once():
    assert start(method="till_receipt", reference="1042-7").status == "approved"
    credit = issue_credit(amount=Decimal(60), currency="USD", key="i", reason="x", by=SITE, now=now())
    intent = start(key="p-2", method="store_credit", reference=credit.code)
    credit.refresh_from_db()
    assert (intent.status, credit.held_amount) == ("approved", Decimal("57.42"))
    assert void_payment(key="p-2", now=now()).status == "voided"
    credit.refresh_from_db()
    assert credit.held_amount == 0
    assert audit() == {}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": "0"}, "bad_amount"),
        ({"amount": "1.001"}, "bad_amount"),
        ({"method": "cheque"}, "unknown_method"),
        ({"method": "till_receipt"}, "reference_required"),
        ({"method": "till_receipt", "reference": "4111111111111111"}, "card_number"),
        ({"method": "store_credit", "reference": "C000"}, "unknown_credit"),
    ],
)
def test_what_is_no_payment(more, code):
    with refused(code):
        start(**more)
    assert not PaymentIntent.objects.exists()


def test_an_order_takes_over_what_was_approved_and_nothing_else():
    store = LocationFactory()
    variant = stocked(store, 5)
    start("19.99")
    paid = PaymentRequest("card", "whatever", Decimal("19.99"), intent_key="p-1")
    with refused("payment_not_approved"):
        placed(line(variant, at=store), payments=[paid])
    ask_terminal(key="p-1", now=now())

    order = placed(line(variant, at=store), payments=[paid])

    payment = order.payments.get()
    assert (payment.reference, payment.words) == (PaymentIntent.objects.get().reference, "Visa •••• 4242")
    with refused("payment_not_approved"):
        placed(line(variant, at=store), payments=[paid])
    with refused("already_used"):
        void_payment(key="p-1", now=now())
    assert audit() == {}
