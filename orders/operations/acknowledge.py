"""A partner says that it has got a piece of work, and under which number it keeps it."""

from datetime import datetime

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from orders import events
from orders.models import FulfillmentOrder, PartnerOrder
from orders.operations.partner_work import lock_partner_work


@operation
def acknowledge(*, number: str, reference: str = "", by: Actor, now: datetime) -> FulfillmentOrder:
    """Said again it changes nothing but the partner's own number, where that comes later."""
    known = PartnerOrder.objects.filter(fulfillment_order__number=number).select_related("fulfillment_order").first()
    if known and reference in ("", known.reference):
        return known.fulfillment_order
    work = lock_partner_work(number)
    row, is_new = PartnerOrder.objects.get_or_create(
        fulfillment_order=work,
        defaults={"acknowledged_at": now, "acknowledged_by": by.label, "reference": reference[:100]},
    )
    if not is_new and reference:
        row.reference = reference[:100]
        row.save(update_fields=["reference"])
    if is_new:
        emit(events.ACKNOWLEDGED, aggregate=work.order.subject, by=by, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
            "reference": row.reference,
        })  # fmt: skip
    return work
