"""The tenders of a new order: what the provider authorized, what was paid already, what store credit is held."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from customers.credit_code import clean
from customers.operations.store_credit import hold_credit
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import Order, Payment
from orders.models.payment import STORE_CREDIT, Kind, kind_of
from orders.operations.authorize import use_payments
from orders.operations.request import PaymentRequest


def insert_payments(*, order: Order, requests: Sequence[PaymentRequest], by: Actor, now: datetime) -> list[Payment]:
    """One statement for tenders of the provider; store credit and payments made before are taken over one by one."""
    tenders = [_tender(order, each, n) for n, each in enumerate(requests)]
    _take_over(order, requests, tenders)
    for tender, each in zip(tenders, requests, strict=True):
        if tender.kind == Kind.STORE_CREDIT and not each.intent_key:
            hold_credit(code=tender.reference, amount=tender.authorized_amount, currency=order.currency,
                        key=tender.hold_key, cause=f"order:{order.number}", by=by, now=now)  # fmt: skip
    return Payment.objects.bulk_create(tenders)


def _tender(order: Order, each: PaymentRequest, position: int) -> Payment:
    kind = kind_of(each.method)
    # What was paid at the till is paid; store credit is taken when goods leave, whatever the caller thinks.
    is_captured = kind == Kind.TILL or (each.status == "captured" and kind != Kind.STORE_CREDIT)
    return Payment(
        order=order, method=each.method, kind=kind, brand=each.brand, last4=each.last4,
        reference=clean(each.reference) if each.method == STORE_CREDIT else each.reference,
        authorized_amount=each.amount, captured_amount=each.amount if is_captured else 0,
        hold_key=f"order:{order.pk}:{position}" if kind == Kind.STORE_CREDIT else "",
    )  # fmt: skip


def _take_over(order: Order, requests: Sequence[PaymentRequest], tenders: Sequence[Payment]) -> None:
    """What the terminal said stands; the request's words about it do not count."""
    keys = [each.intent_key for each in requests if each.intent_key]
    if not keys:
        return
    intents = {intent.key: intent for intent in use_payments(keys=keys, order=order)}
    for tender, each in zip(tenders, requests, strict=True):
        if not each.intent_key:
            continue
        intent = intents[each.intent_key]
        if (intent.amount, intent.method) != (each.amount, each.method):
            raise Refusal("payment_differs", _("This payment was approved for another amount or method."))
        tender.reference, tender.brand, tender.last4 = intent.reference, intent.brand, intent.last4
        tender.hold_key = intent.hold_key if tender.kind == Kind.STORE_CREDIT else ""
