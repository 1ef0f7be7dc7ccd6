"""Units that this work will not deliver: the counters of its lines and of the order's lines, together."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from orders.models import FulfillmentLine, FulfillmentOrder, OrderLine
from orders.operations.serials import put_down


def lose_units(*, work: FulfillmentOrder, units: Mapping[FulfillmentLine, int], now: datetime) -> None:
    """Count `units` of a locked work's lines as short; they are unallocated again."""
    for line, quantity in units.items():
        line.short_quantity += quantity
        line.save(update_fields=["short_quantity"])
        OrderLine.objects.filter(pk=line.order_line_id).update(allocated_quantity=F("allocated_quantity") - quantity)
        line.order_line.allocated_quantity -= quantity
    work.order.updated_at = now
    work.order.save(update_fields=["updated_at"])


def cancel_units(*, units: Mapping[FulfillmentLine, tuple[int, int]], now: datetime) -> None:
    """Count (units, of which picked) of each line as cancelled, on the work and on the order."""
    for line, (quantity, picked) in units.items():
        line.cancelled_quantity += quantity
        line.picked_quantity -= picked
        line.save(update_fields=["cancelled_quantity", "picked_quantity"])
        OrderLine.objects.filter(pk=line.order_line_id).update(
            allocated_quantity=F("allocated_quantity") - quantity,
            cancelled_quantity=F("cancelled_quantity") + quantity,
        )
    put_down(lines=[line for line, (_quantity, picked) in units.items() if picked], now=now)
