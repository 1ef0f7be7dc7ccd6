"""Look for numbers that their rows do not prove, and keep each as something for two people to put right."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from inventory import events
from inventory.drift import CHECKS, Found, find_drift, numbers_of
from inventory.models import Drift
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import AuditRun
from omni.core.operation import operation
from omni.core.states import begin, move

BY = Actor.system("drift")
MOST = 1_000  # of each number; who repaired these finds the next ones
LATELY = timedelta(hours=1)


def look_after_audit(*, now: datetime) -> int:
    """Look where the last audit saw drift, or where some is still open; adding up a ledger takes its time."""
    last = AuditRun.objects.order_by("-pk").first()
    is_told = last is not None and last.at > now - LATELY and any(
        each["count"] and each["check"] in CHECKS for each in last.results
    )  # fmt: skip
    return look_for_drift(now=now) if is_told or Drift.objects.open().exists() else 0


def look_for_drift(*, now: datetime) -> int:
    """Keep what is found, close what is gone; returns how many are new. The same again finds nothing new.

    Adding up the ledger takes its time, so nothing is locked meanwhile: what was found is read once more afterwards.
    """
    return keep_drift(found=[each for number in Drift.Number for each in find_drift(number, MOST)], now=now)


@operation
def keep_drift(*, found: Sequence[Found], now: datetime) -> int:
    """Write down these and what became of those that were open before; returns how many are new."""
    known = {_key(row): row for row in Drift.objects.open().select_for_update().order_by("pk")}
    new: list[Drift] = []
    for key in sorted({each.key for each in found} | set(known)):
        still, row = numbers_of(*key), known.get(key)
        if row and still.shown == still.summed:
            move(row, Drift.Status.GONE, by=BY, closed_at=now)
        elif row:
            take_numbers(row, still, by=BY)
        elif still.shown != still.summed:
            new.append(_row(still, now))
    Drift.objects.bulk_create(new)
    begin(*new, by=BY)
    if new:
        emit(events.DRIFT_FOUND, aggregate=("drift", str(new[0].pk)), by=BY, payload={"drift": [row.pk for row in new]})
    return len(new)


def take_numbers(row: Drift, found: Found, *, by: Actor) -> bool:
    """Write what is there by now; a repair that was asked for on other numbers is to be asked for anew."""
    if (row.shown_quantity, row.summed_quantity) == (found.shown, found.summed):
        return False
    changes: dict[str, Any] = {"shown_quantity": found.shown, "summed_quantity": found.summed}
    if row.status == Drift.Status.ASKED:
        move(row, Drift.Status.FOUND, by=by, **changes, asked_by=None, repair_reason="", trusted="")
    else:
        Drift.objects.filter(pk=row.pk).update(**changes)
        row.shown_quantity, row.summed_quantity = found.shown, found.summed
    return True


def _key(row: Drift) -> tuple[str, int, int, str]:
    return str(row.number), row.variant_id, row.location_id, row.bucket


def _row(found: Found, now: datetime) -> Drift:
    return Drift(
        number=found.number, variant_id=found.variant_id, location_id=found.location_id, bucket=found.bucket,
        shown_quantity=found.shown, summed_quantity=found.summed, found_at=now,
    )  # fmt: skip
