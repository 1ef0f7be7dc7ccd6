"""A location's share of work per local day: a full day moves the promise to the next open one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from inventory.models import Location, LocationDay
from inventory.models.capacity import Slot
from orders.models import FulfillmentOrder

DAYS_TRIED = 14  # how far a promise may move back before the location counts as unable


def due(location: Location, now: datetime, not_before: date | None = None) -> datetime | None:
    """When work given to `location` at `now` is due; None when it never opens within the horizon."""
    return location.schedule.ready_by(now, timedelta(minutes=location.preparation_minutes), not_before)


def capacity_day(location: Location, method: str, at: datetime) -> date | None:
    """The local day whose capacity work due `at` uses; None where there is no limit."""
    return None if location.capacity_for(method) is None else location.schedule.local_day(at)


def slots(work: FulfillmentOrder) -> list[Slot]:
    """The capacity this work uses, as a list of none or one."""
    if work.capacity_day is None:
        return []
    return [Slot(work.location_id, work.capacity_day, work.method, work.location.capacity_for(work.method) or 0)]


def take_capacity(*, works: Sequence[FulfillmentOrder], now: datetime) -> list[Location]:
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
        if not waiting or not all(_to_next_day(work, now) for work in waiting):
            break
        moved += [work for work in waiting if work not in moved]
    if waiting:
        LocationDay.objects.give_back([each for work in taken for each in slots(work)])
        for work in [*taken, *waiting]:
            work.capacity_day = None
        return [work.location for work in waiting]
    FulfillmentOrder.objects.bulk_update(moved, ["due_at", "capacity_day"])
    return []


def _take(works: Sequence[FulfillmentOrder]) -> list[FulfillmentOrder]:
    """The works whose day is full; one statement for all, none for none."""
    if not works:
        return []
    full = {
        (slot.location_id, slot.kind) for slot in LocationDay.objects.take(sorted(s for w in works for s in slots(w)))
    }
    return [work for work in works if (work.location_id, work.method) in full]


def _to_next_day(work: FulfillmentOrder, now: datetime) -> bool:
    """Move the promise behind its full day; False when no later day opens."""
    assert work.capacity_day is not None
    later = due(work.location, now, work.capacity_day + timedelta(days=1))
    if later is None:
        return False
    work.due_at, work.capacity_day = later, work.location.schedule.local_day(later)
    return True
