"""Promise units that are not here yet: from what suppliers will bring, the earliest day first, and never twice.

The lines of purchase orders are locked in the order of their keys, before any promise of theirs and before any shelf.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from inventory.incoming import BEGIN, OPEN_LINES, asked
from inventory.models import PurchaseOrderLine, Reservation, SupplyPromise
from inventory.operations.close_promise import Part
from omni.core.operation import operation

Status = SupplyPromise.Status
LINES = f"{BEGIN} {OPEN_LINES} ORDER BY s.id FOR NO KEY UPDATE OF s"
UNLOCKED = f"{BEGIN} {OPEN_LINES}"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(x'7465726D'::bigint * 4294967296 + v) FROM unnest(%s::bigint[]) AS v"
COUNT = """
UPDATE inventory_purchaseorderline l SET promised_quantity = l.promised_quantity + t.q
  FROM unnest(%s::bigint[], %s::int[]) AS t(id, q) WHERE l.id = t.id
"""


@dataclass(frozen=True)
class Want:
    """Units that a demand waits for; at one location (a pickup), or wherever parcels can be sent from."""

    demand_key: str
    variant_id: int
    quantity: int
    location_ids: frozenset[int]


@dataclass(frozen=True)
class Kept:
    """Units on a shelf that nobody waits for any more: whoever let go of them frees the shelf, last of all."""

    part: Part
    variant_id: int
    location_id: int


@dataclass
class _Line:
    pk: int
    variant_id: int
    location_id: int
    day: date
    most: int | None
    free: int
    kind: str


@dataclass(frozen=True)
class Share:
    """So many units of a want from a line of a purchase order, on the day on which they can be had."""

    want: Want
    line_id: int
    quantity: int
    day: date
    kind: str


@dataclass(frozen=True)
class Supply:
    """What a channel can be promised, the earliest day first, and how much more of an item its term allows."""

    lines: Sequence[_Line]
    room: dict[int, int]

    def share(self, wants: Sequence[Want]) -> list[Share]:
        """One want after the other from the lines as they come; what is shared out is gone."""
        shares = []
        for want in wants:
            left = want.quantity
            for line in self.lines:
                if line.variant_id != want.variant_id or line.location_id not in want.location_ids:
                    continue
                units = min(left, line.free, self.room.get(line.variant_id, left))
                if units <= 0:
                    continue
                shares.append(Share(want, line.pk, units, line.day, line.kind))
                left -= units
                line.free -= units
                if line.variant_id in self.room:
                    self.room[line.variant_id] -= units
        return shares

    def foreseen(self, wants: Sequence[Want]) -> list[Share]:
        """What `share` would say; nothing is gone, so that another question can be asked."""
        return Supply([replace(line) for line in self.lines], dict(self.room)).share(wants)


@operation
def promise_supply(*, wants: Sequence[Want], channel: str, now: datetime) -> dict[str, int]:
    """demand key -> how many units are promised to it now. Supply goes as far as it does; the rest waits on."""
    lines = _lines(LINES, {want.variant_id for want in wants}, channel, now)
    limits = _limits(lines)
    if limits:
        with connection.cursor() as cursor:  # two channels may be promised from different lines, under one limit
            cursor.execute(ONE_AT_A_TIME, [sorted(limits)])
    promised: dict[str, int] = {want.demand_key: 0 for want in wants}
    made: list[SupplyPromise] = []
    for share in Supply(lines, _room(limits)).share(wants):
        key = share.want.demand_key
        promised[key] += share.quantity
        made.append(SupplyPromise(order_line_id=share.line_id, demand_key=key, quantity=share.quantity,
                                  promised_on=share.day, created_at=now))  # fmt: skip
    SupplyPromise.objects.bulk_create(made)
    count_promised(_sums(made))
    return promised


def read_supply(*, variants: Iterable[int], channel: str, now: datetime) -> Supply:
    """What `promise_supply` would share out now, for whoever only asks: nothing is locked. At most two queries."""
    lines = _lines(UNLOCKED, variants, channel, now)
    return Supply(lines, _room(_limits(lines)))


def _lines(text: str, variants: Iterable[int], channel: str, now: datetime) -> list[_Line]:
    """What the channel can be promised of these variants, the earliest day first; locked, nobody else promises or
    receives it until we are done."""
    with connection.cursor() as cursor:
        cursor.execute(text, asked(variants, channel, timezone.localdate(now)))
        rows = [_Line(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda line: (line.day, line.pk))


def _limits(lines: Sequence[_Line]) -> dict[int, int]:
    return {line.variant_id: line.most for line in lines if line.most is not None}


def _room(limits: Mapping[int, int]) -> dict[int, int]:
    """How much more of an item its term allows; items without a limit are not named."""
    if not limits:
        return {}
    rows = PurchaseOrderLine.objects.filter(variant__in=limits, promised_quantity__gt=0).values_list("variant_id")
    promised = dict(rows.annotate(n=Sum("promised_quantity")))
    return {variant: max(0, most - promised.get(variant, 0)) for variant, most in limits.items()}


def count_promised(units: Mapping[int, int]) -> None:
    """Count up (or down) what is promised of locked lines; the CHECK refuses more than comes."""
    keys = sorted(key for key, n in units.items() if n)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [keys, [units[key] for key in keys]])


def _sums(promises: Iterable[SupplyPromise]) -> dict[int, int]:
    units: dict[int, int] = defaultdict(int)
    for each in promises:
        units[each.order_line_id] += each.quantity
    return units


@operation
def lock_promised(*, demand_keys: Iterable[str]) -> bool:
    """The lines that these demands wait for, before anybody's shelf is locked; whether there are any."""
    promises = SupplyPromise.objects.filter(demand_key__in=list(demand_keys), status=Status.WAITING)
    ids = set(promises.values_list("order_line_id", flat=True))
    return bool(ids and lock_lines(ids))


