"""When the carrier leaves, and by when work on its parcels must begin: pure arithmetic on a location's schedule.

A carrier comes on each day on which the location is open, at its cut-off: the last moment at or before that clock time
at which somebody is there to hand the parcels over. A day that opens only after its cut-off has no departure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from inventory.hours import HORIZON_DAYS, Schedule


@dataclass(frozen=True)
class Departure:
    """The carrier leaves at `leaves_at`; whoever begins at `begin_by` still makes it."""

    leaves_at: datetime
    begin_by: datetime


def next_departure(
    schedule: Schedule, *, cut_off: time, work: timedelta, ready_at: datetime, not_before: date | None = None
) -> Departure | None:
    """The first departure that work which can begin at `ready_at` still makes; None within the horizon.

    What is ordered after the day's last-order time counts from the next day. `not_before` skips days that are full.
    """
    first = schedule.local_day(ready_at)
    if schedule.last_order_at and ready_at >= schedule.at(first, schedule.last_order_at):
        first += timedelta(days=1)
    for departure in _departures(schedule, cut_off, work, max(first, not_before or first)):
        if departure.begin_by >= ready_at:
            return departure
    return None


def _departures(schedule: Schedule, cut_off: time, work: timedelta, first: date) -> Iterator[Departure]:
    for offset in range(HORIZON_DAYS):
        leaves_at = _leaves(schedule, first + timedelta(days=offset), cut_off)
        begin_by = leaves_at and schedule.before(leaves_at, work)
        if leaves_at and begin_by:
            yield Departure(leaves_at, begin_by)


def _leaves(schedule: Schedule, day: date, cut_off: time) -> datetime | None:
    """The cut-off of a day, or its closing time where that is earlier; None while nobody is there."""
    clock = schedule.at(day, cut_off)
    manned = [min(closes, clock) for opens, closes in schedule.spans(day) if opens < clock]
    return manned[-1] if manned else None
