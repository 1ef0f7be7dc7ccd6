"""After counters changed: the order's label follows, and nothing else decides it."""

from datetime import datetime

from orders.models import Order
from orders.models.order import derive_status


def relabel(*, order: Order, now: datetime) -> Order:
    """Write the derived status and the time of the change."""
    order.status = derive_status(list(order.lines.all()))
    order.updated_at = now
    order.save(update_fields=["status", "updated_at"])
    return order
