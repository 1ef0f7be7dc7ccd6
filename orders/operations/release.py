"""Give work to its location: planned fulfillment orders whose grace is over appear in the store's queue."""

from datetime import datetime, timedelta

from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from omni.core.settings_store import setting
from omni.core.states import move_many
from orders import events, preferences
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status

BY = Actor.system("release")


@operation
def release_due(*, now: datetime, limit: int = 100) -> int:
    """Release what is due, oldest promise first; several workers may run at once. Returns how many were released.

    The order's row is locked too, so that a hold or a cancellation at the same moment is seen or waits.
    """
    due = FulfillmentOrder.objects.due_for_release(now).select_related("order", "location")
    works = list(due.select_for_update(skip_locked=True, of=("self", "order"))[:limit])
    if not works:
        return 0
    move_many(works, Status.RELEASED, by=BY, released_at=now)
    _ask_for_confirmation([work for work in works if not work.location.picks_by_hand], now)
    emit_many(
        NewEvent(events.RELEASED, work.order.subject, by=BY, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "kind": work.location.kind, "method": work.method, "due_at": work.due_at,
        })
        for work in works
    )  # fmt: skip
    return len(works)


def _ask_for_confirmation(works: list[FulfillmentOrder], now: datetime) -> None:
    until = now + timedelta(hours=setting(preferences.CONFIRM_HOURS))
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(confirm_by=until)
