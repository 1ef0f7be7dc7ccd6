"""Give units of an order's lines to locations: fulfillment orders, their share of the day, and the stock itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from inventory.models import Location, LocationDay
from inventory.models.stock_level import Claim, Short
from inventory.operations.reserve import reserve
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, capacity_day, due, release_at, slots, take_capacity


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
    numbers = [work.number for work in assigned.works]
    news = {"order": str(order.number), "fulfillment_orders": numbers}
    emit(events.PROMISED, aggregate=order.subject, payload=news, by=by)
    return assigned


def assign(*, order: Order, assignments: Sequence[Assignment], now: datetime) -> Assigned:
    """Create the work and reserve for it: inserts first, capacity next, stock last (the lock order of the house).

    The order is locked or new. On a shortage everything made here is taken away again, without a savepoint.
    """
    dues = {_place(each): due(each.location, each.method, now) for each in assignments}
    assigned = Assigned(closed=[each.location for each in assignments if dues[_place(each)] is None])
    if assigned.closed or not assignments:
        return assigned
    works = _works(order, assignments, {place: at for place, at in dues.items() if at}, now)
    assigned.works = FulfillmentOrder.objects.bulk_create(works.values())
    assigned.lines = FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            fulfillment_order=works[_place(each)], order_line=each.line, variant_id=each.line.variant_id,
            quantity=each.quantity,
        )
        for each in assignments
    )  # fmt: skip
    assigned.closed = take_capacity(works=assigned.works, now=now, grace=_grace(Method.SHIP))
    if not assigned.closed:
        assigned.short = reserve(claims=[
            Claim(line.demand_key, line.variant_id, line.fulfillment_order.location_id, line.quantity,
                  floor=0 if line.fulfillment_order.method == Method.CARRY_OUT else None)
            for line in assigned.lines
        ], channel=order.channel)  # fmt: skip
    if assigned.failed:
        _take_away(order, assigned)
    return assigned


def _place(each: Assignment) -> tuple[int, str]:
    return each.location.pk, each.method


def _works(
    order: Order, assignments: Sequence[Assignment], dues: Mapping[tuple[int, str], Due], now: datetime
) -> dict[tuple[int, str], FulfillmentOrder]:
    works: dict[tuple[int, str], FulfillmentOrder] = {}
    for each in assignments:
        if _place(each) in works:
            continue
        due_then = dues[_place(each)]
        order.fulfillment_count += 1
        works[_place(each)] = FulfillmentOrder(
            number=f"{order.number}-{order.fulfillment_count}", order=order, location=each.location, method=each.method,
            due_at=due_then.at, cutoff_at=due_then.cutoff_at,
            release_at=release_at(each.location, each.method, due_then, now=now, grace=_grace(each.method)),
            capacity_day=capacity_day(each.location, each.method, due_then),
        )  # fmt: skip
    return works


def _grace(method: str) -> timedelta:
    if method == Method.CARRY_OUT:
        return timedelta(0)
    key = preferences.PICKUP_GRACE_MINUTES if method == Method.PICKUP else preferences.SHIP_GRACE_MINUTES
    return timedelta(minutes=setting(key))


def _take_away(order: Order, assigned: Assigned) -> None:
    LocationDay.objects.give_back([each for work in assigned.works for each in slots(work)])
    FulfillmentLine.objects.filter(pk__in=[line.pk for line in assigned.lines]).delete()
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in assigned.works]).delete()
    order.fulfillment_count -= len(assigned.works)
    assigned.works, assigned.lines = [], []
