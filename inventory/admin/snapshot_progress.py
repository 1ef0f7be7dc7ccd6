"""How far a file is, how fast it goes and how long it still takes, said from what two moments differ in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from inventory.models.feed_file import FeedFile

LEAST_SECONDS = 1.0  # below that a rate says nothing
LONGEST = timedelta(days=2)  # who waits longer than that is told nothing


@dataclass(frozen=True)
class Seen:
    """What somebody saw of a file, and when."""

    at: float
    rows: int
    part: float

    @classmethod
    def now(cls, file: FeedFile, now: datetime) -> "Seen":
        return cls(now.timestamp(), file.rows_done, file.part_done)

    @classmethod
    def begun(cls, file: FeedFile) -> "Seen":
        """Nothing was done when it came in."""
        return cls(file.created_at.timestamp(), 0, 0.0)

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


def progress(then: Seen, now: Seen) -> Progress:
    """What happened between two moments, carried forward."""
    seconds, rows, part = now.at - then.at, now.rows - then.rows, now.part - then.part
    if seconds < LEAST_SECONDS or rows <= 0 or part <= 0:
        return Progress(None, None)
    left = seconds * (1 - now.part) / part
    return Progress(round(rows / seconds), timedelta(seconds=left) if left < LONGEST.total_seconds() else None)
