"""Write what happened to units: shelves and buckets change, the ledger says why, and shortfalls are told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from inventory import events
from inventory.models import StockLevel, StockMovement
from inventory.models.stock_level import Shelf, Shift
from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many

ShelfKey = tuple[int, int]

OPEN_BUCKETS = """
INSERT INTO inventory_stockheld (variant_id, location_id, bucket, quantity)
SELECT v, l, b, 0 FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS t(v, l, b) ORDER BY v, l, b
ON CONFLICT (variant_id, location_id, bucket) DO NOTHING
"""
FILL_BUCKETS = """
UPDATE inventory_stockheld h SET quantity = h.quantity + t.q
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) AS t(v, l, b, q)
 WHERE h.variant_id = t.v AND h.location_id = t.l AND h.bucket = t.b
RETURNING h.variant_id, h.location_id, h.bucket, h.quantity
"""


@dataclass(frozen=True)
class Move:
    """One ledger entry. `quantity` is signed units of `bucket` ("" is the shelf); `reserved` is the change of what
    is promised from the shelf that goes with it."""

    variant_id: int
    location_id: int
    kind: str
    quantity: int
    bucket: str = ""
    reserved: int = 0
    cause: str = ""
    reason: str = ""
    source: str = ""
    source_event_id: str = ""
    occurred_at: datetime | None = None

    @property
    def shelf(self) -> ShelfKey:
        return self.variant_id, self.location_id


@dataclass
class Moved:
    """What a batch of moves left behind."""

    shelves: dict[ShelfKey, Shelf] = field(default_factory=dict)
    buckets: dict[tuple[int, int, str], int] = field(default_factory=dict)


def move_stock(*, moves: Sequence[Move], by: Actor, now: datetime) -> Moved:
    """Apply moves together, in lock order. Physical truth is never refused: a shelf emptied under a promise gets a
    shortfall and an event. Units cannot leave a bucket that does not hold them (IntegrityError: callers check)."""
    moved = Moved()
    on_shelf = [move for move in moves if not move.bucket]
    if on_shelf:
        moved.shelves = shift([Shift(*move.shelf, move.quantity, move.reserved) for move in on_shelf])
    moved.buckets = _fill_buckets([move for move in moves if move.bucket])
    StockMovement.objects.record(_ledger(moves, moved, by, now))
    _tell(moved.shelves)
    return moved


def shift(shifts: Sequence[Shift]) -> dict[ShelfKey, Shelf]:
    """Shift shelves, opening those that a variant reaches for the first time."""
    shelves = StockLevel.objects.shift(shifts)
    missing = [each for each in shifts if (each.variant_id, each.location_id) not in shelves]
    if missing:
        StockLevel.objects.open_shelves((each.variant_id, each.location_id) for each in missing)
        shelves |= StockLevel.objects.shift(missing)
    return shelves


def release_promises(shifts: Sequence[Shift]) -> dict[ShelfKey, Shelf]:
    """Lower what is promised without moving a unit; told to whoever waits for stock."""
    shelves = shift(shifts)
    _tell(shelves)
    return shelves


def _fill_buckets(moves: Sequence[Move]) -> dict[tuple[int, int, str], int]:
    change: dict[tuple[int, int, str], int] = defaultdict(int)
    for move in moves:
        change[(*move.shelf, move.bucket)] += move.quantity
    if not change:
        return {}
    keys = sorted(change)
    columns = [[key[n] for key in keys] for n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BUCKETS, columns)
        cursor.execute(FILL_BUCKETS, [*columns, [change[key] for key in keys]])
        return {(v, l, b): quantity for v, l, b, quantity in cursor.fetchall()}  # noqa: E741


def _ledger(moves: Sequence[Move], moved: Moved, by: Actor, now: datetime) -> list[StockMovement]:
    """Ledger rows in order; `on_hand_after` runs backwards from the level that the statement returned."""
    level: dict[tuple[int, int, str], int] = dict(moved.buckets)
    level |= {(*key, ""): shelf.on_hand for key, shelf in moved.shelves.items()}
    rows = []
    for move in reversed(moves):
        if not move.quantity:
            continue
        after = level[(*move.shelf, move.bucket)]
        level[(*move.shelf, move.bucket)] = after - move.quantity
        rows.append(StockMovement(
            variant_id=move.variant_id, location_id=move.location_id, bucket=move.bucket, kind=move.kind,
            quantity=move.quantity, on_hand_after=after, cause=move.cause, reason=move.reason, actor=by.label,
            source=move.source, source_event_id=move.source_event_id, occurred_at=move.occurred_at or now,
        ))  # fmt: skip
    return rows[::-1]


def _tell(shelves: dict[ShelfKey, Shelf]) -> None:
    news = [
        NewEvent(
            events.SHORTFALL, ("stock", f"{shelf.location_id}:{shelf.variant_id}"),
            {"variant_id": shelf.variant_id, "location_id": shelf.location_id, "shortfall": shelf.shortfall},
        )
        for shelf in shelves.values() if shelf.shortfall > shelf.shortfall_before
    ]  # fmt: skip
    freed = sorted({shelf.variant_id for shelf in shelves.values() if shelf.gained > 0 and shelf.available > 0})
    if freed:
        news.append(NewEvent(events.STOCK_INCREASED, ("stock", str(freed[0])), {"variant_ids": freed}))
    if news:
        emit_many(news)
