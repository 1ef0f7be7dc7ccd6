"""Units that nobody has yet: promised from what suppliers bring, taken when they come, told when their day moves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory import events as inventory_events
from inventory.incoming import incoming, street_dates
from inventory.models import Location, PurchaseOrderLine, SupplyPromise
from inventory.operations.close_promise import Part, release
from inventory.operations.promise_supply import Want, let_go_of_kept, promise_supply
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from orders import events
from orders.models import Order, OrderException, OrderLine
from orders.models.order_line import Method
from orders.operations.assign import Assignment, allocate
from orders.operations.raise_exception import raise_exception, settle_exception
from orders.operations.supply_days import asked_units, demand_key, order_lines_of, write_days

BY = Actor.system("supply")
Status = SupplyPromise.Status
MOST_ITEMS = 2000  # that are looked at in one round


def wait_for_supply(*, lines: Sequence[OrderLine], channel: str, now: datetime) -> None:
    """Promise the units of a new order's lines that nobody has, as far as suppliers bring them."""
    _promise({line: line.unallocated_quantity for line in lines if line.method != Method.CARRY_OUT}, channel, now)


def _promise(units: Mapping[OrderLine, int], channel: str, now: datetime) -> None:
    wanted = {line: quantity for line, quantity in units.items() if quantity > 0}
    if not wanted:
        return
    parcels = parcel_places() if any(line.method == Method.SHIP for line in wanted) else frozenset()
    wants = wants_of([(line, demand_key(line.pk), quantity) for line, quantity in wanted.items()], parcels)
    if any(promise_supply(wants=wants, channel=channel, now=now).values()):
        write_days(list(wanted))


def parcel_places() -> frozenset[int]:
    """The locations that parcels can be sent from."""
    return frozenset(Location.objects.active().filter(can_ship=True).values_list("pk", flat=True))


def wants_of(units: Sequence[tuple[OrderLine, str, int]], parcels: frozenset[int]) -> list[Want]:
    """What lines want of suppliers, (line, demand key, units) each: for parcels what comes to any of `parcels`, for a
    pickup what comes to its store."""
    return [
        Want(key, line.variant_id, quantity,
             parcels if line.method == Method.SHIP else frozenset({line.pickup_location_id or 0}))
        for line, key, quantity in units
    ]  # fmt: skip


@retried
@operation
def hear_supply(*, number: int, now: datetime) -> None:
    """What was promised comes on another day, or not at all, or something new is coming: another supplier may bring it.

    Its customer hears each change once; what nobody brings any more is for a person.
    """
    order = Order.objects.select_for_update().get(number=number)
    lines = list(order.lines.filter(waiting_quantity__gt=0).order_by("position"))
    before = {line.pk: line.expected_on for line in lines}
    asked = asked_units(lines)
    promised = write_days(lines)
    short = {line: line.waiting_quantity - asked.get(line.pk, 0) - promised[line.pk] for line in lines}
    _promise(short, order.channel, now)
    changed = [line for line in lines if line.expected_on != before[line.pk]]
    if changed:
        emit(events.SUPPLY_CHANGED, aggregate=order.subject, by=BY, payload={
            "order": str(order.number), "lines": [_news(line, before[line.pk]) for line in changed]})  # fmt: skip
    _ask_person(order, [line for line in lines if line.expected_on is None and before[line.pk]], lines, now)


def _news(line: OrderLine, before: date | None) -> dict:
    return {"reference": line.reference, "sku": line.sku, "title": line.title, "quantity": line.waiting_quantity,
            "was": _text(before), "expected_on": _text(line.expected_on)}  # fmt: skip


def _text(day: date | None) -> str | None:
    return None if day is None else f"{day}"


def _ask_person(order: Order, lost: Sequence[OrderLine], lines: Sequence[OrderLine], now: datetime) -> None:
    if lost:
        detail = ", ".join(f"{line.waiting_quantity} × {line.sku}" for line in lost)
        raise_exception(order=order, kind=OrderException.Kind.WAITING, now=now,
                        detail=_("the supplier does not bring it: %s") % detail)  # fmt: skip
    elif lines and all(line.expected_on for line in lines):
        settle_exception(order=order, kind=OrderException.Kind.WAITING, resolution=_("promised from a supplier"),
                         by=BY, now=now)  # fmt: skip


def take_arrived(*, number: int, now: datetime) -> int:
    """What arrived for an order becomes its work, there where it lies. Returns the units.

    Where the place cannot do it now (closed, its day is full, or a street date is not reached) the units stay kept for
    it and it is tried again; where it can do it no more, they are free and the order waits like others. That is a
    transaction of its own: shelves are locked last.
    """
    _drop_kept(number=number, now=now)
    try:
        return _take_kept(number=number, now=now)
    except _NotNowError:
        return 0


@retried
@operation
def _drop_kept(*, number: int, now: datetime) -> None:
    order = Order.objects.select_for_update(skip_locked=True).filter(number=number).first()
    if order is None:
        return
    lines = _lines(order)
    kept = let_go_of_kept(demands={key: line.waiting_quantity for key, line in lines.items()}, now=now)
    unable = [each for each in _arrived(lines) if not _serves(_place(each), lines[each.demand_key])]
    if unable:
        SupplyPromise.objects.filter(pk__in=[each.pk for each in unable]).update(status=Status.LOST, closed_at=now)
        keys = sorted({each.demand_key for each in unable})
        emit(inventory_events.SUPPLY_MOVED, aggregate=("supply", keys[0]), payload={"demands": keys, "is_lost": True})
    parts = [each.part for each in kept] + [Part(each.shelf_key, each.quantity) for each in unable]
    if parts:
        release(parts=parts, by=BY, now=now)


