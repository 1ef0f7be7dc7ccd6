"""The Stripe adapter against the shapes that Stripe's API reference publishes; no network.

Stripe's own memory is played by `Account`: it keeps what each Idempotency-Key was answered, as the reference says.
"""

from decimal import Decimal
from urllib.parse import parse_qsl

import httpx
import pytest

from orders.payments import ask
from orders.payments.port import Approved, Declined, OutcomeUnknown
from orders.payments.stripe import StripeGateway

CARD = {"brand": "visa", "last4": "4242", "multicapture": {"status": "available"}}


def intent(**more):
    return {
        "id": "pi_3MtwBwLkdIwHu7ix28a3tqPa", "object": "payment_intent", "amount": 2000, "amount_capturable": 0,
        "amount_received": 0, "capture_method": "manual", "currency": "usd", "last_payment_error": None,
        "latest_charge": None, "livemode": False, "metadata": {}, "payment_method_types": ["card_present"],
        "status": "requires_payment_method",
    } | more  # fmt: skip


def charge(**card):
    return {"id": "ch_3MmlLrLkdIwHu7ix0snN0B15", "object": "charge",
            "payment_method_details": {"type": "card_present", "card_present": CARD | card}}  # fmt: skip


def error(code, message, status=402, **more):
    kind = "card_error" if status == 402 else "invalid_request_error"
    return status, {"error": {"type": kind, "code": code, "message": message, **more}}


class Account:
    """Answers by path; remembers by Idempotency-Key."""

    def __init__(self):
        self.answers, self.asked, self.kept, self.lose = {}, [], {}, set()

    def handle(self, request: httpx.Request) -> httpx.Response:
        sent = dict(parse_qsl((request.content or request.url.query).decode()))
        path = f"{request.method} {request.url.path}"
        self.asked.append((path, sent))
        assert request.headers["authorization"].startswith("Basic ")
        key = request.headers.get("idempotency-key")
        answer = self.kept.get(key) or self.answers[path]
        answer = answer.pop(0) if isinstance(answer, list) and len(answer) > 1 else answer
        answer = answer[0] if isinstance(answer, list) else answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        if key:
            self.kept[key] = (status, body)
        if path in self.lose:
            self.lose.discard(path)
            raise httpx.ReadTimeout("lost")
        return httpx.Response(status, json=body)


@pytest.fixture
def account(settings):
    settings.STRIPE_KEY, settings.STRIPE_READER = "sk_test_123", "tmr_FDOt2wlRZEdpd7"
    settings.PAYMENT_GATEWAY = "tests.money.test_stripe.gateway_of_the_test"
    account = Account()
    global _account
    _account = account
    return account


_account = None


def gateway_of_the_test():
    return StripeGateway(transport=httpx.MockTransport(_account.handle), sleep=lambda _seconds: None)


@pytest.fixture
def stripe(account):
    return gateway_of_the_test()


PI = "/v1/payment_intents"
ONE = f"{PI}/pi_3MtwBwLkdIwHu7ix28a3tqPa"
READER = "POST /v1/terminal/readers/tmr_FDOt2wlRZEdpd7/process_payment_intent"
ASKED = {"amount": Decimal("20.00"), "currency": "USD", "key": "p-1:0"}
ON = {"reference": "pi_3MtwBwLkdIwHu7ix28a3tqPa", "amount": Decimal("5.00"), "currency": "USD"}


def test_a_card_is_presented_at_the_reader(account, stripe):
    account.answers = {
        f"POST {PI}": intent(), READER: {"object": "terminal.reader", "id": "tmr_FDOt2wlRZEdpd7"},
        f"GET {ONE}": [intent(), intent(status="requires_capture", amount_capturable=2000, latest_charge=charge())],
    }  # fmt: skip
    answer = stripe.authorize(**ASKED)
    assert answer == Approved("pi_3MtwBwLkdIwHu7ix28a3tqPa", Decimal("20.00"), "USD", "Visa", "4242")
    created = account.asked[0][1]
    assert (created["amount"], created["capture_method"], created["metadata[omni_key]"]) == ("2000", "manual", "p-1:0")


def test_a_declined_card_says_why_in_stripes_words(account, stripe):
    why = {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.",
    }
    account.answers = {f"POST {PI}": intent(), READER: {}, f"GET {ONE}": intent(last_payment_error=why)}
    assert stripe.authorize(**ASKED) == Declined("Your card has insufficient funds.", "insufficient_funds")


def test_nobody_presents_a_card(account, stripe):
    account.answers = {f"POST {PI}": intent(), READER: {}, f"GET {ONE}": intent()}
    with pytest.raises(OutcomeUnknown):
        stripe.authorize(**ASKED)


@pytest.mark.parametrize(("currency", "amount", "minor"), [("JPY", "1999", "1999"), ("KWD", "1.234", "1234")])
def test_amounts_are_whole_minor_units_of_their_currency(account, stripe, currency, amount, minor):
    done = intent(status="requires_capture", amount=int(minor), currency=currency.lower(), latest_charge=charge())
    account.answers = {f"POST {PI}": done, f"GET {ONE}": done}
    answer = stripe.authorize(amount=Decimal(amount), currency=currency, key="k")
    assert (answer.amount, account.asked[0][1]["amount"]) == (Decimal(amount), minor)


