"""Correct what a shelf holds, by a difference and with a reason: found, stolen, broken."""

from datetime import datetime

from inventory.models import Bucket, ReasonCode, StockLevel
from inventory.models.adjustment import AWAY, SHELF, Adjustment
from inventory.operations.book_adjustment import Correction, adjust_reason, book_adjustment
from omni.core.actors import Actor
from omni.core.operation import operation, retried

Effect = ReasonCode.Effect
LANDS = {Effect.DAMAGED: Bucket.DAMAGED, Effect.NOT_FOUND: Bucket.NOT_FOUND}


@retried
@operation
def adjust(
    *, variant_id: int, location_id: int, quantity: int, reason_code: str, note: str = "", by: Actor, now: datetime
) -> StockLevel:
    """Add (or with a minus take away) units of one shelf; where the reason says so they go to damaged or not found.

    Refuses as `book_adjustment` does.
    """
    correct_shelf(
        variant_id=variant_id, location_id=location_id, quantity=quantity, reason_code=reason_code, note=note, by=by,
        now=now,
    )  # fmt: skip
    return StockLevel.objects.get(variant=variant_id, location=location_id)


@retried
@operation
def correct_shelf(
    *, variant_id: int, location_id: int, quantity: int, reason_code: str, note: str = "", key: str = "",
    approved_by: Actor | None = None, by: Actor, now: datetime,
) -> Adjustment:  # fmt: skip
    """The same with a second person's word and the device's name for the act."""
    reason = adjust_reason(reason_code)
    target = SHELF if quantity > 0 else LANDS.get(Effect(reason.effect), AWAY)
    return book_adjustment(
        correction=Correction(variant_id, location_id, AWAY if quantity > 0 else SHELF, target, abs(quantity)),
        reason=reason, note=note, key=key, approved_by=approved_by, by=by, now=now,
    )  # fmt: skip
