"""Goods have left for good: work out which money is due now, and ask for it once."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from customers.operations.store_credit import capture_credit
from omni.core.actors import Actor
from omni.core.currencies import amount_text
from omni.core.events import emit
from omni.core.operation import operation
from orders import events
from orders.models import Capture, FulfillmentOrder, HandOver, Order, OrderException, OrderLine, Payment
from orders.operations.raise_exception import raise_exception
from orders.operations.release_tenders import release_unneeded
from orders.operations.value import value_of

BY = Actor.system("settlement")


def finalize_hand_overs(*, now: datetime, limit: int = 100) -> int:
    """Hand-overs whose minute is over become final, and their money is asked for; returns how many.

    One transaction each, so that no order waits for another.
    """
    due = list(HandOver.objects.to_finalize(now).values_list("pk", "fulfillment_order__number")[:limit])
    return sum(_finalize(pk=pk, number=number, now=now) for pk, number in due)


def settle(*, order: Order, units: Mapping[int, int], key: str, now: datetime) -> Decimal:
    """Ask for the money of `units` (by order line id) of a locked order, once per `key`.

    What was captured before (a till or marketplace that was paid already) counts first; what no tender covers
    becomes an exception. Returns the amount asked for.
    """
    OrderLine.objects.bulk_update(_counted(order, units), ["settled_quantity"])
    due = _value_settled(order) - _asked_so_far(order)
    asked = Decimal(0)
    for payment in order.payments.filter(void_requested_at=None).order_by("pk").select_for_update():
        amount = min(due - asked, payment.authorized_amount - _taken(payment))
        if amount > 0:
            Capture.objects.create(payment=payment, key=key, amount=amount, requested_at=now)
            asked += amount
    if due > asked and order.payments.exists():
        raise_exception(order=order, kind=OrderException.Kind.PAYMENT, now=now,
                        detail=_("%(amount)s %(currency)s are not covered by any payment.")
                        % {"amount": due - asked, "currency": order.currency})  # fmt: skip
    release_unneeded(order=order, now=now)
    return asked


@operation
def _finalize(*, pk: int, number: str, now: datetime) -> bool:
    # The work locks first: an undo is either done (and skipped here) or waits and finds it too late.
    work = FulfillmentOrder.objects.lock(number)
    handed = HandOver.objects.to_finalize(now).select_for_update().filter(pk=pk).first()
    if handed is None:
        return False
    handed.finalized_at = now
    handed.save(update_fields=["finalized_at"])
    lines = work.lines.filter(pk__in=[int(line) for line in handed.lines])
    units: dict[int, int] = {}
    for line in lines:
        units[line.order_line_id] = units.get(line.order_line_id, 0) + handed.lines[str(line.pk)]
    asked = settle(order=work.order, units=units, key=f"hand-over:{handed.pk}", now=now)
    emit(events.COLLECTED, aggregate=work.order.subject, by=BY, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "hand_over_id": handed.pk,
        "amount": str(asked), "currency": work.order.currency,
    })  # fmt: skip
    return True


def _counted(order: Order, units: Mapping[int, int]) -> list[OrderLine]:
    lines = list(order.lines.filter(pk__in=units))
    for line in lines:
        line.settled_quantity += units[line.pk]
    return lines


def _value_settled(order: Order) -> Decimal:
    """What the customer owes for everything that left so far; shipping is owed with the first unit."""
    lines = list(order.lines.all())
    if not any(line.settled_quantity for line in lines):
        return Decimal(0)
    return value_of(order, {line: line.settled_quantity for line in lines})


def _asked_so_far(order: Order) -> Decimal:
    return sum((_taken(payment) for payment in order.payments.all()), Decimal(0))


def _taken(payment: Payment) -> Decimal:
    """Captured, or being captured."""
    return payment.captured_amount + payment.captures.pending_amount()


@operation
def book_capture(*, capture_id: int, provider_reference: str, now: datetime) -> None:
    """The provider took the money, or our own ledger of store credit does here; told twice, it is booked once."""
    order, capture = _lock_capture(capture_id)
    if capture.captured_at or capture.failed_at:
        return
    if capture.payment.kind == Payment.Kind.STORE_CREDIT:
        capture_credit(hold_key=capture.payment.hold_key, amount=capture.amount, key=capture.provider_key,
                       cause=f"order:{order.number}", by=BY, now=now)  # fmt: skip
    capture.captured_at, capture.provider_reference = now, provider_reference
    capture.save(update_fields=["captured_at", "provider_reference"])
    Payment.objects.filter(pk=capture.payment_id).update(captured_amount=F("captured_amount") + capture.amount)
    emit(events.CAPTURED, aggregate=order.subject, by=BY, payload=_news(capture, order))
    release_unneeded(order=order, now=now)


@operation
def refuse_capture(*, capture_id: int, reason: str, now: datetime) -> None:
    """The provider will not give it: a person must see to it, since the goods are gone."""
    order, capture = _lock_capture(capture_id)
    if capture.captured_at or capture.failed_at:
        return
    capture.failed_at, capture.failure = now, reason[:300]
    capture.save(update_fields=["failed_at", "failure"])
    emit(events.CAPTURE_FAILED, aggregate=order.subject, by=BY, payload=_news(capture, order) | {"reason": reason})
    raise_exception(order=order, kind=OrderException.Kind.PAYMENT, now=now,
                    detail=_("%(amount)s %(currency)s could not be taken: %(reason)s")
                    % {"amount": amount_text(capture.amount, order.currency), "currency": order.currency,
                       "reason": reason})  # fmt: skip


def _lock_capture(capture_id: int) -> tuple[Order, Capture]:
    """The capture, locked after its order (lock order of the house)."""
    order = Order.objects.select_for_update(of=("self",)).get(payments__captures=capture_id)
    return order, Capture.objects.select_related("payment").select_for_update(of=("self",)).get(pk=capture_id)


def _news(capture: Capture, order: Order) -> dict:
    return {
        "order": str(order.number), "payment_id": capture.payment_id, "amount": str(capture.amount),
        "currency": order.currency,
    }  # fmt: skip
