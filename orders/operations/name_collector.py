"""Somebody else comes for the order: named beforehand by the customer, the site, or the store on their word."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders import events
from orders.models import Order
from orders.models.fulfillment_order import OPEN
from orders.models.order_line import Method


@operation
def name_collector(*, number: int, name: str, by: Actor, now: datetime) -> Order:
    """From now on this person may collect with a photo ID; an empty name means the customer again.

    The last one counts; told the same twice changes nothing. Refuses `nothing_to_collect` once nothing waits.
    """
    order = Order.objects.lock(number)
    said = " ".join(name.split())[:200]
    if said == order.collector_name:
        return order
    waits = order.fulfillment_orders.filter(method=Method.PICKUP, status__in=OPEN).exists()
    if not waits and not order.lines.filter(method=Method.PICKUP, waiting_quantity__gt=0).exists():
        raise Refusal("nothing_to_collect", _("Nothing of this order is left to collect."))
    order.collector_name, order.updated_at = said, now
    order.save(update_fields=["collector_name", "updated_at"])
    emit(events.COLLECTOR_NAMED, aggregate=order.subject, by=by, payload={"order": str(order.number), "name": said})
    return order
