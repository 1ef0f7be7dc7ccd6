"""What leaves one location for one order goes in one parcel, as long as nobody there knows of either."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import LocationDay
from omni.core.actors import Actor
from omni.core.states import move_many
from orders.models import FulfillmentLine, FulfillmentOrder, Order
from orders.models.fulfillment_order import Status
from orders.operations.day_capacity import slots


def join_parcels(*, order: Order, by: Actor, now: datetime) -> int:
    """Put unreleased work of a locked order at one location together, into what leaves first; returns how many pieces
    of work closed. Their shares of the day come back."""
    rows = FulfillmentOrder.objects.movable().filter(order=order).order_by("due_at", "pk")
    together: dict[int, list[FulfillmentOrder]] = defaultdict(list)
    for work in rows.select_for_update(of=("self",)).select_related("location"):
        together[work.location_id].append(work)
    emptied = []
    for first, *others in together.values():
        if others:
            FulfillmentLine.objects.filter(fulfillment_order__in=others).update(fulfillment_order=first)
            emptied += others
    close_emptied(works=emptied, by=by, now=now)
    return len(emptied)


def close_emptied(*, works: list[FulfillmentOrder], by: Actor, now: datetime) -> None:
    """All their lines went on with other work."""
    LocationDay.objects.give_back([slot for work in works for slot in slots(work)])
    reason = _("goes with another parcel")
    move_many(works, Status.CANCELLED, by=by, reason=reason, closed_at=now, closed_reason=reason, capacity_day=None)
