"""A location says that it cannot do a piece of work; it goes elsewhere at once."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.operations.close_promise import Part, release
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.operations.find_elsewhere import exclude, find_elsewhere
from orders.operations.finish_work import finish_work
from orders.operations.lose_units import lose_units

DECLINABLE = (Status.RELEASED, Status.ACCEPTED, Status.PLANNED)


@retried
@operation
def decline(*, number: str, reason: str, by: Actor, now: datetime) -> FulfillmentOrder:
    """Decline work that nobody has picked yet: its units are promised elsewhere, its share of the day comes back."""
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that HQ can help."))
    work = FulfillmentOrder.objects.lock(number)
    if work.status not in DECLINABLE:
        raise Refusal("too_late", _("This work is %s; it cannot be declined any more.") % work.get_status_display())
    lines = list(work.lines.select_for_update(of=("self",)).select_related("order_line"))
    units = {line: line.open_quantity for line in lines if line.open_quantity}
    lose_units(work=work, units=units, now=now)
    exclude(lines=[line.order_line for line in units], location=work.location, reason=reason, now=now)
    finish_work(work=work, by=by, now=now, reason=reason)
    release(parts=[Part(line.demand_key, quantity) for line, quantity in units.items()], by=by, now=now)
    emit(events.DECLINED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "reason": reason,
    })  # fmt: skip
    find_elsewhere(order=work.order, units={line.order_line: n for line, n in units.items()}, method=work.method,
                   location=work.location, by=by, now=now)  # fmt: skip
    return work
