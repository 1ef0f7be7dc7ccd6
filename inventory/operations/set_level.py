"""Opening stock and corrections of a shelf: the difference to what was wanted becomes a movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.models import StockLevel, StockMovement
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operation import operation

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Level:
    """What a shelf shall hold. None leaves that part as it is."""

    variant_id: int
    location_id: int
    on_hand: int
    safety_stock: int | None = None
    aisle: str | None = None
    bin: str | None = None


@operation
def set_levels(*, levels: Sequence[Level], reason: str, by: Actor, now: datetime) -> int:
    """Bring shelves to these levels; returns how many changed. Running it twice changes nothing."""
    wanted = {(level.variant_id, level.location_id): level for level in levels}
    StockLevel.objects.open_shelves(wanted)
    StockLevel.objects.lock(wanted)
    have = {(row.variant_id, row.location_id): row for row in StockLevel.objects.of(wanted)}
    moves = [
        Move(*key, Kind.ADJUST if have[key].version else Kind.OPENING, level.on_hand - have[key].on_hand, reason=reason)
        for key, level in sorted(wanted.items()) if level.on_hand != have[key].on_hand
    ]  # fmt: skip
    if moves:
        move_stock(moves=moves, by=by, now=now)
    placed = [row for key, row in have.items() if _place(row, wanted[key])]
    StockLevel.objects.place(placed)
    return len({move.shelf for move in moves} | {(row.variant_id, row.location_id) for row in placed})


def _place(row: StockLevel, level: Level) -> bool:
    changed = False
    for name in ("safety_stock", "aisle", "bin"):
        value = getattr(level, name)
        if value is not None and value != getattr(row, name):
            setattr(row, name, value)
            changed = True
    return changed