@retried
@transaction.atomic  # undone as a whole where the place cannot, also inside somebody's transaction
def _take_kept(*, number: int, now: datetime) -> int:
    order = Order.objects.select_for_update(skip_locked=True).filter(number=number).first()
    if order is None:
        return 0
    lines = _lines(order)
    able = [each for each in _arrived(lines) if _serves(_place(each), lines[each.demand_key])]
    streets = street_dates({lines[each.demand_key].variant_id for each in able})
    return _take(
        order, [each for each in able if _is_out(each, streets.get(lines[each.demand_key].variant_id), now)], lines, now
    )


def _lines(order: Order) -> dict[str, OrderLine]:
    return {demand_key(line.pk): line for line in order.lines.all()}


def _arrived(lines: Mapping[str, OrderLine]) -> list[SupplyPromise]:
    kept = SupplyPromise.objects.kept().filter(demand_key__in=lines).select_for_update(of=("self",))
    return list(kept.select_related("order_line__purchase_order__location"))


class _NotNowError(Exception):
    """The place cannot take the work now: nothing of it happened."""


def _take(order: Order, due: Sequence[SupplyPromise], lines: Mapping[str, OrderLine], now: datetime) -> int:
    if not due:
        return 0
    SupplyPromise.objects.filter(pk__in=[each.pk for each in due]).update(status=Status.TAKEN, closed_at=now)
    if allocate(order=order, by=BY, now=now, assignments=_assignments(due, lines)).failed:
        raise _NotNowError
    write_days(list(order.lines.filter(pk__in={lines[each.demand_key].pk for each in due})))
    taken = {lines[each.demand_key]: 0 for each in due}
    for each in due:
        taken[lines[each.demand_key]] += each.quantity
    emit(events.SUPPLY_RELEASED, aggregate=order.subject, by=BY, payload={
        "order": str(order.number),
        "lines": [{"reference": line.reference, "sku": line.sku, "title": line.title, "quantity": units}
                  for line, units in taken.items()],
    })  # fmt: skip
    if not order.lines.filter(waiting_quantity__gt=0).exists():
        for kind in (OrderException.Kind.WAITING, OrderException.Kind.ATTEMPTS):
            settle_exception(order=order, kind=kind, resolution=_("promised from new stock"), by=BY, now=now)
    return sum(taken.values())


def _assignments(due: Sequence[SupplyPromise], lines: Mapping[str, OrderLine]) -> list[Assignment]:
    """One for each line and place, however many promises came true."""
    together: dict[tuple[str, int], list[SupplyPromise]] = {}
    for each in due:
        together.setdefault((each.demand_key, _place(each).pk), []).append(each)
    return [
        Assignment(lines[key], _place(each[0]), sum(one.quantity for one in each), lines[key].method,
                   kept=tuple(Part(one.shelf_key, one.quantity) for one in each))
        for (key, _pk), each in together.items()
    ]  # fmt: skip


def orders_of(demands: Iterable[str]) -> list[int]:
    """Numbers of the orders behind demand keys."""
    ids = order_lines_of(demands)
    numbers = (
        OrderLine.objects.filter(pk__in=ids).order_by("order__placed_at", "pk").values_list("order__number", flat=True)
    )
    return list(dict.fromkeys(numbers))


def unpromised_orders(*, now: datetime, limit: int = 100) -> list[int]:
    """Orders that wait for nobody knows what, though a supplier brings it by now; oldest first."""
    undated = OrderLine.objects.waiting().filter(expected_on=None).exclude(method=Method.CARRY_OUT)
    variants = list(undated.order_by().values_list("variant", flat=True).distinct()[:MOST_ITEMS])
    if not variants:
        return []
    places = Location.objects.active()
    coming = incoming(variants=variants, places=places, channel="", today=timezone.localdate(now))
    lines = PurchaseOrderLine.objects.orderable().filter(variant=OuterRef("variant"))
    for_pickup = Q(method=Method.PICKUP) & Exists(lines.filter(purchase_order__location=OuterRef("pickup_location")))
    for_parcel = Q(method=Method.SHIP) & Exists(lines.filter(purchase_order__location__can_ship=True))
    found = undated.filter(for_pickup | for_parcel, variant__in=list(coming))
    return list(dict.fromkeys(_in_turn(found.values_list("order__number", flat=True), limit, now)))


def arrived_orders(*, now: datetime, limit: int = 100) -> list[int]:
    """Orders for which units lie on a shelf that they have not taken yet."""
    return orders_of(_in_turn(SupplyPromise.objects.kept().values_list("demand_key", flat=True), limit, now))


def _in_turn(rows: Any, limit: int, now: datetime) -> list[Any]:
    """The oldest, and of the others a part that changes each minute: who cannot be served holds up nobody."""
    count, half = rows.count(), limit // 2
    if count <= limit:
        return list(rows)
    start = half + int(now.timestamp()) // 60 * half % (count - half)
    return [*rows[:half], *rows[start : start + half]]


def _place(promise: SupplyPromise) -> Location:
    return promise.order_line.purchase_order.location


def _serves(place: Location, line: OrderLine) -> bool:
    if line.method == Method.SHIP:
        return place.is_active and place.can_ship
    return place.pk == line.pickup_location_id


def _is_out(promise: SupplyPromise, street: date | None, now: datetime) -> bool:
    """From its street date on, where it lies."""
    return street is None or street <= _place(promise).schedule.local_day(now)
