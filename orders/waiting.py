"""How long somebody has waited outside: from the moment they were there *and* their order was ready. Pure.

Whatever is pressed twice, late, or in the wrong order: a wait never begins before both are true, and is never negative.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Wait:
    """The clock of one arrival: `started_at` is None while it does not run yet."""

    started_at: datetime | None
    length: timedelta

    @property
    def seconds(self) -> int:
        return int(self.length.total_seconds())


def wait(
    *, arrived_at: datetime | None, ready_at: datetime | None, now: datetime, served_at: datetime | None = None
) -> Wait:
    """The wait until it was served, or until `now`; it starts at max(arrived, ready).

    Clocks of two machines may differ by a moment: what would be less than nothing is nothing.
    """
    if arrived_at is None or ready_at is None:
        return Wait(None, timedelta(0))
    started_at = max(arrived_at, ready_at)
    return Wait(started_at, max(timedelta(0), (served_at or now) - started_at))
