"""A location says that it cannot do a piece of work; it goes elsewhere at once."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.operations.let_go import let_go

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
    let_go(work=work, reason=reason, topic=events.DECLINED, by=by, now=now)
    return work