def test_a_part_is_captured_and_the_rest_stays_where_the_card_allows_it(account, stripe):
    account.answers = {f"GET {ONE}": intent(latest_charge=charge()), f"POST {ONE}/capture": intent(
        status="requires_capture", latest_charge="ch_3MmlLrLkdIwHu7ix0snN0B15")}  # fmt: skip
    answer = stripe.capture(**ON, key="7:parcel:1")
    assert (answer.reference, answer.amount) == ("ch_3MmlLrLkdIwHu7ix0snN0B15", Decimal("5.00"))
    sent = account.asked[-1][1]
    assert (sent["amount_to_capture"], sent["final_capture"]) == ("500", "false")


def test_a_card_without_several_captures_is_captured_for_good(account, stripe):
    once = intent(latest_charge=charge(multicapture={"status": "unavailable"}))
    account.answers = {f"GET {ONE}": once, f"POST {ONE}/capture": once}
    stripe.capture(**ON, key="7:parcel:1")
    assert "final_capture" not in account.asked[-1][1]


def test_a_lost_capture_is_found_by_its_mark_on_the_intent(account, stripe):
    account.answers = {f"GET {ONE}": intent(latest_charge=charge()), f"POST {ONE}/capture": intent(),
                       "GET /v1/refunds": {"object": "list", "data": [], "has_more": False}}  # fmt: skip
    account.lose = {f"POST {ONE}/capture"}
    with pytest.raises(OutcomeUnknown):
        stripe.capture(**ON, key="7:parcel:1")
    mark = next(name for name in account.asked[-1][1] if name.startswith("metadata"))[9:-1]
    assert stripe.look_up(key="7:parcel:1", reference=ON["reference"]) is None
    account.answers[f"GET {ONE}"] = intent(metadata={mark: "500"}, latest_charge=charge())
    assert stripe.look_up(key="7:parcel:1", reference=ON["reference"]).amount == Decimal("5.00")
    assert len(mark) <= 40


def refund_of(key, **more):
    return {"id": "re_1Nispe2eZvKYlo2Cd31jOCgZ", "object": "refund", "amount": 500, "currency": "usd",
            "metadata": {"omni_key": key}, "payment_intent": ON["reference"], "status": "succeeded"} | more  # fmt: skip


def test_a_lost_refund_is_found_and_not_made_again(account):
    account.answers = {"POST /v1/refunds": refund_of("r"),
                       "GET /v1/refunds": {"object": "list", "data": [refund_of("r")], "has_more": False}}  # fmt: skip
    account.lose = {"POST /v1/refunds"}
    answer = ask(lambda provider: provider.refund(**ON, key="r"), key="r", reference=ON["reference"])
    assert answer == Approved("re_1Nispe2eZvKYlo2Cd31jOCgZ", Decimal("5.00"), "USD")
    assert [path for path, _sent in account.asked].count("POST /v1/refunds") == 1


def test_the_same_key_twice_is_answered_from_memory(account, stripe):
    account.answers = {"POST /v1/refunds": [refund_of("r"), refund_of("r", id="re_second")]}
    first, second = (stripe.refund(**ON, key="r") for _ in range(2))
    assert first == second


def test_a_refund_that_stripe_refuses(account, stripe):
    account.answers = {"POST /v1/refunds": error(
        "charge_already_refunded", "Charge ch_1 has already been refunded.", status=400)}  # fmt: skip
    assert stripe.refund(**ON, key="r") == Declined(
        "Charge ch_1 has already been refunded.", "charge_already_refunded")  # fmt: skip
    account.answers = {"POST /v1/refunds": refund_of("q", status="failed", failure_reason="expired_or_canceled_card")}
    assert stripe.refund(**ON, key="q").reason == "The refund failed: expired_or_canceled_card."


@pytest.mark.parametrize("status", [401, 409, 429, 500, 503])
def test_what_is_no_clear_answer_is_unknown(account, stripe, status):
    account.answers = {"POST /v1/refunds": error("x", "Something", status=status)}
    with pytest.raises(OutcomeUnknown):
        stripe.refund(**ON, key="r")


def test_a_release(account, stripe):
    account.answers = {f"POST {ONE}/cancel": intent(status="canceled"),
                       "GET /v1/refunds": {"object": "list", "data": [], "has_more": False},
                       f"GET {ONE}": intent(status="canceled")}  # fmt: skip
    assert isinstance(stripe.void(reference=ON["reference"], currency="USD", key="7:void"), Approved)
    assert isinstance(stripe.look_up(key="7:void", reference=ON["reference"]), Approved)


def test_an_authorization_is_found_by_its_key(account, stripe):
    account.answers = {f"GET {PI}/search": {"object": "search_result", "data": []}}
    assert stripe.look_up(key="p-1:0") is None
    account.answers = {f"GET {PI}/search": {"object": "search_result", "data": [
        intent(status="requires_capture", latest_charge=charge())]}}  # fmt: skip
    assert stripe.look_up(key="p-1:0").last4 == "4242"
