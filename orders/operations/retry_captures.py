"""A person has the order's missing money asked for again."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders import events
from orders.models import Capture, Order, OrderException
from orders.operations.raise_exception import settle_exception
from orders.operations.settle import settle


@operation
def retry_captures(*, number: int, by: Actor, now: datetime) -> None:
    """What left and no tender gave is asked for under a new key. Refuses `nothing_missing`."""
    order = Order.objects.lock(number)
    earlier = Capture.objects.filter(payment__order=order, failed_at__isnull=False).count()
    if not settle(order=order, units={}, key=f"retry:{earlier}", now=now):
        raise Refusal("nothing_missing", _("Nothing of order %s can be asked for again.") % order.number)
    settle_exception(order=order, kind=OrderException.Kind.PAYMENT, resolution=_("asked again"), by=by, now=now)
    emit(events.CAPTURE_RETRIED, aggregate=order.subject, by=by, payload={"order": str(order.number)})
