"""The streams that can be replayed, by name."""

from collections.abc import Sequence
from pathlib import Path

from inventory.models import Location
from omni.replay import completejourney, uci
from omni.replay.recorded import Recorded

KINDS = {"completejourney": completejourney.stream, "uci": uci.stream}


def recorded_stream(kind: str, folder: Path, limit: int) -> list[Recorded]:
    """The first thing a replay and its preparation agree on: which orders, and which store each falls to."""
    return KINDS[kind](folder, limit=limit, stores=full_stores())


def full_stores() -> Sequence[Location]:
    """Stores that ship and offer pickup, by code; the hundreds of small shops among them too."""
    stores = Location.objects.filter(kind=Location.Kind.STORE, is_active=True, can_ship=True, can_pick_up=True)
    return sorted(stores, key=lambda store: (len(store.code), store.code))
