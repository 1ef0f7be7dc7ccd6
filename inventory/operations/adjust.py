"""Correct what a shelf holds, by a difference and with a reason: found, stolen, broken."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Bucket, ReasonCode, StockLevel, StockMovement
from inventory.models.cycle_count import Why
from inventory.operations.count import raise_counts
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal

Kind, Effect = StockMovement.Kind, ReasonCode.Effect
MAX_UNITS = 1_000_000


@retried
@operation
def adjust(
    *, variant_id: int, location_id: int, quantity: int, reason_code: str, note: str = "", by: Actor, now: datetime
) -> StockLevel:
    """Add (or with a minus take away) units of one shelf; where the reason says so they go to damaged or not found.

    Raises Invalid `unknown_reason` or `bad_quantity`, and Refusal `more_than_there`: a typing error, since a till or
    a count is what reports that more left than we knew of.
    """
    reason = ReasonCode.objects.filter(code=reason_code, kind=ReasonCode.Kind.ADJUST, is_active=True).first()
    if reason is None:
        raise Invalid("unknown_reason", _("Choose one of the reasons."))
    if not 0 < abs(quantity) <= MAX_UNITS:
        raise Invalid("bad_quantity", _("Between 1 and %d units, with a minus where they are gone.") % MAX_UNITS)
    shelf = (variant_id, location_id)
    StockLevel.objects.open_shelves([shelf])
    level = StockLevel.objects.select_for_update(no_key=True).get(variant=variant_id, location=location_id)
    if level.on_hand + quantity < min(level.on_hand, 0):
        raise Refusal("more_than_there", _("Only %d are on this shelf.") % max(level.on_hand, 0))
    words = f"{reason.label}: {note}" if note else reason.label
    move_stock(moves=_moves(shelf, quantity, reason, words[:200]), by=by, now=now)
    if quantity < 0 and reason.effect == Effect.NOT_FOUND:
        raise_counts(items=[shelf], reason=reason.label, cause="adjustment", why=Why.NOT_FOUND, by=by, now=now)
    level.refresh_from_db()
    return level


def _moves(shelf: tuple[int, int], quantity: int, reason: ReasonCode, words: str) -> list[Move]:
    if quantity > 0 or reason.effect == Effect.NONE:
        return [Move(*shelf, Kind.ADJUST, quantity, reason=words)]
    damaged = reason.effect == Effect.DAMAGED
    kind, bucket = (Kind.DAMAGE, Bucket.DAMAGED) if damaged else (Kind.SET_ASIDE, Bucket.NOT_FOUND)
    return [Move(*shelf, kind, quantity, reason=words), Move(*shelf, kind, -quantity, bucket, reason=words)]
