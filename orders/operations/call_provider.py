"""Everything of an order that waits for its payment provider, or for our ledger of store credit: asked by key, outside
any transaction, and booked.

Safe to do twice, by two workers at once, and after a crash between the call and the booking: the provider answers a
repeated key as it did before, and an answer is booked once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from orders.models import Capture, Payment, Refund
from orders.operations.refund import book_refund, refuse_refund
from orders.operations.release_tenders import book_void
from orders.operations.settle import book_capture, refuse_capture
from orders.payments import Approved, OutcomeUnknown, ask

T = TypeVar("T")
PATIENCE = timedelta(minutes=1)  # whoever was told of it by an event is given this long


def call_provider(*, number: int, now: datetime) -> None:
    """Captures first, since a refund needs what they take. Raises OutcomeUnknown where something stays unknown."""
    lost = [*_each(_capture, _captures(number), now), *_each(_void, _voids(number), now),
            *_each(_refund, _refunds(number), now)]  # fmt: skip
    if lost:
        raise lost[0]


def sweep_provider(*, now: datetime, limit: int = 50) -> int:
    """The clock's part: whatever has waited longer than its event should have taken; returns how many orders."""
    before = now - PATIENCE
    numbers = {
        *Capture.objects.pending()
        .filter(requested_at__lte=before)
        .values_list("payment__order__number", flat=True)[:limit],
        *Payment.objects.filter(void_requested_at__lte=before, voided_at=None).values_list("order__number", flat=True)[
            :limit
        ],
        *Refund.objects.pending().filter(requested_at__lte=before).values_list("order__number", flat=True)[:limit],
    }
    for number in sorted(numbers):
        try:
            call_provider(number=number, now=now)
        except OutcomeUnknown:
            continue  # the next round looks again; the audit names what stays too long
    return len(numbers)


def provider_key(refund: Refund) -> str:
    """Under which the provider knows it."""
    return f"refund:{refund.key}"


def _captures(number: int) -> Iterable[Capture]:
    waiting = Capture.objects.pending().filter(payment__order__number=number)
    return waiting.select_related("payment__order").order_by("pk")


def _voids(number: int) -> Iterable[Payment]:
    waiting = Payment.objects.filter(order__number=number, void_requested_at__isnull=False, voided_at=None)
    return waiting.select_related("order").order_by("pk")


def _refunds(number: int) -> Iterable[Refund]:
    waiting = Refund.objects.pending().filter(order__number=number)
    return waiting.select_related("payment", "order").order_by("pk")


def _each(call: Callable[[T, datetime], None], waiting: Iterable[T], now: datetime) -> Iterable[OutcomeUnknown]:
    """One that stays unknown does not keep the others waiting."""
    for one in waiting:
        try:
            call(one, now)
        except OutcomeUnknown as lost:
            yield lost


def _capture(capture: Capture, now: datetime) -> None:
    payment, key = capture.payment, capture.provider_key
    if payment.kind == Payment.Kind.STORE_CREDIT:
        book_capture(capture_id=capture.pk, provider_reference="", now=now)
        return
    answer = ask(
        lambda provider: provider.capture(
            reference=payment.reference, amount=capture.amount, currency=payment.order.currency, key=key
        ),
        key=key, reference=payment.reference,
    )  # fmt: skip
    if isinstance(answer, Approved):
        book_capture(capture_id=capture.pk, provider_reference=answer.reference, now=now)
    else:
        refuse_capture(capture_id=capture.pk, reason=answer.reason, now=now)


def _void(payment: Payment, now: datetime) -> None:
    key = f"{payment.pk}:void"
    if payment.kind == Payment.Kind.PROVIDER:
        # Refused means that nothing is authorized any more (it expired, or was released before): what we wanted.
        ask(
            lambda provider: provider.void(reference=payment.reference, currency=payment.order.currency, key=key),
            key=key, reference=payment.reference,
        )  # fmt: skip
    book_void(payment_id=payment.pk, now=now)


def _refund(refund: Refund, now: datetime) -> None:
    payment, key = refund.payment, provider_key(refund)
    if payment is None or payment.kind != Payment.Kind.PROVIDER:
        book_refund(refund_id=refund.pk, provider_reference="", now=now)
        return
    answer = ask(
        lambda provider: provider.refund(
            reference=payment.reference, amount=refund.amount, currency=refund.order.currency, key=key
        ),
        key=key, reference=payment.reference,
    )  # fmt: skip
    if isinstance(answer, Approved):
        book_refund(refund_id=refund.pk, provider_reference=answer.reference, now=now)
    else:
        refuse_refund(refund_id=refund.pk, reason=answer.reason, now=now)
