"""HQ and money: credit is given with a reason, above a limit by two; refused refunds are decided."""

from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import StoreCredit, StoreCreditEntry
from omni.core.hq.show import list_url, page_url
from omni.core.operations.set_pin import choose_pin
from orders.models import PaymentIntent, Refund
from orders.operations.authorize import ask_terminal, start_payment
from orders.operations.call_provider import call_provider
from orders.operations.refund import refund
from tests.factories import person
from tests.hq.test_acts import act
from tests.money.test_refund import card, collected
from tests.shop import SITE, audit, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop()


def give(hq, customer, amount, **more):
    return act(hq, "customers.customer", "credit", customer, amount=amount, currency="USD", reason="late parcel",
               key="k", **more)  # fmt: skip


def test_a_credit_is_given_once_however_often_the_button_is_pressed(hq, shop):
    order = collected(shop, card("60.00"))
    for _ in range(2):
        answer = give(hq, order.customer, "25.00")
        assert answer.status_code == 200
    credit = StoreCredit.objects.get()
    assert (credit.balance_amount, credit.customer) == (25, order.customer)
    assert credit.printed_code in answer.content.decode(), "shown once"
    page = hq.get(page_url("customers.storecredit", credit.pk)).content.decode()
    assert credit.code not in page
    assert credit.printed_code not in page
    assert "late parcel" in page
    assert audit() == {}


def test_above_the_limit_it_takes_two(hq, shop, settings_decided):
    settings_decided("customers.credit_alone", 20)
    order = collected(shop, card("60.00"))
    answer = give(hq, order.customer, "25.00")
    assert answer.status_code == 422
    assert "takes a second person" in answer.content.decode()
    answer = give(hq, order.customer, "25.00", approver="nobody", pin="12345")
    assert answer.status_code == 422
    assert not StoreCreditEntry.objects.exists()

    for username, role, code in (("ann", "lead", 422), ("bea", "hq", 200)):
        choose_pin(user=person(role, username=username), pin="482915", now=timezone.now())
        assert give(hq, order.customer, "25.00", approver=username, pin="482915").status_code == code
    assert StoreCreditEntry.objects.get().approved_by


def test_nobody_approves_their_own_credit(hq, shop, settings_decided):
    settings_decided("customers.credit_alone", 20)
    order = collected(shop, card("60.00"))
    choose_pin(user=hq.user, pin="482915", now=timezone.now())
    answer = give(hq, order.customer, "25.00", approver=hq.user.username, pin="482915")
    assert "Somebody else has to approve this" in answer.content.decode()
    assert not StoreCredit.objects.exists()


def test_a_refused_refund_is_decided_in_hq(hq, shop, settings_decided):
    order = collected(shop, card("60.00"))
    refund(order=order, amount=Decimal("10.00"), key="r", by=SITE, now=timezone.now())
    settings_decided("orders.terminal_mode", "decline")
    call_provider(number=order.number, now=timezone.now())
    refused = Refund.objects.get()
    assert "bank refused the refund" in hq.get(page_url("orders.refund", refused.pk)).content.decode()
    assert hq.get(list_url("orders.refund", state="refused")).status_code == 200
    act(hq, "orders.refund", "credit", refused, reason="card closed")
    assert StoreCredit.objects.get().balance_amount == 10
    assert audit() == {}


def test_a_credit_expires_with_a_reason(hq, shop):
    order = collected(shop, card("60.00"))
    refund(order=order, amount=Decimal("10.00"), key="r", to="store_credit", by=SITE, now=timezone.now())
    credit = StoreCredit.objects.get()
    act(hq, "customers.storecredit", "expire", credit, reason="given by mistake")
    credit.refresh_from_db()
    assert credit.balance_amount == 0
    assert audit() == {}


def test_missing_money_is_asked_for_again(hq, shop, settings_decided):
    settings_decided("orders.terminal_mode", "decline")
    order = collected(shop, card("60.00"))
    settings_decided("orders.terminal_mode", "approve")
    act(hq, "orders.payment", "retry", order.payments.get())
    call_provider(number=order.number, now=timezone.now())
    assert order.payments.get().captured_amount == Decimal("59.97")
    assert not order.exceptions.filter(resolved_at=None).exists()
    assert audit() == {}


def test_an_unknown_payment_is_found_out_and_voided(hq, settings_decided):
    settings_decided("orders.terminal_mode", "timeout")
    start_payment(key="p", owner_key="b", method="card", amount=Decimal(5), currency="USD", by=SITE,
                  now=timezone.now())  # fmt: skip
    ask_terminal(key="p", now=timezone.now())
    intent = PaymentIntent.objects.get()
    answer = act(hq, "orders.paymentintent", "give_up", intent)
    assert "looked up and voided" in answer.content.decode()
