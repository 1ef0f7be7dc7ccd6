"""What will never be taken from a tender is given free: the rest of an authorization, the rest of a held credit."""

from datetime import datetime

from customers.operations.store_credit import release_credit
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from orders import events
from orders.models import Capture, Order, Payment

BY = Actor.system("settlement")


def release_unneeded(*, order: Order, now: datetime) -> None:
    """Once every unit of a locked order is settled or cancelled and no capture is under way, nothing more is taken
    from its tenders: whoever holds the rest is asked to release it, after commit."""
    if any(line.quantity > line.cancelled_quantity + line.settled_quantity for line in order.lines.all()):
        return
    if Capture.objects.pending().filter(payment__order=order).exists():
        return
    for payment in order.payments.filter(void_requested_at=None).order_by("pk").select_for_update():
        if payment.captured_amount < payment.authorized_amount:
            payment.void_requested_at = now
            payment.save(update_fields=["void_requested_at"])
            emit(events.VOID_REQUESTED, aggregate=order.subject, by=BY, payload=_news(payment, order))


@operation
def book_void(*, payment_id: int, now: datetime) -> None:
    """The provider released the rest, or our own ledger of store credit does here; told twice, it is booked once."""
    order = Order.objects.select_for_update(of=("self",)).get(payments=payment_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    if payment.void_requested_at is None or payment.voided_at:
        return
    if payment.kind == Payment.Kind.STORE_CREDIT:
        release_credit(hold_key=payment.hold_key, key=f"{payment.hold_key}:rest", cause=f"order:{order.number}",
                       by=BY, now=now)  # fmt: skip
    payment.voided_at = now
    payment.save(update_fields=["voided_at"])
    emit(events.VOIDED, aggregate=order.subject, by=BY, payload=_news(payment, order))


def _news(payment: Payment, order: Order) -> dict:
    return {
        "order": str(order.number), "payment_id": payment.pk, "currency": order.currency,
        "amount": str(payment.authorized_amount - payment.captured_amount),
    }  # fmt: skip
