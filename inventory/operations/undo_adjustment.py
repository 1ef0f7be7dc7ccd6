"""Take a correction back within some minutes, by movements that are its opposites."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Adjustment
from inventory.operations.book_adjustment import lock_places, moves_of, require, told
from inventory.operations.move_stock import move_stock
from inventory.preferences import ADJUSTMENT_UNDO_MINUTES
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Refusal
from omni.core.settings_store import setting


def undo_since(now: datetime) -> datetime:
    """Corrections made after this moment can be taken back."""
    return now - timedelta(minutes=setting(ADJUSTMENT_UNDO_MINUTES))


@retried
@operation
def undo_adjustment(*, adjustment_id: int, is_lead: bool = False, by: Actor, now: datetime) -> Adjustment:
    """Who made it, or a lead. Raises Refusal `not_yours`, `too_late`, `already_undone` or `more_than_there`
    (the units went on meanwhile)."""
    made = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment_id)
    if not is_lead and (by.user_id is None or by.user_id != made.maker_id):
        raise Refusal("not_yours", _("Only %s or a lead can take this back.") % made.made_by)
    if made.undone_at:
        raise Refusal("already_undone", _("This was taken back already."))
    if made.made_at < undo_since(now):
        raise Refusal("too_late", _("It is too late to take this back. Adjust the item once more."))
    lock_places(made)
    require(made.variant_id, made.location_id, made.target, made.quantity)
    made.undone_at, made.undone_by = now, by.label
    made.save(update_fields=["undone_at", "undone_by"])
    moves = moves_of(made, made.target, made.source, cause=f"{made.cause}:undo", words=_("Taken back"))
    move_stock(moves=moves, by=by, now=now)
    emit(
        events.ADJUSTMENT_UNDONE,
        aggregate=("stock", f"{made.location_id}:{made.variant_id}"),
        payload=told(made),
        by=by,
    )
    return made
