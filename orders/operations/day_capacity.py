"""A location's share of work per local day: a full day moves the promise to the next open one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inventory.models import Location, LocationDay
from inventory.models.capacity import Slot
from orders import waves
from orders.models import FulfillmentOrder, Partner
from orders.models.order_line import Method
from orders.operations.rhythm import rhythm_of

DAYS_TRIED = 14  # how far a promise may move back before the location counts as unable


@dataclass(frozen=True)
class Due:
    """By when work must be ready (pickup) or begun (parcels), and when the carrier leaves with it."""

    at: datetime
    cutoff_at: datetime | None = None

    @property
    def promised_at(self) -> datetime:
        return self.cutoff_at or self.at


def due(location: Location, method: str, now: datetime, not_before: date | None = None) -> Due | None:
    """When work given to `location` at `now` is due; None when it never opens within the horizon."""
    if method == Method.CARRY_OUT:
        return Due(now)  # as it is sold, whatever the sign at the door says
    if method == Method.PICKUP:
        ready = location.schedule.ready_by(now, timedelta(minutes=location.preparation_minutes), not_before)
        return Due(ready) if ready else None
    departure = location.next_departure(now + waves.MARGIN, not_before)
    for _day in range(_ship_days(location)):
        if departure:
            after = location.schedule.local_day(departure.leaves_at) + timedelta(days=1)
            departure = location.next_departure(now + waves.MARGIN, after)
    return Due(departure.begin_by, departure.leaves_at) if departure else None


def _ship_days(location: Location) -> int:
    """Working days that a dropship partner has agreed to need; others ship with the next carrier."""
    if location.kind != Location.Kind.DROPSHIP:
        return 0
    agreed = Partner.objects.filter(location=location, is_active=True).values_list("ship_days", flat=True)
    return agreed.first() or 0


def capacity_day(location: Location, method: str, due: Due) -> date | None:
    """The local day whose capacity the work uses; None where there is no limit."""
    return None if location.capacity_for(method) is None else location.schedule.local_day(due.promised_at)


def release_at(location: Location, method: str, due: Due, *, now: datetime, grace: timedelta) -> datetime:
    """When the work reaches its location: a store's parcels with a wave, everything else after its grace."""
    if method != Method.SHIP or not location.picks_by_hand:
        return now + grace
    return waves.release_time(rhythm_of(location), now=now, earliest=now + grace, begin_by=due.at)


def slots(work: FulfillmentOrder) -> list[Slot]:
    """The capacity this work uses, as a list of none or one."""
    if work.capacity_day is None:
        return []
    return [Slot(work.location_id, work.capacity_day, work.method, work.location.capacity_for(work.method) or 0)]


def take_capacity(*, works: Sequence[FulfillmentOrder], now: datetime, grace: timedelta) -> list[Location]:
    """Use one unit of each limited location's day, moving promises to later days where it is full.

    Returns the locations that have no day left; then no capacity is held by any of the works.
    """
    waiting = [work for work in works if work.capacity_day]
    taken: list[FulfillmentOrder] = []
    moved: list[FulfillmentOrder] = []
    for _day in range(DAYS_TRIED):
        full = _take(waiting)
        taken += [work for work in waiting if work not in full]
        waiting = full
        if not waiting or not all(_to_next_day(work, now, grace) for work in waiting):
            break
        moved += [work for work in waiting if work not in moved]
    if waiting:
        LocationDay.objects.give_back([each for work in taken for each in slots(work)])
        for work in [*taken, *waiting]:
            work.capacity_day = None
        return [work.location for work in waiting]
    FulfillmentOrder.objects.bulk_update(moved, ["due_at", "cutoff_at", "release_at", "capacity_day"])
    return []


def _take(works: Sequence[FulfillmentOrder]) -> list[FulfillmentOrder]:
    """The works whose day is full; one statement for all, none for none."""
    if not works:
        return []
    full = {
        (slot.location_id, slot.kind) for slot in LocationDay.objects.take(sorted(s for w in works for s in slots(w)))
    }
    return [work for work in works if (work.location_id, work.method) in full]


def _to_next_day(work: FulfillmentOrder, now: datetime, grace: timedelta) -> bool:
    """Move the promise behind its full day; False when no later day opens."""
    assert work.capacity_day is not None
    later = due(work.location, work.method, now, work.capacity_day + timedelta(days=1))
    if later is None:
        return False
    work.due_at, work.cutoff_at = later.at, later.cutoff_at
    work.capacity_day = work.location.schedule.local_day(later.promised_at)
    if work.method == Method.SHIP:
        work.release_at = release_at(work.location, work.method, later, now=now, grace=grace)
    return True
