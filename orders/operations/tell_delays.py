"""A pickup is not ready when it was promised: its customer hears it from us, once, before they come in vain."""

from datetime import datetime, timedelta

from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import IN_QUEUE, Status
from orders.models.order_line import Method

BY = Actor.system("delays")
TOO_OLD = timedelta(days=1)  # by then a person has talked to them


@operation
def tell_delays(*, now: datetime, limit: int = 200) -> int:
    """Pickups late by the minutes HQ allows; held orders have other news. Returns how many were told."""
    late = now - timedelta(minutes=setting(preferences.DELAY_MINUTES))
    due = FulfillmentOrder.objects.filter(
        method=Method.PICKUP, status__in=(Status.AWAITING, *IN_QUEUE), delay_told_at=None, due_at__lte=late,
        due_at__gt=now - TOO_OLD, order__hold="",
    ).select_related("order", "location")  # fmt: skip
    works = list(due.order_by("due_at").select_for_update(skip_locked=True, of=("self",))[:limit])
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(delay_told_at=now)
    emit_many(
        NewEvent(events.DELAYED, work.order.subject, by=BY, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "promised_at": work.due_at,
        })
        for work in works
    )  # fmt: skip
    return len(works)
