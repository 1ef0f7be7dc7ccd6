"""Give units of an order's lines to locations: fulfillment orders, their share of the day, and the stock itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from inventory.models import Location, LocationDay, Transfer
from inventory.models.stock_level import Claim, Short
from inventory.operations.close_promise import Part, hand_on
from inventory.operations.request_transfer import Needed, drop_plan, keep_plan, plan_transfer
from inventory.operations.reserve import reserve
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, capacity_day, due, release_at, slots, take_capacity
from orders.operations.send_to_store import ready_when_sent, there
from orders.operations.supply_days import give_back, lock_supply_of

WorkKey = tuple[int, str, int | None]
BY = Actor.system("ship to store")


@dataclass(frozen=True)
class Assignment:
    """So many units of one order line from one location, by one method."""

    line: OrderLine
    location: Location
    quantity: int
    method: str
    source: Location | None = None  # sends the units of a pickup to its store
    kept: tuple[Part, ...] = ()  # what is kept on the shelf for it already, since it came from a supplier

    @property
    def work_key(self) -> "WorkKey":
        """What has the same key becomes one piece of work."""
        return self.location.pk, self.method, self.source.pk if self.source else None


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
def allocate(
    *, order: Order, assignments: Sequence[Assignment], by: Actor, now: datetime, is_again: bool = False
) -> Assigned:
    """`assign`, with the lines' counters and the news: for units that were waiting, or that had a place before and are
    planned again. What a supplier should have brought for them is free again."""
    waits_for_supply = lock_supply_of([each.line for each in assignments])
    assigned = assign(order=order, assignments=assignments, now=now)
    if assigned.failed or not assigned.works:
        return assigned
    for each in assignments:
        OrderLine.objects.filter(pk=each.line.pk).update(allocated_quantity=F("allocated_quantity") + each.quantity)
        each.line.allocated_quantity += each.quantity
    if waits_for_supply:
        give_back(lines={each.line.pk for each in assignments}, now=now)
    Order.objects.filter(pk=order.pk).update(fulfillment_count=order.fulfillment_count, updated_at=now)
    numbers = [work.number for work in assigned.works]
    news = {"order": str(order.number), "fulfillment_orders": numbers, "is_again": is_again}
    emit(events.PROMISED, aggregate=order.subject, payload=news, by=by)
    return assigned


def assign(*, order: Order, assignments: Sequence[Assignment], now: datetime) -> Assigned:
    """Create the work and reserve for it: inserts first, capacity next, stock last (the lock order of the house).

    The order is locked or new. On a shortage everything made here is taken away again, without a savepoint.
    """
    dues = {each.work_key: due_of(each, now) for each in assignments}
    assigned = Assigned(closed=[each.location for each in assignments if dues[each.work_key] is None])
    if assigned.closed or not assignments:
        return assigned
    works = _works(order, assignments, {place: at for place, at in dues.items() if at}, now)
    assigned.works = FulfillmentOrder.objects.bulk_create(works.values())
    assigned.lines = FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            fulfillment_order=works[each.work_key], order_line=each.line, variant_id=each.line.variant_id,
            quantity=each.quantity,
        )
        for each in assignments
    )  # fmt: skip
    shares = list(zip(assigned.lines, assignments, strict=True))
    _hand_on_kept(shares, now)
    assigned.closed = take_capacity(works=assigned.works, now=now, grace=_grace(Method.SHIP))
    transfers: list[Transfer] = []
    if not assigned.closed:
        transfers, sent = _send(assigned, {works[each.work_key].pk: each for each in assignments if each.source}, now)
        assigned.short = reserve(claims=sent + [
            Claim(line.demand_key, line.variant_id, line.fulfillment_order.location_id, line.quantity,
                  floor=0 if line.fulfillment_order.method == Method.CARRY_OUT else None)
            for line, each in shares if line.fulfillment_order.status != Status.AWAITING and not each.kept
        ], channel=order.channel)  # fmt: skip
    if assigned.failed:
        _take_away(order, assigned)
        drop_plan(transfers)
    else:
        keep_plan(transfers, by=BY)
    return assigned


def _hand_on_kept(shares: Sequence[tuple[FulfillmentLine, Assignment]], now: datetime) -> None:
    parts = [(part, line.demand_key) for line, each in shares for part in each.kept]
    if parts:
        hand_on(parts=parts, now=now)


def due_of(each: Assignment, now: datetime) -> Due | None:
    """What is sent to its store first counts from the day on which it should be there."""
    return ready_when_sent(each.location, now) if each.source else due(each.location, each.method, now)


def _send(assigned: Assigned, sent: Mapping[int, Assignment], now: datetime) -> tuple[list[Transfer], list[Claim]]:
    """A transfer for each work whose units are sent to its store; they are reserved at the sender."""
    transfers, claims = [], []
    for work in assigned.works:
        if work.pk not in sent:
            continue
        needed = [
            Needed(line.demand_key, line.variant_id, line.quantity)
            for line in assigned.lines if line.fulfillment_order_id == work.pk
        ]  # fmt: skip
        source = sent[work.pk].source
        assert source is not None
        transfer, wanted = plan_transfer(
            source=source, target=work.location, needed=needed, expected_at=there(now), by=BY, now=now
        )
        work.transfer = transfer
        work.save(update_fields=["transfer"])
        transfers.append(transfer)
        claims += wanted
    return transfers, claims


def _works(
    order: Order, assignments: Sequence[Assignment], dues: Mapping[WorkKey, Due], now: datetime
) -> dict[WorkKey, FulfillmentOrder]:
    works: dict[WorkKey, FulfillmentOrder] = {}
    for each in assignments:
        if each.work_key in works:
            continue
        due_then = dues[each.work_key]
        order.fulfillment_count += 1
        works[each.work_key] = FulfillmentOrder(
            number=f"{order.number}-{order.fulfillment_count}", order=order, location=each.location, method=each.method,
            status=Status.AWAITING if each.source else Status.PLANNED,
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
