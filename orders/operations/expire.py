"""Staged orders whose customer does not come: a reminder first, then the units go back."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import NewEvent, emit, emit_many
from omni.core.operation import operation
from omni.core.settings_store import setting
from omni.core.states import move
from orders import events, preferences
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.arrive import end_wait
from orders.operations.cancel import put_back_rest

BY = Actor.system("collection")
NOT_TWICE_WITHIN = timedelta(hours=2)


@operation
def remind_due(*, now: datetime, limit: int = 200) -> int:
    """Remind customers whose deadline comes near, once each; returns how many."""
    soon = now + timedelta(hours=setting(preferences.REMINDER_HOURS_BEFORE))
    due = FulfillmentOrder.objects.filter(
        status=Status.STAGED, method=Method.PICKUP, reminded_at=None, collect_by__lte=soon, collect_by__gt=now
    ).select_related("order", "location")
    works = list(due.order_by("collect_by").select_for_update(skip_locked=True, of=("self",))[:limit])
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(reminded_at=now)
    emit_many(_news(events.REMINDER_DUE, work) for work in works)
    return len(works)


@operation
def tell_last_day(*, now: datetime, limit: int = 200) -> int:
    """Tell customers that it is the last day, once each; not right after the reminder. Returns how many."""
    soon = now + timedelta(hours=setting(preferences.LAST_DAY_HOURS))
    due = FulfillmentOrder.objects.filter(
        status=Status.STAGED, method=Method.PICKUP, last_day_told_at=None, collect_by__lte=soon, collect_by__gt=now
    ).exclude(reminded_at__gt=now - NOT_TWICE_WITHIN)
    works = list(
        due.select_related("order", "location").order_by("collect_by")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )  # fmt: skip
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(last_day_told_at=now)
    emit_many(_news(events.LAST_DAY, work) for work in works)
    return len(works)


def overdue(*, now: datetime, limit: int = 50) -> list[str]:
    """Numbers of staged pickups past their deadline, oldest first."""
    due = FulfillmentOrder.objects.filter(status=Status.STAGED, method=Method.PICKUP, collect_by__lte=now)
    return list(due.order_by("collect_by").values_list("number", flat=True)[:limit])


@operation
def expire(*, number: str, now: datetime) -> bool:
    """End a pickup nobody collected; its units become a put-back task. False when somebody came in the meantime."""
    work = FulfillmentOrder.objects.lock(number)
    if work.status != Status.STAGED or not work.collect_by or work.collect_by > now:
        return False
    move(work, Status.EXPIRED, by=BY, reason="not collected", closed_at=now)
    end_wait(work=work, now=now)
    put_back_rest(work=work, reason=_("not collected"), by=BY, now=now)
    emit(events.EXPIRED, aggregate=work.order.subject, by=BY, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
    })  # fmt: skip
    return True


def _news(topic: str, work: FulfillmentOrder) -> NewEvent:
    return NewEvent(topic, work.order.subject, by=BY, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "collect_by": work.collect_by,
    })  # fmt: skip
