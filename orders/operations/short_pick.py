"""A picker cannot find units, or finds them damaged: stock changes as the reason says, the customer gets an answer."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Bucket, ReasonCode
from inventory.operations.close_promise import Part, release, set_aside
from inventory.operations.count import raise_counts
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.operations.find_elsewhere import exclude, find_elsewhere
from orders.operations.finish_work import finish_pick_list, finish_work
from orders.operations.lose_units import lose_units
from orders.operations.pick import refuse_stopped


@retried
@operation
def short_pick(
    *, pick_list_id: int, line_id: int, quantity: int, reason_code: str, by: Actor, now: datetime
) -> FulfillmentLine:
    """Report `quantity` unpicked units of a line as short. A ship line is re-routed in the same act and never back
    here; a pickup line waits for the customer's choice, and the rest of the order goes on."""
    pick_list = PickList.objects.lock(pick_list_id)
    refuse_stopped(pick_list)
    reason = ReasonCode.objects.filter(code=reason_code, kind=ReasonCode.Kind.SHORT_PICK, is_active=True).first()
    if reason is None:
        raise Invalid("unknown_reason", _("Choose one of the reasons."))
    number = (
        FulfillmentOrder.objects.filter(pick_list=pick_list, lines=line_id, status=Status.PICKING)
        .values_list("number", flat=True)
        .first()
    )
    if number is None:
        raise Refusal("not_on_list", _("This line is no longer on the pick list."))
    work = FulfillmentOrder.objects.lock(number)
    line = work.lines.select_for_update(of=("self",)).select_related("order_line", "variant__product").get(pk=line_id)
    if not 0 < quantity <= line.to_pick_quantity:
        raise Invalid("bad_quantity", _("Between 1 and %d units are still to pick.") % line.to_pick_quantity)
    lose_units(work=work, units={line: quantity}, now=now)
    exclude(lines=[line.order_line], location=work.location, reason=reason.label, now=now)
    finish_work(work=work, by=by, now=now, reason=reason.label)
    _book(line, quantity, reason, work, by, now)
    emit(events.SHORT_PICKED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "sku": line.order_line.sku, "quantity": quantity, "reason": reason.code,
    })  # fmt: skip
    find_elsewhere(order=work.order, units={line.order_line: quantity}, method=work.method, location=work.location,
                   by=by, now=now)  # fmt: skip
    finish_pick_list(pick_list=pick_list, now=now)
    return line


def _book(
    line: FulfillmentLine, quantity: int, reason: ReasonCode, work: FulfillmentOrder, by: Actor, now: datetime
) -> None:
    parts = [Part(line.demand_key, quantity)]
    if reason.effect == ReasonCode.Effect.NONE:
        release(parts=parts, by=by, now=now)
        return
    bucket = Bucket.NOT_FOUND if reason.effect == ReasonCode.Effect.NOT_FOUND else Bucket.DAMAGED
    set_aside(parts=parts, bucket=bucket, reason=reason.label, by=by, now=now)
    if bucket == Bucket.NOT_FOUND:
        raise_counts(items=[(line.variant_id, work.location_id)], reason=reason.label,
                     cause=f"fulfillment-order:{work.number}", by=by, now=now)  # fmt: skip
