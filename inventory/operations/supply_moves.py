"""What was promised comes on another day, or does not come: promises follow, and it is told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from inventory import events, preferences
from inventory.incoming import DAY, TERMS, street_dates
from inventory.models import PurchaseOrderLine, Reservation, StockLevel, SupplyPromise
from inventory.operations.close_promise import Part, release
from inventory.operations.promise_supply import count_promised, lock_lines, shrink
from inventory.operations.supply_arrives import lose_latest
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.settings_store import setting

Status = SupplyPromise.Status
BY = Actor.system("supply")
DAYS = f"""
WITH {TERMS} SELECT s.id, {DAY} FROM inventory_purchaseorderline s LEFT JOIN term USING (variant_id)
 WHERE s.id = ANY(%(lines)s::bigint[])
"""  # noqa: S608 - texts of our own


def fit_promises(lines: Sequence[PurchaseOrderLine], now: datetime) -> None:
    """Before smaller numbers of locked lines are written: what no longer comes is no longer promised."""
    change: dict[int, int] = defaultdict(int)
    for line in lines:
        excess = line.promised_quantity - line.open_quantity
        if excess > 0:
            lose_latest(line.pk, excess, change, now)
            line.promised_quantity += change[line.pk]
    count_promised(change)


def move_promises(lines: Sequence[PurchaseOrderLine], now: datetime) -> int:
    """The days of these locked lines were written anew: their promises follow. Returns how many moved."""
    if not lines:
        return 0
    asked = {"lines": [line.pk for line in lines], "variants": [line.variant_id for line in lines],
             "today": timezone.localdate(now), "late": setting(preferences.LATE_SUPPLY_DAYS)}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DAYS, asked)
        days: dict[int, date] = dict(cursor.fetchall())
    rows = SupplyPromise.objects.waiting().filter(order_line__in=days).select_for_update()
    moved = [row for row in rows if row.promised_on != days[row.order_line_id]]
    for row in moved:
        row.promised_on = days[row.order_line_id]
    SupplyPromise.objects.bulk_update(moved, ["promised_on"])
    if moved:
        emit(events.SUPPLY_MOVED, aggregate=("supply", f"line:{lines[0].pk}"), payload={
            "demands": sorted({row.demand_key for row in moved}), "is_lost": False})  # fmt: skip
    return len(moved)


@operation
def move_late_supply(*, now: datetime, limit: int = 500) -> int:
    """Purchase orders that did not come: what was promised from them comes some days later. Returns the promises."""
    late = SupplyPromise.objects.waiting().filter(promised_on__lt=timezone.localdate(now))
    return move_promises(lock_lines(set(late.values_list("order_line_id", flat=True)[:limit])), now)


@operation
def follow_terms(*, variant_ids: Iterable[int] | None = None, now: datetime) -> int:
    """HQ changed how long putting away takes, or a street date: promises of these items (or all) follow."""
    rows = PurchaseOrderLine.objects.filter(promised_quantity__gt=0)
    if variant_ids is not None:
        rows = rows.filter(variant__in=list(variant_ids))
    moved = move_promises(lock_lines(rows.values_list("pk", flat=True)), now)
    return moved + _move_kept(variant_ids, now)


def _move_kept(variant_ids: Iterable[int] | None, now: datetime) -> int:
    """What arrived waits for its street date alone: where that is another day now, its customers hear it."""
    rows = SupplyPromise.objects.kept().select_related("order_line").select_for_update(of=("self",))
    if variant_ids is not None:
        rows = rows.filter(order_line__variant__in=list(variant_ids))
    kept, today = list(rows), timezone.localdate(now)
    streets = street_dates({row.order_line.variant_id for row in kept})
    moved = []
    for row in kept:
        street = streets.get(row.order_line.variant_id, today)
        day = street if street > today else min(row.promised_on, today)
        if day != row.promised_on:
            row.promised_on = day
            moved.append(row)
    SupplyPromise.objects.bulk_update(moved, ["promised_on"])
    if moved:
        emit(events.SUPPLY_MOVED, aggregate=("supply", f"kept:{moved[0].pk}"), payload={
            "demands": sorted({row.demand_key for row in moved}), "is_lost": False})  # fmt: skip
    return len(moved)


@retried
@operation
def lose_kept(*, variant_id: int, location_id: int, now: datetime) -> int:
    """The shelf has less than it promised: what is kept for the latest promises is theirs no more. Returns units."""
    short = StockLevel.objects.filter(variant=variant_id, location=location_id).values_list("shortfall", flat=True)
    left = short.first() or 0
    held = Reservation.objects.held().filter(variant=variant_id, location=location_id)
    keys = held.filter(demand_key__startswith="supply-promise:").values_list("demand_key", flat=True)
    ids = [int(key.partition(":")[2]) for key in keys] if left else []
    parts, demands = [], set()
    for promise in SupplyPromise.objects.kept().filter(pk__in=ids).select_for_update().reverse()[:left]:
        units = min(left, promise.quantity)
        if not units:
            break
        parts.append(Part(promise.shelf_key, units))
        demands.add(promise.demand_key)
        shrink(promise, promise.quantity - units, Status.LOST, now)
        left -= units
    if parts:
        emit(events.SUPPLY_MOVED, aggregate=("supply", f"shelf:{location_id}:{variant_id}"), payload={
            "demands": sorted(demands), "is_lost": True})  # fmt: skip
        release(parts=parts, by=BY, now=now)
    return sum(part.quantity for part in parts)
