"""A picker cannot find units, or finds them damaged: stock changes as the reason says, the customer gets an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Bucket, ReasonCode
from inventory.models.cycle_count import Why
from inventory.operations.close_promise import Part, release, set_aside
from inventory.operations.count import raise_counts
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.find_elsewhere import Substitute, exclude, find_elsewhere
from orders.operations.finish_work import finish_pick_list, finish_work
from orders.operations.lose_units import lose_units
from orders.operations.pick import refuse_stopped
from orders.operations.substitute import find_substitute


@dataclass(frozen=True)
class Lost:
    """Units of one line that were not there."""

    line: FulfillmentLine
    quantity: int


@retried
@operation
def short_pick(
    *, pick_list_id: int, line_id: int, quantity: int, reason_code: str, by: Actor, now: datetime,
    substitute: str = "",
) -> list[Lost]:  # fmt: skip
    """Report `quantity` unpicked units of a row as short: of a line, and of the same item for other orders of the walk.

    The order with the most time left loses first. A ship line is re-routed in the same act and never back here; a
    pickup line waits for the customer's choice, and the rest of the order goes on. `substitute` is the code of an item
    that the customers of pickups are offered instead; raises what `find_substitute` raises.
    """
    pick_list = PickList.objects.lock(pick_list_id)
    refuse_stopped(pick_list)
    reason = ReasonCode.objects.filter(code=reason_code, kind=ReasonCode.Kind.SHORT_PICK, is_active=True).first()
    if reason is None:
        raise Invalid("unknown_reason", _("Choose one of the reasons."))
    lines = _row(pick_list, line_id)
    left = sum(line.to_pick_quantity for line in lines)
    if not 0 < quantity <= left:
        raise Invalid("bad_quantity", _("Between 1 and %d units are still to pick.") % left)
    lost = _shares(lines, quantity)
    instead = _instead(substitute, lost)
    for each in lost:
        _lose(each, reason, by, now, instead.get(each.line.pk))
    finish_pick_list(pick_list=pick_list, now=now)
    return lost


def _instead(code: str, lost: Sequence[Lost]) -> dict[int, Substitute]:
    """By line what its customer is offered; there must be enough for all of them."""
    asked = [each for each in lost if each.line.fulfillment_order.method == Method.PICKUP] if code.strip() else []
    units = sum(each.quantity for each in asked)
    return {
        each.line.pk: find_substitute(
            code=code, line=each.line.order_line, location=each.line.fulfillment_order.location, quantity=units
        )
        for each in asked
    }


def _row(pick_list: PickList, line_id: int) -> list[FulfillmentLine]:
    """The lines of the list that want the same item as this one, locked with their work; most time left first."""
    works = pick_list.fulfillment_orders.filter(status=Status.PICKING).order_by("order_id", "pk")
    held = {work.pk: work for work in works.select_related("order", "location").select_for_update(of=("self",))}
    lines = list(
        FulfillmentLine.objects.filter(fulfillment_order__in=held).order_by("pk")
        .select_related("order_line", "variant__product").select_for_update(of=("self",))
    )  # fmt: skip
    named = next((line for line in lines if line.pk == line_id), None)
    if named is None:
        raise Refusal("not_on_list", _("This line is no longer on the pick list."))
    for line in lines:
        line.fulfillment_order = held[line.fulfillment_order_id]
    row = [line for line in lines if line.variant_id == named.variant_id]
    return sorted(row, key=lambda line: (line.fulfillment_order.due_at, line.pk), reverse=True)


def _shares(lines: Sequence[FulfillmentLine], quantity: int) -> list[Lost]:
    shares = []
    for line in lines:
        taken = min(quantity, line.to_pick_quantity)
        if taken:
            shares.append(Lost(line, taken))
            quantity -= taken
    return shares


def _lose(lost: Lost, reason: ReasonCode, by: Actor, now: datetime, instead: Substitute | None) -> None:
    line, quantity, work = lost.line, lost.quantity, lost.line.fulfillment_order
    lose_units(work=work, units={line: quantity}, now=now)
    exclude(lines=[line.order_line], location=work.location, reason=reason.label, now=now)
    finish_work(work=work, by=by, now=now, reason=reason.label)
    _book(line, quantity, reason, work, by, now)
    emit(events.SHORT_PICKED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "sku": line.order_line.sku, "quantity": quantity, "reason": reason.code,
    })  # fmt: skip
    find_elsewhere(work=work, units={line.order_line: quantity}, by=by, now=now, instead=instead)


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
                     cause=f"fulfillment-order:{work.number}", why=Why.NOT_FOUND, by=by, now=now)  # fmt: skip
