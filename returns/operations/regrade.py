"""A held unit was looked at again: it gets another grade or another way, and stock and worth move with it."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import StockMovement
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from returns import events
from returns.models import Disposition, Regrade, ReturnOrder, ReturnUnit
from returns.models.disposition import BUCKETS, HELD
from returns.models.return_unit import GONE, UnitStatus
from returns.operations.news import told
from returns.operations.receive import gone, worth
from returns.policy import GRADES

Kind = StockMovement.Kind


@retried
@operation
def regrade(*, unit_id: int, grade: str, disposition: str, by: Actor, now: datetime, note: str = "") -> Regrade:
    """Legal as long as the unit is held; what is on sale again or disposed of is not ours to grade any more.

    The customer's refund does not change: it was frozen when it was given.
    """
    if grade not in GRADES or disposition not in Disposition.values:
        raise Invalid("unknown_grade", _("Choose a grade and what becomes of it."))
    rma_number = ReturnUnit.objects.values_list("return_order__rma_number", flat=True).get(pk=unit_id)
    found = ReturnOrder.objects.lock(rma_number)
    unit = (
        found.units.select_related("order_line", "variant", "location").select_for_update(of=("self",)).get(pk=unit_id)
    )
    if unit.status in (*GONE, UnitStatus.AUTHORIZED) or unit.disposition not in HELD or unit.location_id is None:
        raise Refusal("not_held", _("This unit is not held any more: %s.") % unit.get_disposition_display().lower())
    if (grade, disposition) == (unit.grade, unit.disposition):
        raise Refusal("nothing_changed", _("Choose another grade, or something else to do with it."))
    change = Regrade.objects.create(
        unit=unit, from_grade=unit.grade, to_grade=grade, from_disposition=unit.disposition,
        to_disposition=disposition, from_amount=unit.cost_amount, to_amount=worth(unit, disposition),
        note=note.strip()[:300], at=now, by_id=by.user_id,
    )  # fmt: skip
    moves = _moves(unit, disposition, note)
    unit.grade, unit.disposition, unit.cost_amount = grade, disposition, change.to_amount
    unit.save(update_fields=["grade", "disposition", "cost_amount"])
    if moves:
        move_stock(moves=moves, by=by, now=now)
    emit(events.REGRADED, aggregate=found.story_subject, by=by, payload=told(found, [unit]) | {
        "from_grade": change.from_grade, "from_disposition": change.from_disposition, "note": change.note,
        "location": unit.location.code if unit.location else None,
    })  # fmt: skip
    return change


def _moves(unit: ReturnUnit, disposition: str, note: str) -> list[Move]:
    """Out of one bucket and into the other; the shelf's own entry says that a return came on sale."""
    assert unit.location_id is not None
    before, after = BUCKETS[unit.disposition], BUCKETS[disposition]
    if before == after:
        return []
    kind = Kind.RETURN_RESTOCK if disposition == Disposition.RESTOCK else Kind.REGRADE
    reason = note.strip()[:200]
    moves = [
        Move(unit.variant_id, unit.location_id, kind, -1, before, cause=unit.cause, reason=reason),
        Move(unit.variant_id, unit.location_id, kind, 1, after, cause=unit.cause, reason=reason),
    ]
    return [*moves, gone(unit, unit.location_id, reason=reason)] if disposition == Disposition.DISPOSE else moves
