"""One order's parcels as the routing engine decides on them: what lies where, how far, and what HQ's rules look at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from inventory.atp import Site
from inventory.geo import KM_PER_MILE
from inventory.models import Location, LocationDay, ShelfSign
from inventory.models.availability_rule import path_of
from inventory.models.location_set import groups_and_sets_of
from orders.models import FulfillmentOrder, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, due
from orders.operations.known_prices import KnownPrices
from orders.operations.routing_policy import Policy
from orders.operations.shelf_records import UNKNOWN, ShelfRecord, shelf_records
from orders.routing.batch import ALONE, UNIT
from orders.routing.cost import GRAMS_PER_POUND, USUAL_GRAMS, Costs, deliver_by
from orders.routing.problem import Line, Place, Problem, Shelf
from orders.routing.rules import FilterKind, OrderFacts, Rules

GIVEN_BACK = (Status.DECLINED, Status.SHORT, Status.CANCELLED)

Shelves = Mapping[int, Mapping[int, int]]  # location -> variant -> units


def ship_problem(
    *,
    lines: Sequence[OrderLine],
    quantities: Mapping[int, int],
    sites: Sequence[Site],
    stock: Shelves,
    policy: Policy,
    channel: str,
    tags: Collection[str],
    now: datetime,
    excluded: Mapping[int, frozenset[int]],
    bonds: Mapping[int, int],
    also: Collection[Rules] = (),
) -> Problem:
    """`lines` go by one service, by one date; `sites` are nearest first, `stock` is what is left of them. `bonds` holds
    by line position what travels together. `also` are rules that the same problem will be asked by."""
    leaves = departures([site.location for site in sites], now)
    rules = [policy.rules, *also]
    told = _told(sites, stock, {line.variant_id for line in lines}, leaves, rules, now)
    goods = _money(value_of(lines, quantities))
    services = frozenset(line.service for line in lines if line.service)
    first = min((day for day in leaves.values() if day), default=None)
    places = [
        Place(
            id=pk, kind=site.location.kind, miles=_miles(site), leaves=leaves[pk],
            slot=policy.prices.slots.get(pk, 0), groups=told.groups.get(pk, frozenset()), taken=told.taken.get(pk, 0),
            shelves={item: _shelf((item, pk), units, told, policy.prices) for item, units in told.stock[pk].items()},
            is_open=site.location.schedule.opens_today(now),
        )
        for site in sites for pk in [site.location.pk]
    ]  # fmt: skip
    return Problem(
        order=OrderFacts(services, channel, goods, frozenset(tags)),
        lines=[_line(line, quantities[line.position], excluded, _bond(line, lines, bonds)) for line in lines],
        places=places,
        deliver_by=promised(lines, services, policy.costs, first, zone_of(sites)),
        weight=policy.prices.weight if any(_is_priced(place) for place in places) else 0,
    )  # fmt: skip


def _shelf(key: tuple[int, int], units: int, told: "_Told", prices: KnownPrices) -> Shelf:
    known = told.records.get(key, UNKNOWN)
    return Shelf(units, known.daily_rate, _rounded(known.chance), told.counted.get(key), prices.shelves.get(key, 0))


def _is_priced(place: Place) -> bool:
    return place.slot > 0 or any(shelf.price for shelf in place.shelves.values())


def value_of(lines: Iterable[OrderLine], quantities: Mapping[int, int]) -> Decimal:
    """What the goods are worth; what lies in a basket has no price yet."""
    return sum(((line.unit_price_amount or Decimal(0)) * quantities[line.position] for line in lines), Decimal(0))


def _money(amount: Decimal | None) -> int:
    return round((amount or 0) * UNIT)


def _miles(site: Site) -> float | None:
    return None if site.distance_km is None else round(site.distance_km / KM_PER_MILE, 3)


def _line(
    line: OrderLine, quantity: int, excluded: Mapping[int, frozenset[int]], bond: int
) -> Line:  # fmt: skip
    variant = line.variant
    sides = variant.length_mm, variant.width_mm, variant.height_mm
    size = 1.0
    for side in sides:
        size *= side or 0
    return Line(
        position=line.position, item=variant.pk, quantity=quantity,
        pounds=(variant.weight_g or USUAL_GRAMS) / GRAMS_PER_POUND, cubic_mm=size,
        price=_money(line.unit_price_amount), unit_cost=-1 if variant.unit_cost is None else _money(variant.unit_cost),
        bond=bond, path=path_of(variant.product.category),
        tags=frozenset(variant.product.tags), hazmat=variant.is_hazmat,
        shut=excluded.get(line.position, frozenset()),
    )  # fmt: skip


def _bond(line: OrderLine, lines: Sequence[OrderLine], bonds: Mapping[int, int]) -> int:
    """Hazmat travels alone, where there is anything that it could travel with; a kit comes from one place first."""
    return bonds.get(line.position) or (ALONE if line.variant.is_hazmat and len(lines) > 1 else 0)


def zone_of(sites: Sequence[Site]) -> tzinfo:
    """The clock of the nearest location: nobody knows the customer's better."""
    return sites[0].location.zone if sites else UTC


