"""A location says that it cannot do a piece of work; it goes elsewhere at once."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from inventory.models import ReasonCode
from inventory.models.cycle_count import Why
from inventory.operations.count import raise_counts
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
    _ask_for_counts(work, reason, by, now)
    let_go(work=work, reason=reason, topic=events.DECLINED, by=by, now=now)
    return work


def _ask_for_counts(work: FulfillmentOrder, reason: str, by: Actor, now: datetime) -> None:
    """A store that says it has none of them disagrees with the book: somebody counts."""
    none_there = ReasonCode.objects.filter(
        Q(label=reason) | Q(code=reason), kind=ReasonCode.Kind.DECLINE, effect=ReasonCode.Effect.NOT_FOUND
    )
    if not none_there.exists():
        return
    lines = work.lines.exclude(variant=None)
    items = [(line.variant_id, work.location_id) for line in lines if line.open_quantity]
    if items:
        raise_counts(items=items, reason=reason, cause=f"fulfillment-order:{work.number}", why=Why.DECLINED, by=by,
                     now=now)  # fmt: skip
