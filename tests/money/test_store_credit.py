"""Store credit: the balance is the sum of its ledger, whatever happens to it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from customers.credit_code import ALPHABET, clean, is_code, new_code, printed
from customers.models import StoreCredit, StoreCreditEntry, StoreCreditHold
from customers.operations.store_credit import (
    capture_credit,
    expire_credit,
    expire_due,
    hold_credit,
    issue_credit,
    refund_credit,
    release_credit,
)
from tests.refusing import refused
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db


def issue(amount="50.00", key="i-1", **more):
    return issue_credit(amount=Decimal(amount), currency="USD", key=key, reason="test", by=SITE, now=now(), **more)


def hold(credit, amount="30.00", key="h-1", currency="USD"):
    return hold_credit(code=credit.code, amount=Decimal(amount), currency=currency, key=key, cause="order:1", by=SITE,
                       now=now())  # fmt: skip


def state(credit):
    credit.refresh_from_db()
    return credit.balance_amount, credit.held_amount


def test_issued_held_spent_released_and_given_back():
    credit = issue()
    hold(credit)
    assert state(credit) == (50, 30)
    capture_credit(hold_key="h-1", amount=Decimal("20.00"), key="c-1", cause="order:1", by=SITE, now=now())
    assert state(credit) == (30, 10)
    assert release_credit(hold_key="h-1", key="r-1", cause="order:1", by=SITE, now=now()) == 10
    assert state(credit) == (30, 0)
    refund_credit(code=printed(credit.code).lower(), amount=Decimal("5.00"), key="b-1", cause="", by=SITE, now=now())
    assert state(credit) == (35, 0)
    assert [entry.kind for entry in credit.entries.all()] == ["issue", "hold", "capture", "release", "refund"]
    assert audit() == {}


def test_each_act_happens_once_per_key():
    credit = issue()
    assert issue() == credit
    hold(credit)
    hold(credit)
    for _ in range(2):
        capture_credit(hold_key="h-1", amount=Decimal("20.00"), key="c-1", cause="", by=SITE, now=now())
    for _ in range(2):
        release_credit(hold_key="h-1", key="r-1", cause="", by=SITE, now=now())
        refund_credit(code=credit.code, amount=Decimal("5.00"), key="b-1", cause="", by=SITE, now=now())
    assert state(credit) == (35, 0)


def test_more_than_there_is_is_not_held():
    credit = issue("10.00")
    hold(credit, "8.00")
    with refused("insufficient_credit") as info:
        hold(credit, "2.01", key="h-2")
    assert info.value.extra == {"available": "2.00"}
    with refused("wrong_currency"):
        hold(credit, "1.00", key="h-3", currency="EUR")
    assert state(credit) == (10, 8)


def test_no_more_is_spent_than_is_held():
    credit = issue()
    hold(credit)
    with refused("hold_used_up"):
        capture_credit(hold_key="h-1", amount=Decimal("30.01"), key="c-1", cause="", by=SITE, now=now())
    assert state(credit) == (50, 30)


def test_the_database_refuses_a_balance_below_what_is_held():
    credit = issue()
    hold(credit)
    for change in ({"balance_amount": Decimal("29.00")}, {"held_amount": Decimal("-1")}):
        with pytest.raises(IntegrityError, match="credit_held_within_balance"), transaction.atomic():
            StoreCredit.objects.update(**change)
    with pytest.raises(IntegrityError, match="credit_hold_ends_once"), transaction.atomic():
        StoreCreditHold.objects.update(captured_amount=20, released_amount=11)
    entry = StoreCreditEntry.objects.get(kind="hold")
    entry.pk, entry.key, entry.balance_change = None, "other", Decimal(1)
    with pytest.raises(IntegrityError, match="credit_entry_says_what_it_does"), transaction.atomic():
        entry.save(force_insert=True)


def test_the_ledger_cannot_be_rewritten():
    issue()
    for act in (lambda: StoreCreditEntry.objects.update(amount=1), lambda: StoreCreditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            act()


def test_expiry_leaves_what_an_order_holds():
    credit = issue(expires_at=now() - timedelta(days=1))
    with refused("credit_expired"):
        hold(credit)
    StoreCredit.objects.update(expires_at=None)
    hold(credit)
    StoreCredit.objects.update(expires_at=now())

    assert expire_due(now=now() + timedelta(seconds=1)) == 1
    assert expire_due(now=now() + timedelta(seconds=2)) == 0
    assert state(credit) == (30, 30)
    release_credit(hold_key="h-1", key="r-1", cause="", by=SITE, now=now())
    assert expire_due(now=now() + timedelta(seconds=3)) == 1, "what comes free later goes as well"
    assert state(credit) == (0, 0)


def test_a_person_expires_with_a_reason():
    credit = issue()
    assert expire_credit(code=credit.code, key="e-1", reason="lost card", by=SITE, now=now()) == 50
    entry = credit.entries.last()
    assert (entry.kind, entry.reason, state(credit)) == ("expire", "lost card", (0, 0))


@pytest.mark.parametrize("amount", ["0", "-1.00", "1.001", "NaN"])
def test_amounts_that_are_none(amount):
    with refused("bad_amount"):
        issue(amount)
    assert not StoreCredit.objects.exists()


def test_a_mistyped_code_finds_nobodys_money():
    credit = issue()
    body = credit.code
    for place in range(1, len(body)):
        for other in ALPHABET:
            if other != body[place]:
                assert not is_code(body[:place] + other + body[place + 1 :])
    with refused("unknown_credit"):
        refund_credit(code=new_code(), amount=Decimal(1), key="x", cause="", by=SITE, now=now())


def test_a_code_is_typed_as_people_type():
    code = new_code()
    assert is_code(code)
    assert clean(f" {printed(code).lower().replace('0', 'o').replace('1', 'l')} ") == code
