"""When parcels reach a store's queue, and how long it may think about them: pure arithmetic, no clock of its own.

Work is due when somebody must begin to make the carrier (`begin_by`). It is released with one of the store's waves, and
never later than two offers before it is due: when the first store does not accept, a second one still makes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from inventory.hours import Schedule

SHORTEST_OFFER = timedelta(minutes=5)  # less is an alarm rather than a question
MARGIN = 2 * SHORTEST_OFFER  # an order that leaves less than this to a carrier goes with the next one
INSTANT = timedelta(seconds=1)


@dataclass(frozen=True)
class Rhythm:
    """How one store works through its day: waves at `times`, or every so often from opening; `offer` to accept."""

    schedule: Schedule
    times: tuple[time, ...]
    every: timedelta
    offer: timedelta


def latest_release(rhythm: Rhythm, begin_by: datetime) -> datetime:
    """The last moment that leaves room for two full offers, one after the other, within opening hours."""
    return rhythm.schedule.before(begin_by, 2 * rhythm.offer) or begin_by


def release_time(rhythm: Rhythm, *, now: datetime, earliest: datetime, begin_by: datetime) -> datetime:
    """With the first wave from `earliest` on; where none comes soon enough, as early as is needed.

    A late order is released at once: the customer's time to cancel (`earliest`) is cut short rather than the carrier's.
    """
    latest = latest_release(rhythm, begin_by)
    if earliest > latest:
        return max(now, latest)
    return next((wave for wave in waves(rhythm, earliest, latest)), earliest)


def offer_until(rhythm: Rhythm, *, now: datetime, begin_by: datetime) -> datetime:
    """Until when a store that is asked at `now` may accept.

    Its own minutes, counted while it is open, and never more than half of what is left: the other half is for the next
    store. When next to nothing is left it is still a question that a person can answer.
    """
    left = rhythm.schedule.open_time(now, begin_by)
    window = min(rhythm.offer, max(left / 2, SHORTEST_OFFER))
    return rhythm.schedule.after(now, window) or now + window


def waves(rhythm: Rhythm, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments between two, both included, at which a wave begins; earliest first, only while the store is open."""
    day = rhythm.schedule.local_day(start)
    while day <= rhythm.schedule.local_day(end):
        yield from (wave for wave in _waves_of(rhythm, day) if start <= wave <= end)
        day += timedelta(days=1)


def _waves_of(rhythm: Rhythm, day: date) -> Iterator[datetime]:
    spans = rhythm.schedule.spans(day)
    if rhythm.times:
        moments = [rhythm.schedule.at(day, clock) for clock in rhythm.times]
        yield from (at for at in moments if any(opens <= at < closes for opens, closes in spans))
        return
    for opens, closes in spans:
        at = opens
        while at < closes:
            yield at
            at += rhythm.every
