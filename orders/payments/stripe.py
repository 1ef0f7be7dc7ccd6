"""Stripe behind the port, over its REST API: payment intents with manual capture, refunds, a Terminal reader.

Source: Stripe's API reference (PaymentIntents, Refunds, Terminal readers, Errors, Idempotent requests). Set
`OMNI_PAYMENT_GATEWAY=orders.payments.stripe.StripeGateway`, `OMNI_STRIPE_KEY`, and `OMNI_STRIPE_READER` where cards are
presented in a store. Our key goes along twice: as `Idempotency-Key`, which Stripe keeps for a day, and as metadata, by
which a look-up finds the call later.
"""

import hashlib
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings

from omni.core.currencies import exponent
from orders.payments.port import Answer, Approved, Declined, OutcomeUnknown

BASE = "https://api.stripe.com"
VERSION = "2024-06-20"
TIMEOUT = httpx.Timeout(15.0, connect=3.0)
PRESENT_WITHIN, LOOK_EVERY = 60.0, 1.0  # seconds that a customer has to present a card, and between two looks
AUTHORIZED = {"requires_capture", "succeeded"}
WAITING = {"requires_confirmation", "requires_action", "processing"}


class StripeGateway:
    """One account, at most one reader; `transport` and `sleep` stand in for the network and the clock in tests."""

    def __init__(
        self, *, transport: httpx.BaseTransport | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = httpx.Client(
            base_url=BASE, auth=(settings.STRIPE_KEY, ""), timeout=TIMEOUT, transport=transport,
            headers={"Stripe-Version": VERSION}, follow_redirects=False,
        )  # fmt: skip
        self._sleep = sleep

    def authorize(self, *, amount: Decimal, currency: str, key: str) -> Answer:
        intent = self._post("/v1/payment_intents", key, {
            "amount": _minor(amount, currency), "currency": currency.lower(), "capture_method": "manual",
            "payment_method_types[]": "card_present", "metadata[omni_key]": key, "expand[]": "latest_charge",
        })  # fmt: skip
        if isinstance(intent, Declined):
            return intent
        if intent["status"] == "requires_payment_method" and not intent.get("last_payment_error"):
            reader = f"/v1/terminal/readers/{settings.STRIPE_READER}/process_payment_intent"
            refused = self._post(reader, f"{key}:reader", {"payment_intent": intent["id"]})
            if isinstance(refused, Declined):
                return refused
        return self._wait_for_card(intent["id"])

    def capture(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        asked: dict[str, Any] = {
            "amount_to_capture": _minor(amount, currency), f"metadata[{_mark(key)}]": _minor(amount, currency)
        }  # fmt: skip
        if self._may_capture_again(reference):
            asked["final_capture"] = "false"
        intent = self._post(f"/v1/payment_intents/{reference}/capture", key, asked)
        return intent if isinstance(intent, Declined) else Approved(_charge_id(intent), amount, currency)

    def void(self, *, reference: str, currency: str, key: str) -> Answer:
        intent = self._post(f"/v1/payment_intents/{reference}/cancel", key, {})
        return intent if isinstance(intent, Declined) else Approved(reference, Decimal(0), currency)

    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        refund = self._post("/v1/refunds", key, {
            "payment_intent": reference, "amount": _minor(amount, currency), "metadata[omni_key]": key,
        })  # fmt: skip
        return refund if isinstance(refund, Declined) else _refund_answer(refund)

    def look_up(self, *, key: str, reference: str = "") -> Answer | None:
        if not reference:
            found = self._get("/v1/payment_intents/search", {
                "query": f"metadata['omni_key']:'{key}'", "expand[]": "data.latest_charge",
            })  # fmt: skip
            intents = [] if isinstance(found, Declined) else found["data"]
            return _authorization_answer(intents[0], is_final=True) if intents else None
        return self._refund_by_key(reference, key) or self._done_on(reference, key)

    def _refund_by_key(self, reference: str, key: str) -> Answer | None:
        page: dict[str, Any] | Declined
        asked: dict[str, Any] = {"payment_intent": reference, "limit": 100}
        while True:
            page = self._get("/v1/refunds", asked)
            if isinstance(page, Declined):
                return None
            for refund in page["data"]:
                if refund["metadata"].get("omni_key") == key:
                    return _refund_answer(refund)
            if not page.get("has_more"):
                return None
            asked["starting_after"] = page["data"][-1]["id"]

    def _done_on(self, reference: str, key: str) -> Answer | None:
        """The intent carries the key of its own authorization; a capture leaves its mark on it; a release shows in its
        status."""
        intent = self._get(f"/v1/payment_intents/{reference}", {"expand[]": "latest_charge"})
        if isinstance(intent, Declined):
            return None
        if intent["metadata"].get("omni_key") == key:
            return _authorization_answer(intent, is_final=True)
        currency = intent["currency"].upper()
        captured = intent["metadata"].get(_mark(key))
        if captured is not None:
            return Approved(_charge_id(intent), _major(int(captured), currency), currency)
        if intent["status"] == "canceled" and key.endswith(":void"):
            return Approved(reference, Decimal(0), currency)
        return None

    def _wait_for_card(self, intent_id: str) -> Answer:
        waited = 0.0
        while waited <= PRESENT_WITHIN:
            intent = self._get(f"/v1/payment_intents/{intent_id}", {"expand[]": "latest_charge"})
            if isinstance(intent, Declined):
                raise OutcomeUnknown(intent.reason)
            answer = _authorization_answer(intent, is_final=False)
            if answer is not None:
                return answer
            self._sleep(LOOK_EVERY)
            waited += LOOK_EVERY
        raise OutcomeUnknown("No card was presented in time.")

    def _may_capture_again(self, reference: str) -> bool:
        """Only some cards and accounts allow several captures; on the others the rest is released with the first."""
        intent = self._get(f"/v1/payment_intents/{reference}", {"expand[]": "latest_charge"})
        if isinstance(intent, Declined):
            return False
        return bool(_card(intent).get("multicapture", {}).get("status") == "available")

    def _post(self, path: str, key: str, data: dict[str, Any]) -> dict[str, Any] | Declined:
        return self._answered(lambda: self._http.post(path, data=data, headers={"Idempotency-Key": key}))

    def _get(self, path: str, params: dict[str, Any]) -> dict[str, Any] | Declined:
        return self._answered(lambda: self._http.get(path, params=params))

    def _answered(self, call: Callable[[], httpx.Response]) -> dict[str, Any] | Declined:
        """The object, or why not; anything that leaves a doubt is OutcomeUnknown."""
        try:
            response = call()
            body = response.json()
        except (httpx.TransportError, ValueError) as lost:
            raise OutcomeUnknown(f"Stripe did not answer: {type(lost).__name__}.") from lost
        if response.is_success:
            return dict(body)
        error = body.get("error", {})
        # 409: the same key is at work this moment; 429: too fast; 401 and 403: our own setup. None of them is a no.
        if response.status_code in {401, 403, 409, 429} or response.status_code >= 500:
            raise OutcomeUnknown(error.get("message", f"Stripe answered {response.status_code}."))
        return Declined(
            error.get("message", "Stripe refused."), error.get("decline_code") or error.get("code") or "declined"
        )


def _authorization_answer(intent: dict[str, Any], *, is_final: bool) -> Answer | None:
    """None while the reader still waits for a card; `is_final` where nobody waits any more."""
    currency = intent["currency"].upper()
    if intent["status"] in AUTHORIZED:
        card = _card(intent)
        return Approved(intent["id"], _major(intent["amount"], currency), currency, card.get("brand", "").capitalize(),
                        card.get("last4", ""))  # fmt: skip
    error = intent.get("last_payment_error")
    if error:
        return Declined(error.get("message", "The card was declined."), error.get("decline_code") or error["code"])
    if intent["status"] == "canceled":
        return Declined("The payment was canceled.", "canceled")
    if is_final and intent["status"] in WAITING:
        raise OutcomeUnknown("Stripe is still at it.")
    return None


def _refund_answer(refund: dict[str, Any]) -> Answer:
    currency = refund["currency"].upper()
    if refund["status"] in {"failed", "canceled"}:
        return Declined(f"The refund failed: {refund.get('failure_reason') or refund['status']}.", "refund_failed")
    return Approved(refund["id"], _major(refund["amount"], currency), currency)


def _card(intent: dict[str, Any]) -> dict[str, Any]:
    charge = intent.get("latest_charge")
    details = charge.get("payment_method_details", {}) if isinstance(charge, dict) else {}
    return details.get("card_present") or details.get("card") or {}


def _charge_id(intent: dict[str, Any]) -> str:
    charge = intent.get("latest_charge")
    return str(charge["id"] if isinstance(charge, dict) else charge or intent["id"])


def _mark(key: str) -> str:
    """The key as the name of a piece of metadata, which has at most 40 characters."""
    return "omni_" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _minor(amount: Decimal, currency: str) -> int:
    return int(amount.scaleb(exponent(currency)))


def _major(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-exponent(currency))
