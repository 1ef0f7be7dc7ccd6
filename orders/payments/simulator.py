"""A payment terminal and its provider, played by a table of ours: the default until a real one is set up.

It remembers each call by key, so that repeats and look-ups are answered as a provider answers them. What it answers is
decided by HQ's setting `orders.terminal_mode`, or by these amounts, in any currency's minor units:

    66601  declined
    66602  no answer, and nothing was done
    66603  no answer, but it was done
    66604  done, and answered as a duplicate of itself
"""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.currencies import exponent
from omni.core.settings_store import setting
from orders import preferences
from orders.models import TerminalCall
from orders.payments.port import DUPLICATE, Answer, Approved, Declined, OutcomeUnknown

DECLINE, LOST, LOST_AFTER, TWICE = "decline", "timeout", "timeout_after", "duplicate"
BY_AMOUNT = {66601: DECLINE, 66602: LOST, 66603: LOST_AFTER, 66604: TWICE}
WHY = {
    "authorize": gettext_lazy("The card was declined. Try another card."),
    "capture": gettext_lazy("The card's bank did not give the money."),
    "void": gettext_lazy("Nothing is authorized any more."),
    "refund": gettext_lazy("The card's bank refused the refund."),
}
BRAND, LAST4 = "Visa", "4242"


class SimulatorGateway:
    """Approves everything unless told otherwise."""

    def authorize(self, *, amount: Decimal, currency: str, key: str) -> Answer:
        return _call("authorize", key, "", amount, currency)

    def capture(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        return _call("capture", key, reference, amount, currency)

    def void(self, *, reference: str, currency: str, key: str) -> Answer:
        return _call("void", key, reference, Decimal(0), currency)

    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> Answer:
        return _call("refund", key, reference, amount, currency)

    def look_up(self, *, key: str, reference: str = "") -> Answer | None:
        known = TerminalCall.objects.filter(key=key).first()
        return _answer(known) if known else None


def _call(kind: str, key: str, reference: str, amount: Decimal, currency: str) -> Answer:
    known = TerminalCall.objects.filter(key=key).first()
    if known:
        return _answer(known)
    behavior = BY_AMOUNT.get(int(amount.scaleb(exponent(currency)))) or setting(preferences.TERMINAL_MODE)
    if behavior == LOST:
        raise OutcomeUnknown("The terminal did not answer.")
    done, _created = TerminalCall.objects.get_or_create(key=key, defaults={
        "kind": kind, "on_reference": reference, "amount": amount, "currency": currency,
        "is_approved": behavior != DECLINE, "called_at": timezone.now(),
    })  # fmt: skip
    if behavior == LOST_AFTER:
        raise OutcomeUnknown("The terminal did not answer.")
    if behavior == TWICE:
        return Declined(_("The terminal saw the same payment a moment ago."), DUPLICATE)
    return _answer(done)


def _answer(call: TerminalCall) -> Answer:
    if not call.is_approved:
        return Declined(str(WHY[call.kind]), "card_declined")
    return Approved(reference=f"sim_{call.pk}", amount=call.amount, currency=call.currency, brand=BRAND, last4=LAST4)
