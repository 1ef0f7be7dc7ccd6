"""Count one item: what the shelf really holds, against what the ledger says is on it at this moment."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Bucket, CycleCount, Reservation, StockHeld, StockLevel, StockMovement
from inventory.models.cycle_count import Why
from inventory.operations.know_moments import lock_locations
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal

MAX_COUNT = 1_000_000


@operation
def raise_counts(
    *, items: Iterable[tuple[int, int]], reason: str, cause: str, by: Actor, now: datetime, why: str = Why.ASKED
) -> None:  # fmt: skip
    """Ask for a count of each (variant, location); one that is open already gets one more reason."""
    shelves = list(items)
    CycleCount.objects.ask(shelves, why=why, reason=reason, cause=cause, now=now)
    emit(
        events.COUNT_RAISED, aggregate=("count", cause),
        payload={"items": [list(shelf) for shelf in shelves], "reasons": [str(why)] * len(shelves)},
    )  # fmt: skip


@operation
def count_item(
    *, cycle_count_id: int, counted: int, by: Actor, now: datetime, key: str = "", seen: str | None = None
) -> CycleCount:
    """Book a count as a difference: `counted` against on hand less what pickers already took off the shelf.

    Units set aside as not found are settled by it: either they were on the shelf after all, or they are gone. The same
    `key` again changes nothing. `seen` is the `shelf_mark` of an entry that waited on its device: where the shelf
    changed since, the entry is worth nothing and the item is counted once more.
    """
    if not 0 <= counted <= MAX_COUNT:
        raise Invalid("bad_quantity", _("A count is between 0 and %d.") % MAX_COUNT)
    task = CycleCount.objects.select_for_update().get(pk=cycle_count_id)
    if key and task.count_key == key:
        return task
    if task.done_at:
        raise Refusal("already_counted", _("Somebody has counted this item already."))
    shelf = (task.variant_id, task.location_id)
    lock_locations([task.location_id], alone=True)  # a late report sees this count, or is part of it
    StockLevel.objects.open_shelves([shelf])
    level = StockLevel.objects.select_for_update(no_key=True).get(variant_id=shelf[0], location_id=shelf[1])
    expected = level.on_hand - _off_shelf(shelf)
    if seen is not None and seen != _mark(task, expected):
        raise Refusal("shelf_changed", _("Units of this item moved since you counted. Count it once more."))
    moves = _difference(shelf, counted - expected, f"count:{task.pk}") + _settle_not_found(shelf, f"count:{task.pk}")
    if moves:
        move_stock(moves=moves, by=by, now=now)
    task.counted_quantity, task.expected_quantity = counted, expected
    task.done_at, task.counted_by_id, task.count_key = now, by.user_id, key[:64]
    task.save(update_fields=["counted_quantity", "expected_quantity", "done_at", "counted_by", "count_key"])
    emit(
        events.COUNT_DONE,
        aggregate=("count", str(task.pk)),
        payload={"counted": counted, "expected": expected},
    )
    return task


def shelf_mark(task: CycleCount) -> str:
    """Stands for what the shelf should hold now, without telling the one who counts."""
    shelf = (task.variant_id, task.location_id)
    level = StockLevel.objects.filter(variant_id=shelf[0], location_id=shelf[1]).first()
    return _mark(task, (level.on_hand if level else 0) - _off_shelf(shelf))


def _mark(task: CycleCount, expected: int) -> str:
    return salted_hmac("inventory.shelf", f"{task.pk}:{expected}").hexdigest()[:24]


def _off_shelf(shelf: tuple[int, int]) -> int:
    held = Reservation.objects.held().filter(variant_id=shelf[0], location_id=shelf[1])
    return held.aggregate(total=Sum("off_shelf_quantity", default=0))["total"]


def _difference(shelf: tuple[int, int], difference: int, cause: str) -> list[Move]:
    return [Move(*shelf, StockMovement.Kind.COUNT, difference, cause=cause)] if difference else []


def _settle_not_found(shelf: tuple[int, int], cause: str) -> list[Move]:
    held = StockHeld.objects.filter(variant_id=shelf[0], location_id=shelf[1], bucket=Bucket.NOT_FOUND, quantity__gt=0)
    return [
        Move(*shelf, StockMovement.Kind.COUNT, -row.quantity, Bucket.NOT_FOUND, cause=cause)
        for row in held.select_for_update()
    ]
