"""A location says that it will do the work: a distribution center or vendor any, a store its parcels."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.states import move
from orders import events
from orders.models import FulfillmentOrder, OrderException
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.raise_exception import raise_exception, settle_exception


@operation
def accept(*, number: str, by: Actor, now: datetime) -> FulfillmentOrder:
    """Confirm released work. What a store's customers collect needs no yes: it is picked."""
    work = FulfillmentOrder.objects.lock(number)
    if work.location.picks_by_hand and work.method == Method.PICKUP:
        raise Refusal("not_needed", _("Orders that are collected need no yes: pick them."))
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    if work.status != Status.RELEASED:
        raise Refusal("not_offered", _("This work is %s; there is nothing to accept.") % work.get_status_display(),
                      status_now=work.status)  # fmt: skip
    move(work, Status.ACCEPTED, by=by, accepted_at=now)
    settle_exception(order=work.order, kind=OrderException.Kind.OVERDUE, resolution=_("confirmed"), by=by, now=now)
    emit(events.ACCEPTED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
    })  # fmt: skip
    return work


@operation
def flag_overdue(*, now: datetime, limit: int = 200) -> int:
    """Put work on HQ's list that a center or vendor should have confirmed by now; returns how many."""
    late = (
        FulfillmentOrder.objects.filter(status=Status.RELEASED, confirm_by__lte=now)
        .exclude(location__kind=Location.Kind.STORE)
        .exclude(order__exceptions__kind=OrderException.Kind.OVERDUE, order__exceptions__resolved_at=None)
        .select_related("order", "location").order_by("confirm_by")[:limit]
    )  # fmt: skip
    works = list(late)
    for work in works:
        raise_exception(order=work.order, kind=OrderException.Kind.OVERDUE, now=now,
                        detail=f"{work.number} at {work.location.name}")  # fmt: skip
    return len(works)
