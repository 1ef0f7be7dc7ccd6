"""A partner cannot ship some units of its work, or any: they are planned anew at once."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import ReasonCode, StockMovement
from inventory.operations.close_promise import Part, release
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, OrderException
from orders.models.fulfillment_order import Status
from orders.operations.confirm import accept_when_answered
from orders.operations.find_elsewhere import exclude, find_elsewhere
from orders.operations.finish_work import finish_work
from orders.operations.lose_units import lose_units
from orders.operations.partner_work import chosen_units, lock_partner_work, locked_lines
from orders.operations.raise_exception import settle_exception

Units = Mapping[FulfillmentLine, int]


def refusal_reasons() -> list[ReasonCode]:
    """What a partner may choose from, as HQ wrote it."""
    return list(ReasonCode.objects.filter(kind=ReasonCode.Kind.DECLINE, is_active=True))


@retried
@operation
def refuse_units(
    *, number: str, reason_code: str, by: Actor, now: datetime, units: Mapping[int, int] | None = None,
    seen: Mapping[int, int] | None = None,
) -> FulfillmentOrder:  # fmt: skip
    """Refuse `units` (fulfillment line id -> open units; all without). This partner is not asked for them again.

    Other locations get them in the same act; what nobody has waits for a person, as after any decline. A reason that
    says that they are not there takes them out of the partner's stock. `seen` is what was open on the page where a
    person decided: a second press, or a page of before, refuses nothing more. Raises Invalid `unknown_reason`, Refusal
    `changed_meanwhile`.
    """
    reason = next((each for each in refusal_reasons() if each.code == reason_code), None)
    if reason is None:
        known = ", ".join(each.code for each in refusal_reasons())
        raise Invalid("unknown_reason", _("Choose one of the reasons: %s.") % known)
    work = lock_partner_work(number)
    lines = locked_lines(work)
    if seen is not None and seen != {line.pk: line.open_quantity for line in lines if line.open_quantity}:
        raise Refusal("changed_meanwhile", _("This order has changed since you opened the page. Look at it again."))
    lost = chosen_units(lines, units)
    lose_units(work=work, units=lost, now=now)
    exclude(lines=[line.order_line for line in lost], location=work.location, reason=reason.label, now=now)
    finish_work(work=work, by=by, now=now, reason=reason.label)
    accept_when_answered(work=work, by=by, now=now)
    _book(work, lost, reason, by, now)
    _tell(work, lost, reason, by)
    if work.status != Status.RELEASED:
        settle_exception(order=work.order, kind=OrderException.Kind.OVERDUE, resolution=_("answered"), by=by, now=now)
    find_elsewhere(work=work, units={line.order_line: n for line, n in lost.items()}, by=by, now=now)
    return work


def _book(work: FulfillmentOrder, lost: Units, reason: ReasonCode, by: Actor, now: datetime) -> None:
    """Nobody of us can count there: where the reason says that units are missing, the partner's word is booked."""
    release(parts=[Part(line.demand_key, quantity) for line, quantity in lost.items()], by=by, now=now)
    if reason.effect == ReasonCode.Effect.NONE:
        return
    move_stock(by=by, now=now, moves=[
        Move(line.variant_id, work.location_id, StockMovement.Kind.ADJUST, -quantity,
             cause=f"fulfillment-order:{work.number}", reason=reason.label)
        for line, quantity in lost.items()
    ])  # fmt: skip


def _tell(work: FulfillmentOrder, lost: Units, reason: ReasonCode, by: Actor) -> None:
    topic = events.DECLINED if work.status == Status.DECLINED else events.UNITS_DECLINED
    emit(topic, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "reason": reason.label, "reason_code": reason.code,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity}
                  for line, quantity in lost.items()],
    })  # fmt: skip
