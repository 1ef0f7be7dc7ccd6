"""HQ has looked at lines that failed too often: they may be promised again, never by a location that failed them."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders.models import Order
from orders.operations.promise_waiting import promise_waiting


@operation
def retry_waiting(*, number: int, by: Actor, now: datetime) -> int:
    """Start counting attempts anew and promise at once what can be; returns the units that got a place.

    Raises Refusal `nothing_waits`, and `insufficient_stock` when no other location has any of it.
    """
    order = Order.objects.lock(number)
    if not order.lines.filter(waiting_quantity__gt=0).update(attempts=0):
        raise Refusal("nothing_waits", _("Nothing of order %s waits any more.") % number)
    promised = promise_waiting(number=number, now=now)
    if not promised:
        raise Refusal("insufficient_stock", _("No other location has what order %s waits for.") % number)
    return promised
