"""Stripe speaks first: signed, fresh, each event once; what became of a payment is asked, whatever the event says."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from omni.core.inbound import sign_stripe
from omni.core.models import Event, InboundMessage
from orders.models import Capture, OrderException, Payment, PaymentIntent, Refund
from orders.operations.authorize import ask_terminal, start_payment
from orders.operations.call_provider import call_provider
from orders.operations.refund import refund
from orders.operations.request import PaymentRequest
from orders.subscribers import read_payment_hook
from tests.factories import LocationFactory, placed, stocked
from tests.money import test_stripe as published
from tests.money.test_stripe import ONE, PI, READER, charge, intent, refund_of
from tests.orders.test_carry_out import carried
from tests.shop import SITE, audit, now

pytestmark = pytest.mark.django_db(transaction=True)
account = published.account
SECRET = "whsec_test"
PAID = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
SEARCH, REFUNDS = f"GET {PI}/search", "GET /v1/refunds"
NONE = {"object": "list", "data": [], "has_more": False}


@pytest.fixture(autouse=True)
def secret(settings):
    settings.HOOK_SECRETS = settings.HOOK_SECRETS | {"stripe": SECRET}


def told(kind: str, thing: dict, event_id: str = "evt_1") -> dict:
    """As Stripe's reference shows an Event."""
    return {"id": event_id, "object": "event", "api_version": "2024-06-20", "created": 1, "livemode": False,
            "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": kind,
            "data": {"object": thing}}  # fmt: skip


def send(body, *, age: int = 0, secret: str = SECRET, header: str = ""):
    raw = json.dumps(body).encode()
    stamp = str(int((now() - timedelta(seconds=age)).timestamp()))
    signature = header or f"t={stamp},v1={sign_stripe(stamp, raw, secret)}"
    return Client().post("/hooks/stripe/", raw, content_type="application/json",
                         headers={"stripe-signature": signature})  # fmt: skip


def relay() -> None:
    for event in Event.objects.filter(topic="hooks.received").order_by("pk"):
        read_payment_hook(event)


def hear(kind: str, thing: dict, event_id: str = "evt_1") -> None:
    assert send(told(kind, thing, event_id)).status_code == 202
    relay()


@pytest.fixture
def lost(account):
    """Asked at the terminal; Stripe took it, and no answer came."""
    account.answers = {f"POST {PI}": intent(), READER: {}, f"GET {ONE}": intent(), SEARCH: NONE, REFUNDS: NONE}
    start_payment(key="basket:1:1", owner_key="basket:1", method="card", amount=Decimal(20), currency="USD", by=SITE,
                  now=now())  # fmt: skip
    asked = ask_terminal(key="basket:1:1", now=now())
    assert asked.status in ("unknown", "new")
    return asked


def mine(**more):
    return intent(metadata={"omni_key": "basket:1:1:0"}, **more)


AUTHORIZED = {"status": "requires_capture", "amount_capturable": 2000}
BROKE = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "Your card has insufficient funds."}


def state():
    return PaymentIntent.objects.get().status


def test_an_answer_that_got_lost_is_settled_by_the_event(account, lost):
    account.answers[f"GET {ONE}"] = mine(**AUTHORIZED, latest_charge=charge())
    hear("payment_intent.amount_capturable_updated", mine(**AUTHORIZED))
    paid = PaymentIntent.objects.get()
    assert (paid.status, paid.reference, paid.last4) == ("approved", PAID, "4242")
    assert InboundMessage.objects.get().handled_at is not None


def test_a_declined_card_is_declined_in_stripes_words(account, lost):
    account.answers[f"GET {ONE}"] = mine(last_payment_error=BROKE)
    hear("payment_intent.payment_failed", mine(last_payment_error=BROKE))
    assert (state(), PaymentIntent.objects.get().reason) == ("declined", BROKE["message"])


def test_the_same_event_twice_is_taken_once(account, lost):
    account.answers[f"GET {ONE}"] = mine(**AUTHORIZED, latest_charge=charge())
    body = told("payment_intent.amount_capturable_updated", mine(**AUTHORIZED))
    assert [send(body).json()["status"] for _ in range(2)] == ["accepted", "known"]
    relay()
    asked = len(account.asked)
    relay()
    assert (state(), len(account.asked)) == ("approved", asked)


def test_an_old_failure_that_comes_last_does_not_undo_the_payment(account, lost):
    account.answers[f"GET {ONE}"] = mine(**AUTHORIZED, latest_charge=charge())
    hear("payment_intent.amount_capturable_updated", mine(**AUTHORIZED), "evt_2")
    hear("payment_intent.payment_failed", mine(last_payment_error=BROKE), "evt_1")
    assert state() == "approved"


def test_an_old_failure_that_comes_first_is_overtaken_by_what_is_true_now(account, lost):
    account.answers[f"GET {ONE}"] = mine(**AUTHORIZED, latest_charge=charge())
    hear("payment_intent.payment_failed", mine(last_payment_error=BROKE))
    assert state() == "approved"


