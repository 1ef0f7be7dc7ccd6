"""The carrier left, and a parcel is still here: an alarm, never silence."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from orders import events
from orders.models import FulfillmentOrder, OrderException
from orders.operations.raise_exception import raise_exception

BY = Actor.system("carriers")


@operation
def flag_missed(*, now: datetime, limit: int = 200) -> int:
    """Put work on HQ's list whose carrier left without it, once; returns how many. It stays to be done, late."""
    missed = FulfillmentOrder.objects.missed(now).select_related("order", "location")
    works = list(missed.select_for_update(skip_locked=True, of=("self",))[:limit])
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(missed_at=now)
    for work in works:
        detail = _("%(work)s at %(place)s: %(status)s when the carrier left") % {
            "work": work.number, "place": work.location.name, "status": work.get_status_display().lower(),
        }  # fmt: skip
        raise_exception(order=work.order, kind=OrderException.Kind.LATE, detail=detail, now=now)
    emit_many(
        NewEvent(events.CUTOFF_MISSED, work.order.subject, by=BY, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "status": work.status, "cutoff_at": work.cutoff_at,
        })
        for work in works
    )  # fmt: skip
    return len(works)