def lock_orderable(*, variant_ids: Iterable[int]) -> None:
    """Whatever may be promised of these variants, for who is about to lock shelves first."""
    lock_lines(PurchaseOrderLine.objects.orderable().filter(variant__in=list(variant_ids)).values_list("pk", flat=True))


def lock_lines(ids: Iterable[int]) -> list[PurchaseOrderLine]:
    """Lines of purchase orders, in the order in which everybody locks them."""
    return list(PurchaseOrderLine.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk"))


@operation
def give_back_supply(*, demands: Mapping[str, int], now: datetime) -> None:
    """{demand key: units that it still waits for}: what is promised to it beyond that is free again, the latest first.

    What arrived for it already counts first, and stays (`let_go_of_kept`).
    """
    if not lock_promised(demand_keys=demands):
        return
    freed: dict[int, int] = defaultdict(int)
    left = dict(demands)
    rows = SupplyPromise.objects.filter(demand_key__in=demands, status__in=SupplyPromise.OPEN).select_for_update()
    for promise in sorted(rows.order_by("pk"), key=_arrived_first):
        stays = min(promise.quantity, max(0, left[promise.demand_key]))
        left[promise.demand_key] -= stays
        if promise.status == Status.WAITING and stays < promise.quantity:
            freed[promise.order_line_id] -= promise.quantity - stays
            shrink(promise, stays, Status.RELEASED, now)
    count_promised(freed)


@operation
def let_go_of_kept(*, demands: Mapping[str, int], now: datetime) -> list[Kept]:
    """The same for what arrived for them: no longer theirs. The caller frees the shelves."""
    rows = SupplyPromise.objects.filter(demand_key__in=demands, status=Status.ARRIVED).select_for_update()
    left, let_go = dict(demands), {}
    for promise in sorted(rows.order_by("pk"), key=_arrived_first):
        stays = min(promise.quantity, max(0, left[promise.demand_key]))
        left[promise.demand_key] -= stays
        if stays < promise.quantity:
            let_go[promise.shelf_key] = promise.quantity - stays
            shrink(promise, stays, Status.RELEASED, now)
    return kept_units(let_go)


def kept_units(units: Mapping[str, int]) -> list[Kept]:
    """{shelf key: units} with where they lie."""
    held = Reservation.objects.held().filter(demand_key__in=units).values_list("demand_key", "variant", "location")
    return [Kept(Part(key, units[key]), variant, place) for key, variant, place in held]


def shrink(promise: SupplyPromise, stays: int, status: str, now: datetime) -> None:
    """So many units of it stay promised, the others are over: a row of their own says why."""
    if stays:
        split_promise(promise, promise.quantity - stays, status, closed_at=now)
    else:
        promise.status, promise.closed_at = status, now
        promise.save(update_fields=["status", "closed_at"])


def split_promise(promise: SupplyPromise, units: int, status: str, **more: Any) -> SupplyPromise:
    """So many units of it as a promise of their own."""
    promise.quantity -= units
    promise.save(update_fields=["quantity"])
    return SupplyPromise.objects.create(**{
        "order_line_id": promise.order_line_id, "demand_key": promise.demand_key, "quantity": units, "status": status,
        "promised_on": promise.promised_on, "created_at": promise.created_at,
    } | more)  # fmt: skip


def _arrived_first(promise: SupplyPromise) -> tuple[bool, date, datetime, int]:
    return promise.status != Status.ARRIVED, promise.promised_on, promise.created_at, promise.pk
