"""Put an order on HQ's list of what needs a person, once per kind."""

from datetime import datetime

from omni.core.actors import Actor
from omni.core.events import emit
from orders import events
from orders.models import Order, OrderException


def raise_exception(*, order: Order, kind: str, detail: str, now: datetime) -> None:
    """One open exception per order and kind; a second one changes nothing."""
    OrderException.objects.bulk_create(
        [OrderException(order=order, kind=kind, detail=detail[:500], raised_at=now)], ignore_conflicts=True
    )
    emit(events.EXCEPTION_RAISED, aggregate=order.subject,
         payload={"order": str(order.number), "kind": kind, "detail": detail[:500]})  # fmt: skip


def settle_exception(*, order: Order, kind: str, resolution: str, by: Actor, now: datetime) -> None:
    """The reason is gone; the exception leaves the list and says why."""
    OrderException.objects.filter(order=order, kind=kind, resolved_at=None).update(
        resolved_at=now, resolved_by_id=by.user_id, resolution=resolution[:300]
    )
