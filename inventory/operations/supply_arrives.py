"""What a supplier brings goes to the oldest promise first and is kept on its shelf, so that nobody who comes by
meanwhile can buy it.

Oldest first holds over all purchase orders for the location: an order that comes early serves whoever was promised
first, and the promise that it was meant for waits for the other order instead.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from inventory import events
from inventory.models import PurchaseOrderLine, Reservation, SupplyPromise
from inventory.operations.promise_supply import count_promised, shrink, split_promise
from omni.core.events import emit

Status = SupplyPromise.Status


@dataclass(frozen=True)
class Arrival:
    """Signed units of one item that came, of a purchase order's line or of none; `good` of them can be sold."""

    variant_id: int
    line_id: int | None
    good: int
    came: int


def supply_arrives(*, arrivals: Sequence[Arrival], location_id: int, now: datetime) -> dict[int, int]:
    """Book what came on its lines; returns {variant: units} of what is kept for those to whom it was promised.

    The caller books the shelves with it. Units that are taken back leave promises alone: a shelf that is short of what
    it keeps asks for them (`lose_kept`).
    """
    lines = _lock(arrivals, location_id)
    kept: dict[int, int] = {}
    for arrival in sorted(arrivals, key=lambda each: each.variant_id):
        mine = {line.pk: line for line in lines if line.variant_id == arrival.variant_id}
        if any(line.promised_quantity for line in mine.values()) and arrival.came > 0:
            kept[arrival.variant_id] = _serve(arrival, mine, location_id, now)
    came = {arrival.line_id: arrival.came for arrival in arrivals}
    booked = [line for line in lines if line.pk in came]
    for line in booked:
        line.received_quantity += came[line.pk]
    PurchaseOrderLine.objects.bulk_update(booked, ["received_quantity"])
    return {variant: units for variant, units in kept.items() if units}


def _lock(arrivals: Sequence[Arrival], location_id: int) -> list[PurchaseOrderLine]:
    ids = [each.line_id for each in arrivals if each.line_id is not None]
    variants = [each.variant_id for each in arrivals if each.good > 0]
    promised = Q(variant__in=variants, purchase_order__location=location_id, promised_quantity__gt=0)
    rows = PurchaseOrderLine.objects.filter(Q(pk__in=ids) | promised)
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _serve(arrival: Arrival, mine: dict[int, PurchaseOrderLine], location_id: int, now: datetime) -> int:
    """Keep the good units for the oldest promises of these locked lines; returns how many. A promise has a unit at
    least, so that no more of them are read than units came."""
    left, freed, keys = max(0, arrival.good), Counter[int](), set()
    for promise in SupplyPromise.objects.waiting().filter(order_line__in=mine).select_for_update()[:left]:
        units = min(left, promise.quantity)
        if not units:
            break
        _keep(promise, units, arrival.variant_id, location_id, now)
        left -= units
        freed[promise.order_line_id] += units
        keys.add(promise.demand_key)
    change = {pk: -units for pk, units in freed.items()}
    _fit(arrival, mine, freed, change, now)
    count_promised(change)
    if keys:
        emit(events.SUPPLY_ARRIVED, aggregate=("supply", f"{arrival.variant_id}"), payload={
            "variant_id": arrival.variant_id, "location_id": location_id, "demands": sorted(keys)})  # fmt: skip
    return max(0, arrival.good) - left


def _keep(promise: SupplyPromise, units: int, variant_id: int, location_id: int, now: datetime) -> None:
    """The part that arrived; the rest of the promise waits on."""
    if units == promise.quantity:
        promise.status = Status.ARRIVED
        promise.save(update_fields=["status"])
    else:
        promise = split_promise(promise, units, Status.ARRIVED)
    Reservation.objects.create(
        demand_key=promise.shelf_key, variant_id=variant_id, location_id=location_id, quantity=units
    )


def _fit(
    arrival: Arrival, mine: dict[int, PurchaseOrderLine], freed: Counter[int], change: dict[int, int], now: datetime
) -> None:
    """Where the arriving line now brings less than is promised of it, its latest promises wait for the lines whose
    promises were served from it; what those cannot hold (damaged units came) is lost."""
    line = mine.get(arrival.line_id or 0)
    if line is None:
        return
    comes = max(0, line.open_quantity - arrival.came)
    excess = line.promised_quantity - freed[line.pk] - comes
    if excess <= 0:
        return
    slots = [(pk, units) for pk, units in sorted(freed.items()) if pk != line.pk]
    while slots and excess > 0:
        pk, room = slots.pop(0)
        units = min(room, excess)
        _move_latest(line.pk, pk, units)
        change[pk] = change.get(pk, 0) + units
        change[line.pk] = change.get(line.pk, 0) - units
        excess -= units
    if excess > 0:
        lost: dict[int, int] = defaultdict(int)
        lose_latest(line.pk, excess, lost, now)
        change[line.pk] = change.get(line.pk, 0) + lost[line.pk]


def _move_latest(line_id: int, to_id: int, units: int) -> None:
    """So many units of a line's latest promises wait for another line; their day is no earlier than what was served
    there, so it stays."""
    for promise in SupplyPromise.objects.waiting().filter(order_line=line_id).reverse()[:units]:
        moved = min(units, promise.quantity)
        if not moved:
            return
        if moved == promise.quantity:
            promise.order_line_id = to_id
            promise.save(update_fields=["order_line"])
        else:
            split_promise(promise, moved, Status.WAITING, order_line_id=to_id)
        units -= moved


def lose_latest(line_id: int, units: int, change: dict[int, int], now: datetime) -> None:
    """A locked line brings fewer units than are promised: the latest promises are lost, and it is told."""
    keys = set()
    for promise in SupplyPromise.objects.waiting().filter(order_line=line_id).reverse()[:units]:
        gone = min(units, promise.quantity)
        if not gone:
            break
        shrink(promise, promise.quantity - gone, Status.LOST, now)
        units -= gone
        change[line_id] -= gone
        keys.add(promise.demand_key)
    emit(events.SUPPLY_MOVED, aggregate=("supply", f"line:{line_id}"), payload={
        "demands": sorted(keys), "is_lost": True})  # fmt: skip
