"""Put a drifted number right: asked by one person, approved by another, and written as a movement like all else.

Where the number is right, one movement makes the ledger agree and the shelf stays. Where the rows are right, that same
movement is followed by its opposite that moves the shelf: the ledger tells both, and nothing was typed over. What is
promised has no ledger: its rows are the reservations, and only they can be right.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.drift import Found, numbers_of
from inventory.models import Drift, StockHeld, StockLevel, StockMovement
from inventory.models.stock_level import Shift
from inventory.operations.count import raise_counts
from inventory.operations.look_for_drift import take_numbers
from inventory.operations.move_stock import Move, move_stock, release_promises
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, NotAllowed, Refusal
from omni.core.states import move

Number, Status, Trusted = Drift.Number, Drift.Status, Drift.Trusted
ROWS_ONLY = {Number.PROMISED}


@operation
def ask_for_repair(*, drift_id: int, trusted: str, reason: str, by: Actor, now: datetime) -> Drift:
    """Say which side is right, and why. Raises Invalid `reason_required`, `rows_are_right` or `cannot_be_negative`,
    Refusal `numbers_moved` and what a closed one refuses."""
    reason = reason.strip()[:200]
    if not reason:
        raise Invalid("reason_required", _("Say why."))
    drift = Drift.objects.select_for_update().get(pk=drift_id)
    if trusted not in Trusted.values:
        raise Invalid("bad_choice", _("Say which side is right."))
    if drift.number in ROWS_ONLY and trusted != Trusted.ROWS:
        raise Invalid("rows_are_right", _("What is promised is the sum of its reservations: only these can be right."))
    if drift.number == Number.HELD and trusted == Trusted.ROWS and drift.summed_quantity < 0:
        raise Invalid("cannot_be_negative", _("Its rows add up to fewer than none: the number must be right."))
    _require_as_seen(drift)
    return move(
        drift, Status.ASKED, by=by, reason=reason, repair_reason=reason, trusted=trusted, asked_by_id=by.user_id
    )


@operation
def take_back_repair(*, drift_id: int, reason: str, by: Actor, now: datetime) -> Drift:
    """Not like this: it waits to be asked for anew."""
    drift = Drift.objects.select_for_update().get(pk=drift_id)
    return move(drift, Status.FOUND, by=by, reason=reason[:200], repair_reason="", trusted="", asked_by_id=None)


@operation
def look_again(*, drift_id: int, by: Actor, now: datetime) -> Drift:
    """Read both sides of one drift anew; agreeing ones close it."""
    drift = Drift.objects.select_for_update().get(pk=drift_id)
    found = _locked_numbers(drift)
    if found.shown == found.summed:
        return move(drift, Status.GONE, by=by, closed_at=now, closed_by=by.label)
    take_numbers(drift, found, by=by)
    return drift


@retried
@operation
def approve_repair(*, drift_id: int, by: Actor, now: datetime) -> Drift:
    """Write the movement. Raises NotAllowed `same_person`, Refusal `numbers_moved` where the shelf is no longer what
    was looked at: nothing is repaired unseen."""
    drift = Drift.objects.select_for_update().get(pk=drift_id)
    if drift.status == Status.ASKED and drift.asked_by_id == by.user_id:
        raise NotAllowed("same_person", _("Another person has to approve what you asked for."))
    _require_as_seen(drift)
    move(drift, Status.REPAIRED, by=by, reason=drift.repair_reason, closed_at=now, closed_by=by.label)
    if drift.number == Number.PROMISED:
        release_promises([Shift(drift.variant_id, drift.location_id, 0, -drift.difference)])
    else:
        _compensate(drift, by, now)
    emit(events.DRIFT_REPAIRED, aggregate=("drift", str(drift.pk)), by=by, payload={
        "variant_id": drift.variant_id, "location_id": drift.location_id, "number": drift.number,
        "bucket": drift.bucket, "shown": drift.shown_quantity, "summed": drift.summed_quantity,
        "trusted": drift.trusted, "reason": drift.repair_reason,
    })  # fmt: skip
    return drift


def _compensate(drift: Drift, by: Actor, now: datetime) -> None:
    StockMovement.objects.record([StockMovement(
        variant_id=drift.variant_id, location_id=drift.location_id, bucket=drift.bucket, quantity=drift.difference,
        kind=StockMovement.Kind.REPAIR, on_hand_after=drift.shown_quantity, cause=drift.cause,
        reason=drift.repair_reason, actor=by.label, occurred_at=now,
    )])  # fmt: skip
    if drift.trusted == Trusted.ROWS:
        move_stock(by=by, now=now, moves=[Move(
            drift.variant_id, drift.location_id, StockMovement.Kind.REPAIR, -drift.difference, drift.bucket,
            cause=drift.cause, reason=drift.repair_reason,
        )])  # fmt: skip
    if drift.number == Number.ON_HAND:
        shelf = (drift.variant_id, drift.location_id)
        raise_counts(items=[shelf], reason=_("Its number had drifted"), cause=drift.cause, by=by, now=now)


def _require_as_seen(drift: Drift) -> None:
    found = _locked_numbers(drift)
    if (found.shown, found.summed) != (drift.shown_quantity, drift.summed_quantity):
        raise Refusal(
            "numbers_moved",
            _("By now the number is %(shown)d and its rows add up to %(summed)d. Look again, then ask anew.")
            % {"shown": found.shown, "summed": found.summed},
        )


def _locked_numbers(drift: Drift) -> Found:
    """Whoever changes a number holds its lock until the row that proves the change is written."""
    shelf = (drift.variant_id, drift.location_id)
    StockLevel.objects.open_shelves([shelf])
    StockLevel.objects.lock([shelf])
    if drift.bucket:
        StockHeld.objects.get_or_create(variant_id=shelf[0], location_id=shelf[1], bucket=drift.bucket)
        StockHeld.objects.select_for_update().get(variant_id=shelf[0], location_id=shelf[1], bucket=drift.bucket)
    return numbers_of(drift.number, *shelf, drift.bucket)
