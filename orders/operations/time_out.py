"""A store did not accept parcels in time: another one is asked at once, and where there is none, a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from orders import events
from orders.models import FulfillmentOrder, OrderException
from orders.operations.let_go import let_go
from orders.operations.raise_exception import raise_exception

BY = Actor.system("offers")


class _Nowhere(Exception):
    """No other location can take all of it."""


def timed_out(*, now: datetime, limit: int = 50) -> list[str]:
    """Numbers of offers whose time is over, oldest first."""
    return list(FulfillmentOrder.objects.timed_out(now).values_list("number", flat=True)[:limit])


@retried
@operation
def time_out(*, number: str, now: datetime) -> bool:
    """Ask the next location. Where nobody else can take it whole, it stays, can still be accepted, and HQ sees it.

    Returns False when somebody answered in the meantime.
    """
    work = FulfillmentOrder.objects.lock(number)
    if not work.is_offered or work.confirm_by is None or work.confirm_by > now:
        return False
    try:
        with transaction.atomic():  # what no other location can take is not taken from this one
            FulfillmentOrder.objects.filter(pk=work.pk).update(timed_out_at=now)
            if not let_go(work=work, reason=_reason(work, now), topic=events.OFFER_TIMED_OUT, by=BY, now=now):
                raise _Nowhere
    except _Nowhere:
        _keep(FulfillmentOrder.objects.lock(number), now)
    return True


def _reason(work: FulfillmentOrder, now: datetime) -> str:
    if work.location.is_paused(now):
        return _("store paused: %s") % work.location.pause_reason
    return _("not accepted in time")


def _keep(work: FulfillmentOrder, now: datetime) -> None:
    reason = _reason(work, now)
    work.timed_out_at = now
    work.save(update_fields=["timed_out_at"])
    work.order.updated_at = now
    work.order.save(update_fields=["updated_at"])
    emit(events.OFFER_TIMED_OUT, aggregate=work.order.subject, by=BY, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "reason": reason, "stays": True,
    })  # fmt: skip
    detail = _("%(work)s at %(place)s: %(reason)s, and no other location can take it") % {
        "work": work.number, "place": work.location.name, "reason": reason,
    }  # fmt: skip
    raise_exception(order=work.order, kind=OrderException.Kind.OVERDUE, detail=detail, now=now)