def promised(
    lines: Sequence[OrderLine], services: Collection[str], costs: Costs, first: date | None, zone: tzinfo
) -> date | None:  # fmt: skip
    """The earliest day of what was promised, else what the services mean from the first carrier on."""
    said = [line.deliver_by.astimezone(zone).date() for line in lines if line.deliver_by]
    if first:
        said += [day for service in services if (day := deliver_by(costs, service, first))]
    return min(said, default=None)


def departures(places: Sequence[Location], now: datetime) -> dict[int, date | None]:
    """The local day of the next carrier for which a location has room; None where none comes within reach."""
    dues = {place.pk: due(place, Method.SHIP, now) for place in places}
    days = {place.pk: _day(place, dues[place.pk]) for place in places}
    limited = {place.pk: day for place in places if place.ship_capacity is not None and (day := days[place.pk])}
    full = LocationDay.objects.full(limited, Method.SHIP)
    for place in places:
        if place.pk in full:
            days[place.pk] = _day(place, due(place, Method.SHIP, now, limited[place.pk] + timedelta(days=1)))
    return days


def _day(place: Location, found: Due | None) -> date | None:
    return place.schedule.local_day(found.promised_at) if found else None


class _Told(NamedTuple):
    """What the database says of places and shelves: `stock` of the items asked for by place, what sells where and how
    surely it is found, and what the rules ask for."""

    stock: Shelves
    records: Mapping[tuple[int, int], ShelfRecord]
    groups: Mapping[int, frozenset[int]]
    taken: Mapping[int, int]
    counted: Mapping[tuple[int, int], float]


def _told(
    sites: Sequence[Site], stock: Shelves, items: Collection[int], leaves: Mapping[int, date | None],
    rules: Sequence[Rules], now: datetime,
) -> _Told:  # fmt: skip
    places = [site.location for site in sites]
    held = {place.pk: {item: n for item, n in stock[place.pk].items() if item in items and n > 0} for place in places}
    keys = [(item, pk) for pk, shelves in held.items() for item in shelves]
    filters = [each for one in rules for step in range(len(one.ladder)) for each in one.at(step)]
    kinds = {each.kind for each in filters}
    named = any(each.groups for each in filters) or any(each.groups for one in rules for each in one.prices)
    return _Told(
        stock=held, records=shelf_records(keys),
        groups=groups_and_sets_of(places) if named else {},
        taken=_taken(places, leaves, now) if FilterKind.DAILY in kinds else {},
        counted=ShelfSign.objects.days_since_count(keys, now=now) if FilterKind.COUNTED in kinds else {},
    )  # fmt: skip


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 4)


def _taken(places: Sequence[Location], leaving: Mapping[int, date | None], now: datetime) -> dict[int, int]:
    """Parcels that each location already has for the day of its next carrier."""
    leaves = {place: day for place, day in leaving.items() if day}
    zones = {place.pk: place.zone for place in places}
    if not leaves:
        return {}
    rows = FulfillmentOrder.objects.filter(
        location__in=list(leaves), method=Method.SHIP, cutoff_at__gte=now - timedelta(days=1),
        cutoff_at__lt=now + timedelta(days=2 + (max(leaves.values()) - now.date()).days),
    ).exclude(status__in=GIVEN_BACK)  # fmt: skip
    taken: dict[int, int] = {}
    for place, cutoff in rows.values_list("location_id", "cutoff_at"):
        if cutoff is not None and cutoff.astimezone(zones[place]).date() == leaves[place]:
            taken[place] = taken.get(place, 0) + 1
    return taken
