"""Units change their place in the store: from the shelf into a bucket and back, from bucket to bucket, or out."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models.adjustment import AWAY, BY_HAND, SHELF, Adjustment
from inventory.operations.book_adjustment import Correction, adjust_reason, book_adjustment
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid

SOURCES, TARGETS = (SHELF, *BY_HAND), (SHELF, AWAY, *BY_HAND)


@retried
@operation
def hold_apart(
    *, variant_id: int, location_id: int, source: str, target: str, quantity: int, reason_code: str = "",
    note: str = "", key: str = "", approved_by: Actor | None = None, by: Actor, now: datetime,
) -> Adjustment:  # fmt: skip
    """Move units between the shelf and the buckets that people fill by hand; "away" writes them off, with a reason.

    Raises Invalid `unknown_place`, and refuses as `book_adjustment` does.
    """
    if source not in SOURCES or target not in TARGETS or source == target or (source, target) == (SHELF, AWAY):
        raise Invalid("unknown_place", _("Choose from where to where the units go."))
    reason = adjust_reason(reason_code) if reason_code or target == AWAY else None
    return book_adjustment(
        correction=Correction(variant_id, location_id, source, target, quantity), reason=reason, note=note, key=key,
        approved_by=approved_by, by=by, now=now,
    )  # fmt: skip
