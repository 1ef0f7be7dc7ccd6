"""Money under parallel requests, on real connections: never twice, never more than there is."""

from collections import Counter
from decimal import Decimal
from threading import Barrier, local

import pytest
from django.db.models import F

from customers.models import StoreCredit
from customers.operations import store_credit
from customers.operations.store_credit import hold_credit, issue_credit
from omni.core.checks import run_checks
from orders.models import Order, Payment, PaymentIntent, Refund, TerminalCall
from orders.operations.authorize import ask_terminal, start_payment, void_payment
from orders.operations.call_provider import call_provider
from orders.operations.hand_over import Collector, hand_over
from orders.operations.refund import refund
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from tests.factories import line, placed, stocked
from tests.shop import SITE, audit, now, open_shop

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    """Three at 19.99, collected and paid by card."""
    shop = open_shop()
    made = placed(line(stocked(shop.store, 3), 3, at=shop.store),
                  payments=[PaymentRequest("card", "psp", Decimal("59.97"))])  # fmt: skip
    work = shop.staged(made)
    handed = hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), by=shop.picker, now=now())
    finalize_hand_overs(now=handed.undo_until)
    call_provider(number=made.number, now=now())
    return Order.objects.get(pk=made.pk)


def test_parallel_refunds_never_exceed_what_was_taken(race, order):
    ends = race(6, lambda n: refund(order=order, amount=Decimal("19.99"), key=f"r:{n}", by=SITE, now=now()) and None)
    assert ends == Counter(ok=3, more_than_paid=3)
    assert Payment.objects.get().refunded_amount == Decimal("59.97")
    race(4, lambda n: call_provider(number=order.number, now=now()))
    assert TerminalCall.objects.filter(kind="refund").count() == 3
    assert audit() == {}


def test_the_same_refund_asked_at_once_is_one(race, order):
    race(5, lambda n: refund(order=order, amount=Decimal("19.99"), key="r", by=SITE, now=now()) and None)
    assert Refund.objects.count() == 1
    assert audit() == {}


def test_without_the_order_lock_the_database_still_refuses(race, order):
    """The guard below the guard: counted blindly by everybody at once, the CHECK lets only three through."""
    start = Barrier(6)

    def blindly(n: int) -> None:
        start.wait(timeout=20)
        Payment.objects.update(refunded_amount=F("refunded_amount") + Decimal("19.99"))

    assert race(6, blindly) == Counter(ok=3, IntegrityError=3)


def test_a_balance_is_spent_once(race):
    credit = issue_credit(amount=Decimal(50), currency="USD", key="i", reason="x", by=SITE, now=now())
    ends = race(6, lambda n: hold_credit(code=credit.code, amount=Decimal(20), currency="USD", key=f"h:{n}", cause="",
                                         by=SITE, now=now()) and None)  # fmt: skip
    assert ends == Counter(ok=2, insufficient_credit=4)
    assert StoreCredit.objects.get().held_amount == 40
    assert not any(finding.count for finding in run_checks(["credit-ledger", "credit-holds"]))


@pytest.fixture
def both_look_first(monkeypatch):
    """Two who issue: neither writes before both have looked and found nothing."""
    looked, looks, real = Barrier(2), local(), store_credit._entry

    def look(kind, key):
        found = real(kind, key)
        if not getattr(looks, "done", False):
            looks.done = True
            looked.wait(timeout=20)
        return found

    monkeypatch.setattr(store_credit, "_entry", look)


def issue(n: int) -> StoreCredit:
    return issue_credit(amount=Decimal(50), currency="USD", key="same", reason="x", by=SITE, now=now())


def test_the_same_credit_issued_at_once_is_one_and_both_get_it(race, both_look_first):
    codes: list[str] = []
    ends = race(2, lambda n: codes.append(issue(n).code))
    assert ends == Counter(ok=2)
    assert set(codes) == {StoreCredit.objects.get().code}
    assert not any(finding.count for finding in run_checks(["credit-ledger"]))


def test_without_the_second_look_the_slower_one_meets_the_index(race, both_look_first, monkeypatch):
    """The guard off: nobody answers with what the faster one made."""
    monkeypatch.setattr(store_credit, "_entry", (lambda look: lambda kind, key: look(kind, key) and None)(
        store_credit._entry))  # fmt: skip
    assert race(2, issue) == Counter(ok=1, IntegrityError=1)
    assert StoreCredit.objects.count() == 1


def test_the_terminal_is_asked_once_by_people_who_press_at_once(race):
    start_payment(key="p", owner_key="b", method="card", amount=Decimal(5), currency="USD", by=SITE, now=now())
    race(4, lambda n: ask_terminal(key="p", now=now()) and None)
    assert TerminalCall.objects.count() == 1
    assert PaymentIntent.objects.get().status == "approved"


def test_a_payment_is_used_or_voided_never_both(race):
    shop = open_shop()
    variant = stocked(shop.store, 5)
    start_payment(key="p", owner_key="b", method="card", amount=Decimal("19.99"), currency="USD", by=SITE, now=now())
    ask_terminal(key="p", now=now())
    paid = PaymentRequest("card", "x", Decimal("19.99"), intent_key="p")

    def act(n: int) -> None:
        if n:
            placed(line(variant, at=shop.store), payments=[paid])
        else:
            void_payment(key="p", now=now())

    ends = race(3, act)
    intent = PaymentIntent.objects.get()
    assert ends["ok"] == 1
    assert (intent.status == "used") == Order.objects.exists()
    assert TerminalCall.objects.filter(kind="void").exists() != Order.objects.exists()
