"""How far a snapshot is, how fast it goes and how long it still takes, said from what two moments differ in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from inventory.models import Snapshot

LEAST_SECONDS = 1.0  # below that a rate says nothing
LONGEST = timedelta(days=2)  # who waits longer than that is told nothing


@dataclass(frozen=True)
class Seen:
    """What somebody saw of a snapshot, and when."""

    at: float
    rows: int
    part: float

    @classmethod
    def now(cls, snapshot: Snapshot, now: datetime) -> "Seen":
        return cls(now.timestamp(), snapshot.lines_read + snapshot.compared_count, part_done(snapshot))

    @classmethod
    def begun(cls, snapshot: Snapshot) -> "Seen":
        """Nothing was done when it came in."""
        return cls(snapshot.created_at.timestamp(), 0, 0.0)

    @classmethod
    def asked(cls, asked) -> "Seen | None":
        """What a page remembers in the address that it polls; nothing where that makes no sense."""
        try:
            seen = cls(float(asked["at"]), int(asked["rows"]), float(asked["part"]))
        except (KeyError, ValueError, OverflowError):
            return None
        return seen if 0 <= seen.part <= 1 and seen.rows >= 0 else None

    @property
    def query(self) -> str:
        return urlencode({"at": f"{self.at:.2f}", "rows": self.rows, "part": f"{self.part:.6f}"})


@dataclass(frozen=True)
class Progress:
    """Rows a second, and how long it still takes; None where it cannot be said yet."""

    rate: int | None
    remaining: timedelta | None


def part_done(snapshot: Snapshot) -> float:
    """Reading is the first half of the way, comparing the second."""
    read = snapshot.bytes_read / snapshot.byte_count if snapshot.byte_count else 1.0
    compared = snapshot.compared_count / snapshot.row_count if snapshot.row_count else 0.0
    compared = compared if snapshot.status == Snapshot.Status.COMPARING else 0.0
    return min(1.0, read / 2 + compared / 2)


def progress(then: Seen, now: Seen) -> Progress:
    """What happened between two moments, carried forward."""
    seconds, rows, part = now.at - then.at, now.rows - then.rows, now.part - then.part
    if seconds < LEAST_SECONDS or rows <= 0 or part <= 0:
        return Progress(None, None)
    left = seconds * (1 - now.part) / part
    return Progress(round(rows / seconds), timedelta(seconds=left) if left < LONGEST.total_seconds() else None)