def test_an_authorization_that_ended_at_stripe_pays_nothing(account, lost):
    account.answers[f"GET {ONE}"] = mine(**AUTHORIZED, latest_charge=charge())
    hear("payment_intent.amount_capturable_updated", mine(**AUTHORIZED))
    account.answers[f"GET {ONE}"] = mine(status="canceled")
    hear("payment_intent.canceled", mine(status="canceled"), "evt_2")
    assert state() == "voided"


def test_a_payment_of_somebody_else_means_nothing(account, lost):
    hear("payment_intent.succeeded", intent(id="pi_other"))
    hear("customer.created", {"id": "cus_1"}, "evt_2")
    hear("refund.failed", {"id": "re_1"}, "evt_3")
    problems = list(InboundMessage.objects.order_by("pk").values_list("problem", flat=True))
    assert problems == ["", "not about a payment of ours", "unreadable: KeyError 'payment_intent'"]
    assert state() in ("unknown", "new")


@pytest.fixture
def sold(account):
    """Carried out and captured at Stripe: 19.99."""
    store = LocationFactory()
    order = placed(carried(stocked(store, 1), store), channel="pos",
                   payments=[PaymentRequest("card", PAID, Decimal("19.99"))])  # fmt: skip
    account.answers = {f"GET {ONE}": intent(latest_charge=charge()), REFUNDS: NONE,
                       f"POST {ONE}/capture": intent(status="succeeded", latest_charge=charge())}  # fmt: skip
    return order


def test_a_capture_whose_answer_got_lost_is_booked(account, sold):
    assert Capture.objects.get().captured_at is None
    hear("payment_intent.succeeded", intent(status="succeeded"))
    hear("payment_intent.succeeded", intent(status="succeeded"), "evt_2")
    assert (Capture.objects.get().captured_at is not None, Payment.objects.get().captured_amount) == (
        True, Decimal("19.99")
    )  # fmt: skip


@pytest.fixture
def given_back(account, sold):
    call_provider(number=sold.number, now=now())
    refund(order=sold, amount=Decimal("5.00"), key="r", by=SITE, now=now())
    made = Refund.objects.get()
    key = f"refund:{made.key}"
    account.answers["POST /v1/refunds"] = refund_of(key)
    return made, key


def failed(key):
    return refund_of(key, status="failed", failure_reason="expired_or_canceled_card", payment_intent=PAID)


def test_a_refund_whose_answer_got_lost_is_booked(account, given_back):
    hear("charge.refunded", {"id": "ch_1", "object": "charge", "payment_intent": PAID, "amount_refunded": 500})
    assert Refund.objects.get().refunded_at is not None


def test_a_refund_that_the_bank_sends_back_counts_as_kept_again_and_a_person_decides(account, sold, given_back):
    _made, key = given_back
    call_provider(number=sold.number, now=now())
    account.answers[REFUNDS] = {"object": "list", "data": [failed(key)], "has_more": False}
    for event_id in ("evt_1", "evt_2"):  # refund.updated tells the same
        hear("refund.failed", failed(key), event_id)
    made = Refund.objects.get()
    assert (made.refunded_at, made.failed_at is not None, Payment.objects.get().refunded_amount) == (None, True, 0)
    assert "expired_or_canceled_card" in OrderException.objects.get(kind="refund").detail
    assert Event.objects.filter(topic="orders.refund_failed").count() == 1
    assert audit() == {}


def test_an_event_says_failed_and_stripe_knows_better(account, sold, given_back):
    _made, key = given_back
    call_provider(number=sold.number, now=now())
    account.answers[REFUNDS] = {"object": "list", "data": [refund_of(key)], "has_more": False}
    hear("refund.failed", failed(key))
    assert Refund.objects.get().failed_at is None


@pytest.mark.parametrize("how", [{"secret": "whsec_wrong"}, {"age": 301}, {"age": -301}, {"header": "t=1"},
                                 {"header": "v1=00"}, {"header": "t=1,v0=00"}, {"header": "t=١,v1=00"}])  # fmt: skip
def test_unsigned_wrong_and_old_messages_are_refused(how, time_machine):
    time_machine.move_to(now(), tick=False)
    assert send(told("payment_intent.succeeded", intent()), **how).status_code == 401
    assert not InboundMessage.objects.exists()


def test_while_the_secret_is_rolled_one_good_signature_of_two_is_enough():
    raw = json.dumps(told("customer.created", {})).encode()
    stamp = str(int(now().timestamp()))
    both = f"t={stamp},v1={sign_stripe(stamp, raw, 'old')},v1={sign_stripe(stamp, raw, SECRET)},v0=1"
    assert send(told("customer.created", {}), header=both).status_code == 202


def test_without_a_secret_the_hook_is_closed(settings):
    settings.HOOK_SECRETS = settings.HOOK_SECRETS | {"stripe": ""}
    assert send(told("payment_intent.succeeded", intent())).status_code == 404
