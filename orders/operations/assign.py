"""Give units of an order's lines to locations: fulfillment orders, their share of the day, and the stock itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from inventory.models import Location, LocationDay
from inventory.models.capacity import Slot
from inventory.models.stock_level import Claim, Short
from inventory.operations.reserve import reserve
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from orders.models.order_line import Method

CAPACITY_TRIES = 14  # days that a promise may move back before the location counts as unable


@dataclass(frozen=True)
class Assignment:
    """So many units of one order line from one location, by one method."""

    line: OrderLine
    location: Location
    quantity: int
    method: str


@dataclass
class Assigned:
    """The outcome. When `short` or `closed` is not empty nothing was assigned at all."""

    works: list[FulfillmentOrder] = field(default_factory=list)
    lines: list[FulfillmentLine] = field(default_factory=list)
    short: list[Short] = field(default_factory=list)
    closed: list[Location] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return bool(self.short or self.closed)


@operation
def allocate(*, order: Order, assignments: Sequence[Assignment], by: Actor, now: datetime) -> Assigned:
    """`assign`, with the lines' counters and the news: for units that were waiting."""
    assigned = assign(order=order, assignments=assignments, now=now)
    if assigned.failed or not assigned.works:
        return assigned
    for each in assignments:
        OrderLine.objects.filter(pk=each.line.pk).update(allocated_quantity=F("allocated_quantity") + each.quantity)
        each.line.allocated_quantity += each.quantity
    Order.objects.filter(pk=order.pk).update(fulfillment_count=order.fulfillment_count, updated_at=now)
    emit(events.PROMISED, aggregate=order.subject, by=by,
         payload={"order": str(order.number), "fulfillment_orders": [work.number for work in assigned.works]})  # fmt: skip
    return assigned


def assign(*, order: Order, assignments: Sequence[Assignment], now: datetime) -> Assigned:
    """Create the work and reserve for it: inserts first, capacity next, stock last (the lock order of the house).

    The order is locked or new. On a shortage everything made here is taken away again, without a savepoint.
    """
    works = _works(order, assignments, now)
    assigned = Assigned(closed=[work.location for work in works.values() if work.due_at is None])
    if assigned.closed or not works:
        return assigned
    assigned.works = FulfillmentOrder.objects.bulk_create(works.values())
    assigned.lines = FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            fulfillment_order=works[_place(each)], order_line=each.line, variant_id=each.line.variant_id,
            quantity=each.quantity,
        )
        for each in assignments
    )  # fmt: skip
    assigned.closed = _take_capacity(assigned.works, now)
    if not assigned.closed:
        assigned.short = reserve(claims=[
            Claim(line.demand_key, line.variant_id, line.fulfillment_order.location_id, line.quantity)
            for line in assigned.lines
        ])  # fmt: skip
    if assigned.failed:
        _take_away(order, assigned)
    return assigned


def slot(work: FulfillmentOrder) -> list[Slot]:
    """The capacity this work uses, as a list of none or one."""
    if work.capacity_day is None:
        return []
    return [Slot(work.location_id, work.capacity_day, work.method)]


def _place(each: Assignment) -> tuple[int, str]:
    return each.location.pk, each.method


def _works(order: Order, assignments: Sequence[Assignment], now: datetime) -> dict[tuple[int, str], FulfillmentOrder]:
    works: dict[tuple[int, str], FulfillmentOrder] = {}
    for each in assignments:
        if _place(each) in works:
            continue
        order.fulfillment_count += 1
        works[_place(each)] = FulfillmentOrder(
            number=f"{order.number}-{order.fulfillment_count}", order=order, location=each.location,
            method=each.method, due_at=_due(each.location, now), release_at=now + _grace(each.method),
        )  # fmt: skip
    for work in works.values():
        if work.due_at and work.location.capacity_for(work.method) is not None:
            work.capacity_day = work.location.schedule.local_day(work.due_at)
    return works


def _due(location: Location, now: datetime, not_before=None) -> datetime | None:
    return location.schedule.ready_by(now, timedelta(minutes=location.preparation_minutes), not_before)


def _grace(method: str) -> timedelta:
    key = preferences.PICKUP_GRACE_MINUTES if method == Method.PICKUP else preferences.SHIP_GRACE_MINUTES
    return timedelta(minutes=setting(key))


def _take_capacity(works: Sequence[FulfillmentOrder], now: datetime) -> list[Location]:
    """Use a unit of each limited location's day; a full day moves the promise to the next open one.

    Returns the locations that have no day left; then no capacity is held at all.
    """
    limited = sorted((work for work in works if work.capacity_day), key=lambda work: (work.location_id, work.method))
    waiting, taken, moved = list(limited), [], []
    for _ in range(CAPACITY_TRIES):
        if not waiting:
            break
        slots = {(work.location_id, work.method): _slot_with_cap(work) for work in waiting}
        full = set(LocationDay.objects.take(sorted(slots.values())))
        taken += [work for work in waiting if slots[work.location_id, work.method] not in full]
        waiting = [work for work in waiting if slots[work.location_id, work.method] in full]
        moved += [work for work in waiting if work not in moved]
        for work in waiting:
            _to_next_day(work, now)
        if any(work.due_at is None for work in waiting):
            break
    if waiting:
        LocationDay.objects.give_back([each for work in taken for each in slot(work)])
        for work in limited:
            work.capacity_day = None
        return [work.location for work in waiting]
    FulfillmentOrder.objects.bulk_update(moved, ["due_at", "capacity_day"])
    return []


def _slot_with_cap(work: FulfillmentOrder) -> Slot:
    assert work.capacity_day is not None
    return Slot(work.location_id, work.capacity_day, work.method, work.location.capacity_for(work.method) or 0)


def _to_next_day(work: FulfillmentOrder, now: datetime) -> None:
    assert work.capacity_day is not None
    work.due_at = _due(work.location, now, work.capacity_day + timedelta(days=1))
    if work.due_at:
        work.capacity_day = work.location.schedule.local_day(work.due_at)


def _take_away(order: Order, assigned: Assigned) -> None:
    LocationDay.objects.give_back([each for work in assigned.works for each in slot(work)])
    FulfillmentLine.objects.filter(pk__in=[line.pk for line in assigned.lines]).delete()
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in assigned.works]).delete()
    order.fulfillment_count -= len(assigned.works)
    assigned.works, assigned.lines = [], []
