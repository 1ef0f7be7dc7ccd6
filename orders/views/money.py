"""The money of an order in honest words: each tender, how far it went, and what went back to whom."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from omni.core.ui.words import money_words
from orders.models import Order, Payment, Refund


def money_of(order: Order) -> dict[str, Any]:
    """For templates/orders/_money.html; payments and refunds come prefetched, refunds with payment and credit."""
    payments, refunds = list(order.payments.all()), list(order.refunds.all())
    taken = sum((payment.captured_amount for payment in payments), Decimal(0))
    return {
        "order": order,
        "tenders": [tender(payment, _given_as_credit(payment, refunds), order.currency) for payment in payments],
        "refunds": [back(refund, order.currency) for refund in refunds], "taken": taken, "back": order.refunded_amount,
        "kept": taken - sum((payment.refunded_amount for payment in payments), Decimal(0)),
        "waits": any(_waits(payment) for payment in payments),
    }  # fmt: skip


def paid_words(order: Order) -> tuple[str, str]:
    """The state of the money in one word, and its tone; apart from what happened to the goods."""
    payments = list(order.payments.all())
    if any(refund.failed_at and not refund.settled_by_id for refund in order.refunds.all()):
        return _("Refund refused"), "stop"
    if order.refunded_amount:
        taken = sum((payment.captured_amount for payment in payments), Decimal(0))
        return (_("Refunded"), "info") if order.refunded_amount >= (taken or order.total_amount) else (
            _("Refunded in part"), "info")  # fmt: skip
    if not payments:
        return _("No payment"), ""
    captured = sum((payment.captured_amount for payment in payments), Decimal(0))
    if not captured:
        released = all(payment.void_requested_at for payment in payments)
        return (_("Voided"), "") if released else (_("Authorized, not taken"), "info")
    return (_("Paid in part"), "info") if any(_waits(payment) for payment in payments) else (_("Paid"), "done")


def tender(payment: Payment, as_credit: Decimal, currency: str) -> dict[str, Any]:
    """What was promised, what was taken, what of it went back to it or became store credit."""
    words = {"taken": _money(payment.captured_amount, currency), "whole": _money(payment.authorized_amount, currency)}
    rest = payment.authorized_amount - payment.captured_amount
    notes = []
    if payment.refunded_amount > as_credit:
        notes.append(_("%s given back") % _money(payment.refunded_amount - as_credit, currency))
    if as_credit:
        notes.append(_("%s given as store credit") % _money(as_credit, currency))
    if rest and payment.voided_at:
        notes.append(_("%s released") % _money(rest, currency))
    elif rest and payment.void_requested_at:
        notes.append(_("%s is being released") % _money(rest, currency))
    if payment.void_requested_at and not payment.captured_amount:
        return {"name": payment.words, "text": _("Nothing was taken"), "notes": notes}
    text = _("%(taken)s taken") if not rest or payment.void_requested_at else _("%(taken)s of %(whole)s taken")
    return {"name": payment.words, "text": text % words, "notes": notes}


def back(refund: Refund, currency: str) -> dict[str, Any]:
    """One refund: how much, to whom, and whether it is there."""
    to = _("to new store credit") if refund.credit_id else _to(refund)
    tone, state = _state(refund)
    return {
        "refund": refund, "amount": _money(refund.amount, currency), "to": to, "tone": tone, "state": state,
        "why": refund.failure if refund.failed_at else refund.reason,
    }  # fmt: skip


def _given_as_credit(payment: Payment, refunds: Iterable[Refund]) -> Decimal:
    mine = [one.amount for one in refunds if one.payment_id == payment.pk and one.credit_id and not one.failed_at]
    return sum(mine, Decimal(0))


def _to(refund: Refund) -> str:
    return _("to %s") % refund.payment.words if refund.payment else ""


def _state(refund: Refund) -> tuple[str, str]:
    if refund.refunded_at:
        return "done", _("Given back")
    if refund.settled_by_id:
        return "", _("Refused; done another way")
    if refund.failed_at:
        return "stop", _("Refused")
    return "info", _("On its way")


def _waits(payment: Payment) -> bool:
    """Something of it may still be taken."""
    return payment.void_requested_at is None and payment.captured_amount < payment.authorized_amount


def _money(amount: Decimal, currency: str) -> str:
    return money_words(amount, currency=currency)
