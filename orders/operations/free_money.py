"""Units of an order will not be had: what was paid for them goes back, what was only authorized is released."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from omni.core.actors import Actor
from orders.models import Order, Refund
from orders.operations.refund import refund
from orders.operations.release_tenders import release_unneeded
from orders.operations.value import value_of


def free_money(*, order: Order, reason: str, by: Actor, now: datetime) -> None:
    """Part of every cancellation of a locked order, after its counters say what is left of it."""
    over = _paid_for_nothing(order)
    if over > 0:
        done = order.refunds.filter(cause=Refund.Cause.CANCELLATION).count()
        refund(order=order, amount=over, key=f"cancellation:{done + 1}", reason=reason, by=by, now=now,
               cause=Refund.Cause.CANCELLATION)  # fmt: skip
    release_unneeded(order=order, now=now)


def _paid_for_nothing(order: Order) -> Decimal:
    """Taken already, and neither given back for an earlier cancellation nor needed for what is still wanted."""
    taken = sum((payment.captured_amount for payment in order.payments.all()), Decimal(0))
    if not taken:
        return Decimal(0)
    wanted = value_of(order, {line: line.quantity - line.cancelled_quantity for line in order.lines.all()})
    back = order.refunds.counted().filter(cause=Refund.Cause.CANCELLATION)
    given = back.aggregate(total=Sum("amount", default=Decimal(0)))["total"]
    return min(taken, order.total_amount) - given - wanted
