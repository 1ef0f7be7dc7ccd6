"""Decide from where the units of lines shall come, on a read that takes no lock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.geo import Point, zip_centroid
from inventory.kits import of_parts
from inventory.models import Location
from omni.core.settings_store import setting
from orders import preferences
from orders.models import OrderLine
from orders.models.order_line import AT_A_STORE, Method
from orders.operations.assign import Assignment
from orders.operations.route import Decided, route
from orders.operations.send_to_store import Senders, may_be_sent, plan_sent, senders_for
from orders.operations.whole_kits import whole_kits
from orders.routing import simple


@dataclass
class LinePlan:
    """Assignments, and by line position the units that no location could be found for."""

    assignments: list[Assignment] = field(default_factory=list)
    missing: dict[int, int] = field(default_factory=dict)
    decided: list[Decided] = field(default_factory=list)

    @property
    def is_second_choice(self) -> bool:
        """Whether the rules had to be widened: farther away there may be what HQ would rather take."""
        return any(each.decision is not None and each.decision.step > 0 for each in self.decided)

    @property
    def work_count(self) -> int:
        """How many fulfillment orders the plan becomes."""
        return len({each.work_key for each in self.assignments})


@dataclass(frozen=True)
class _How:
    """What every step of a plan for parcels asks."""

    quantities: Mapping[int, int]
    stock: dict[int, dict[int, int]]
    channel: str
    tags: Collection[str]
    now: datetime
    excluded: Mapping[int, frozenset[int]]


def destination(address: Mapping | None) -> Point | None:
    """Where an order is shipped to: the centroid of its ZIP code, None when unknown."""
    if not address or address.get("country", "US") != "US":
        return None
    return zip_centroid(str(address.get("postal_code", "")))


def plan_lines(
    *,
    lines: Sequence[OrderLine],
    quantities: Mapping[int, int],
    channel: str,
    near: Point | None,
    now: datetime,
    excluded: Mapping[int, frozenset[int]] | None = None,
    widen: bool = False,
    without: Iterable[tuple[int, int]] = (),
    known: Sequence[Site] | None = None,
    tags: Collection[str] = (),
    senders: Senders | None = None,
) -> LinePlan:
    """Plan `quantities` (by line position) of `lines`, from what is not kept back from their order's `channel`.

    Pickup units come from the line's own store, or where HQ allows it for the channel are sent to it from elsewhere
    (`sent_to_store`); what is carried out comes from its shelf, safety stock
    included, also where the store takes no other work. `excluded` holds by position the locations that failed
    a line before. `widen` looks at every stocking location rather than the nearest; `without` are the (variant,
    location) shelves that turned out to be short a moment ago. `known` are the candidates, where they were just read;
    `senders` knows who could send to a store, else that is read as well.
    """
    wanted = [line for line in lines if quantities.get(line.position)]
    found = _read(wanted, channel, near, now, widen) if known is None else known
    stock = {site.location.pk: dict(site.available) for site in found}
    for variant, location in without:
        stock.get(location, {}).pop(variant, None)
    places = {site.location.pk: site.location for site in found}
    result = LinePlan()
    for site in found:
        if site.location.is_paused(now):
            stock[site.location.pk] = {}  # what it has is its own; it takes nothing new
    shelves = {site.location.pk: dict(site.on_shelf) for site in found}
    for variant, location in without:
        shelves.get(location, {}).pop(variant, None)
    _plan_carry_out(result, [line for line in wanted if line.method == Method.CARRY_OUT], quantities, places, shelves,
                    stock)  # fmt: skip
    _plan_pickup(result, [line for line in wanted if line.method == Method.PICKUP], quantities, places, stock)
    if may_be_sent(channel):
        _plan_sent(result, wanted, senders or senders_for(channel, now), now, excluded or {}, set(without))
    ship = [line for line in wanted if line.method == Method.SHIP]
    _plan_ship(result, ship, _shippers(found, now), _How(quantities, stock, channel, tags, now, excluded or {}))
    return result


def candidates(
    *,
    stores: QuerySet[Location],
    variants: Iterable[int],
    ships: bool,
    channel: str,
    near: Point | None,
    now: datetime,
    widen: bool = False,
) -> list[Site]:
    """All that a plan may need, in one query: the pickup stores, and for what is shipped the locations near it.

    Near are as many as HQ lets a plan look at; `widen` takes every location that has any of the variants.
    """
    if not ships:
        return sites(places=stores, variants=variants, channel=channel, near=near)
    shippers = open_for_work(Location.objects.filter(can_ship=True), now)
    if widen:
        shippers = stocking(variants=variants, places=shippers, channel=channel)
    count = None if widen else setting(preferences.SEARCH_SITES)
    return sites(places=stores, variants=variants, channel=channel, near=near, nearest_of=shippers, count=count)


def _read(lines: Sequence[OrderLine], channel: str, near: Point | None, now: datetime, widen: bool) -> list[Site]:
    stores = {line.pickup_location_id for line in lines if line.method in AT_A_STORE and line.pickup_location_id}
    return candidates(
        stores=Location.everywhere.filter(pk__in=stores), variants=sorted({line.variant_id for line in lines}),
        ships=any(line.method == Method.SHIP for line in lines), channel=channel, near=near, now=now, widen=widen,
    )  # fmt: skip


def _shippers(found: Sequence[Site], now: datetime) -> list[Site]:
    """Those that may ship now, nearest first."""
    return [
        site for site in found
        if site.location.can_ship and site.location.is_active and not site.location.is_paused(now)
    ]  # fmt: skip


def _plan_carry_out(result: LinePlan, lines, quantities, places, shelves, stock) -> None:
    for line in lines:
        quantity = quantities[line.position]
        shelf = shelves.setdefault(line.pickup_location_id, {})
        given = min(quantity, shelf.get(line.variant_id, 0))
        if given:
            shelf[line.variant_id] -= given
            others = stock.setdefault(line.pickup_location_id, {})
            others[line.variant_id] = max(0, others.get(line.variant_id, 0) - given)
            place = places[line.pickup_location_id]
            result.assignments.append(Assignment(line, place, given, Method.CARRY_OUT))
        if given < quantity:
            result.missing[line.position] = quantity - given


def _plan_pickup(result: LinePlan, lines, quantities, places, stock) -> None:
    most = _pickup_kits(lines, quantities, stock)
    for line in lines:
        quantity = quantities[line.position]
        shelf = stock.setdefault(line.pickup_location_id, {})
        given = most.get(line.position, min(quantity, shelf.get(line.variant_id, 0)))
        if given:
            if line.position not in most:
                shelf[line.variant_id] -= given
            place = places[line.pickup_location_id]
            result.assignments.append(Assignment(line, place, given, Method.PICKUP))
        if given < quantity:
            result.missing[line.position] = quantity - given


def _pickup_kits(lines: Sequence[OrderLine], quantities: Mapping[int, int], stock) -> dict[int, int]:
    """Of each part of a kit that stays whole so many units as make whole kits; they leave the stock."""
    most: dict[int, int] = {}
    for kit in whole_kits(lines, quantities):
        shelf = stock.setdefault(kit.lines[0].pickup_location_id, {})
        most |= kit.take(min(kit.quantity, of_parts(kit.parts, shelf)), shelf)
    return most


def _plan_sent(
    result: LinePlan, wanted: Sequence[OrderLine], senders: Senders, now: datetime,
    excluded: Mapping[int, frozenset[int]], without: set[tuple[int, int]],
) -> None:  # fmt: skip
    """What the store of a pickup lacks is sent to it from the nearest locations that have it, as few as possible."""
    lacking = [line for line in wanted if line.method == Method.PICKUP and line.position in result.missing]
    for store in {line.pickup_location_id: line.pickup_location for line in lacking}.values():
        if store is None or store.is_paused(now):
            continue
        lines = {line.position: line for line in lacking if line.pickup_location_id == store.pk}
        found = senders(store, {line.variant_id for line in lines.values()})
        places = {site.location.pk: site.location for site in found}
        plan = plan_sent(
            [simple.Want(n, line.variant_id, result.missing[n], excluded.get(n, frozenset()))
             for n, line in lines.items()],
            found, without,
        )  # fmt: skip
        for n in lines:
            del result.missing[n]
        result.missing |= plan.missing
        result.assignments += [
            Assignment(lines[share.key], store, share.quantity, Method.PICKUP, source=places[share.site])
            for share in plan.shares
        ]


def _plan_ship(result: LinePlan, lines, shippers: Sequence[Site], how: _How) -> None:
    if not lines:
        return
    routed = route(
        lines=lines, quantities=how.quantities, sites=shippers, stock=how.stock, channel=how.channel, tags=how.tags,
        now=how.now, excluded=how.excluded,
    )  # fmt: skip
    by_position = {line.position: line for line in lines}
    places = {site.location.pk: site.location for site in shippers}
    result.missing |= routed.plan.missing
    result.decided += routed.decided
    result.assignments += [
        Assignment(by_position[share.key], places[share.site], share.quantity, Method.SHIP)
        for share in routed.plan.shares
    ]
