"""Two records of one person: what the chain owes them is found together, and parts again with them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from customers.models import Customer
from customers.operations.merge import merge_customers, undo_merge
from customers.operations.store_credit import capture_credit, expire_credit, hold_credit, issue_credit, refund_credit
from omni.core.actors import Actor
from orders.operations.refund import refund
from orders.operations.request import Contact
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import audit, now

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def bea(db):
    made = Customer.objects.create(name="Ada B", phone="+16125550101", external_id="c-8")
    made.refresh_from_db()
    return made


@pytest.fixture
def ada(db):
    made = Customer.objects.create(name="Ada Byron", email="ada@example.org", external_id="c-7")
    made.refresh_from_db()
    return made


def issue(who, amount, key):
    return issue_credit(amount=Decimal(amount), currency="USD", key=key, reason="Return", by=BY, now=now(),
                        customer_id=who.pk, cause="order:1")  # fmt: skip


def credits(site, who):
    answer = site.get(f"/customers/{who.uid}/store-credit")
    assert answer.status_code == 200, answer.content
    return [(each["balance"], each["held"], [entry["kind"] for entry in each["entries"]])
            for each in answer.json()["results"]]  # fmt: skip


def test_both_accounts_are_theirs_after_the_merge_and_each_ones_own_after_its_undoing(ada, bea, site):
    mine, theirs = issue(ada, 20, "a"), issue(bea, 5, "b")
    merge = merge_customers(kept_id=ada.pk, gone_id=bea.pk, reason="same card", by=BY, now=now())
    assert credits(site, ada) == [("5.00", "0.00", ["issue"]), ("20.00", "0.00", ["issue"])]
    assert credits(site, bea) == credits(site, ada), "the other id answers the one that stayed"

    # What is spent meanwhile was spent from an account with a code; nothing was poured together.
    hold_credit(code=theirs.code, amount=Decimal(3), currency="USD", key="h", cause="order:2", by=BY, now=now())
    capture_credit(hold_key="h", amount=Decimal(3), key="c", cause="order:2", by=BY, now=now())
    refund_credit(code=theirs.code, amount=Decimal(1), key="r", cause="order:2", by=BY, now=now())
    expire_credit(code=mine.code, key="e", reason="over", by=BY, now=now())
    undo_merge(merge_id=merge.pk, by=BY, now=now())
    assert credits(site, ada) == [("0.00", "0.00", ["issue", "expire"])]
    assert credits(site, bea) == [("3.00", "0.00", ["issue", "hold", "capture", "refund"])]
    assert audit() == {}


def test_no_answer_tells_a_code(ada, site):
    credit = issue(ada, 20, "a")
    body = site.get(f"/customers/{ada.uid}/store-credit")
    assert credit.code not in body.content.decode() and body.json()["results"][0]["code_end"] == credit.code[-4:]


def sold(who):
    """Carried out, and no payment was told."""
    store = LocationFactory()
    taken = replace(line(stocked(store, 1), at=store), method="carry_out")
    return placed(taken, channel="pos", contact=Contact(external_id=who.external_id))


def test_an_order_of_either_record_is_found_under_either_id(ada, bea, site):
    first, second = sold(ada), sold(bea)

    def found(external_id):
        return {row["number"] for row in site.get("/orders", customer=external_id).json()["results"]}

    assert (found("c-7"), found("c-8")) == ({str(first.number)}, {str(second.number)})
    merge = merge_customers(kept_id=ada.pk, gone_id=bea.pk, reason="same card", by=BY, now=now())
    assert found("c-7") == found("c-8") == {str(first.number), str(second.number)}
    assert found("nobody") == set()
    undo_merge(merge_id=merge.pk, by=BY, now=now())
    assert (found("c-7"), found("c-8")) == ({str(first.number)}, {str(second.number)})


def test_a_refund_that_is_claimed_after_the_merge_is_theirs(ada, bea, site):
    order = sold(bea)
    merge = merge_customers(kept_id=ada.pk, gone_id=bea.pk, reason="same card", by=BY, now=now())
    refund(order=order, amount=Decimal("5.00"), key="k", by=BY, now=now(), to="store_credit")
    assert [row[0] for row in credits(site, ada)] == ["5.00"]
    undo_merge(merge_id=merge.pk, by=BY, now=now())
    assert (credits(site, ada), [row[0] for row in credits(site, bea)]) == ([], ["5.00"])
