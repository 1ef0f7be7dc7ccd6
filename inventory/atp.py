"""Available to promise: the one place that answers what could be sold, and from where. Reads take no lock."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, Expression, F, FloatField, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, RowNumber, Sin
from django.utils import timezone

from inventory import preferences
from inventory.geo import EARTH_RADIUS_KM, Point
from inventory.models import Location, StockLevel
from omni.core.settings_store import setting

CLOSURES_SINCE = timedelta(days=1)  # yesterday's may still be today's, in the location's own zone

# Great-circle distance by the spherical law of cosines; a location without coordinates has none and ranks last.
KM = f"""CASE WHEN l.latitude IS NOT NULL THEN {EARTH_RADIUS_KM} * acos(least(1, greatest(-1,
    sin(radians(%s)) * sin(radians(l.latitude))
    + cos(radians(%s)) * cos(radians(l.latitude)) * cos(radians(l.longitude - (%s)))))) END"""

# Every order asks this: written out, since composing it from expressions took longer than answering it.
SITES = """
WITH chosen AS (
    SELECT id, bool_or(named) AS named FROM (
        SELECT id, true FROM ({named}) AS n(id)
        UNION ALL (
        SELECT l.id, false FROM inventory_location l WHERE l.id IN ({others}) ORDER BY {km} NULLS LAST, l.id LIMIT %s)
    ) AS each(id, named) GROUP BY id
)
SELECT l.*, {km} AS km, chosen.named, shelf.stocked, shelf.units, shelf.kept_back, (
       SELECT coalesce(jsonb_agg(jsonb_build_object('starts_on', c.starts_on, 'ends_on', c.ends_on)
                                 ORDER BY c.starts_on), '[]')::text
         FROM inventory_closure c
        WHERE c.location_id = l.id AND c.lifted_at IS NULL AND c.ends_on >= %s) AS closure_rows
  FROM chosen JOIN inventory_location l USING (id)
  LEFT JOIN LATERAL (
       SELECT array_agg(s.variant_id) AS stocked, array_agg(s.on_hand - s.reserved) AS units,
              array_agg(s.safety_stock) AS kept_back
         FROM inventory_stocklevel s WHERE s.location_id = l.id AND s.variant_id = ANY(%s::bigint[])
          AND s.on_hand - s.reserved > CASE WHEN chosen.named THEN 0 ELSE s.safety_stock END) shelf ON true
 WHERE chosen.named OR shelf.stocked IS NOT NULL
 ORDER BY km NULLS LAST, l.id
"""


@dataclass(frozen=True)
class Site:
    """A location as a plan sees it, with what it could give of each variant asked for.

    `is_named`: it was asked for, rather than found nearby. `on_shelf` is what a customer who stands there could carry
    out, safety stock included; known of named locations.
    """

    location: Location
    distance_km: float | None
    available: dict[int, int]
    is_named: bool = True
    on_shelf: dict[int, int] = field(default_factory=dict)

    def serves(self, wanted: dict[int, int]) -> bool:
        return all(self.available.get(variant, 0) >= quantity for variant, quantity in wanted.items())


@dataclass
class Supply:
    """What there is of one variant: over the whole network, and on the shelves asked for, nearest first."""

    total: int = 0
    shelves: list[tuple[Site, int]] = field(default_factory=list)


def state(available: int, wanted: int = 1) -> str:
    """`in_stock`, `low` or `out`, as a shop shows it: out where fewer than `wanted` can be had."""
    if available < max(wanted, 1):
        return "out"
    return "low" if available <= setting(preferences.LOW_STOCK_UNITS) else "in_stock"


def _distance(near: Point | None, prefix: str = "") -> Expression:
    """Great-circle distance in km from `near` to a row's coordinates (spherical law of cosines)."""
    if near is None:
        return Value(None, output_field=FloatField())
    latitude, longitude = near
    there = Radians(F(f"{prefix}latitude"))
    cosine = Sin(Radians(Value(latitude))) * Sin(there) + Cos(Radians(Value(latitude))) * Cos(there) * Cos(
        Radians(F(f"{prefix}longitude") - Value(longitude))
    )
    km = ACos(Least(Value(1.0), Greatest(Value(-1.0), cosine))) * Value(EARTH_RADIUS_KM)
    # LEAST and GREATEST skip NULL, which would put an unknown place next door.
    return Case(When(**{f"{prefix}latitude": None}, then=None), default=km, output_field=FloatField())


def open_for_work(places: QuerySet[Location], now: datetime) -> QuerySet[Location]:
    """Active and not paused."""
    return places.filter(Q(paused_until=None) | Q(paused_until__lte=now), is_active=True)


def sites(
    *,
    places: QuerySet[Location],
    variants: Iterable[int],
    near: Point | None,
    nearest_of: QuerySet[Location] | None = None,
    count: int | None = None,
) -> list[Site]:
    """`places`, and of `nearest_of` those of the nearest `count` that have any of the variants; nearest first.

    With what each could give, in one query, whatever the numbers.
    """
    named, named_values = _ids(places)
    others, other_values = _ids(Location.objects.none() if nearest_of is None else nearest_of)
    km, point = (KM, (near[0], near[0], near[1])) if near else ("NULL::float", ())
    found = Location.objects.raw(
        SITES.format(named=named, others=others, km=km),
        [*named_values, *other_values, *point, count, *point, timezone.now().date() - CLOSURES_SINCE,
         sorted(set(variants))],
    )  # fmt: skip
    return [_site(place) for place in found]


def _ids(places: QuerySet[Location]) -> tuple[str, tuple]:
    """The ids of some locations as SQL, with its values."""
    try:
        return places.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def _site(place) -> Site:
    place.closure_rows = json.loads(place.closure_rows)
    on_shelf = dict(zip(place.stocked or (), place.units or (), strict=True))
    kept_back = dict(zip(place.stocked or (), place.kept_back or (), strict=True))
    available = {variant: units - kept_back[variant] for variant, units in on_shelf.items()}
    available = {variant: units for variant, units in available.items() if units > 0}
    return Site(place, place.km, available, is_named=place.named, on_shelf=on_shelf if place.named else {})


def stocking(*, variants: Iterable[int], places: QuerySet[Location]) -> QuerySet[Location]:
    """Those of `places` that have anything of any of the variants: what a widened search looks at."""
    anything = StockLevel.objects.filter(on_hand__gt=F("reserved") + F("safety_stock"))
    holding = anything.filter(variant__in=list(variants)).values("location_id")
    return places.filter(pk__in=holding)


def totals(*, variants: Sequence[int], places: QuerySet[Location]) -> dict[int, int]:
    """variant -> units available over all of `places`."""
    rows = (
        StockLevel.objects.filter(variant__in=variants, location__in=places)
        .with_available()
        .values("variant_id")
        .annotate(total=Sum(Greatest(F("available_quantity"), 0)))
    )
    return {row["variant_id"]: row["total"] for row in rows}


def supply(
    *,
    variants: Sequence[int],
    places: QuerySet[Location],
    near: Point | None,
    quantity: int = 1,
    limit: int = 20,
) -> dict[int, Supply]:
    """variant -> its total over `places`, and the nearest `limit` of them that have `quantity` of it.

    Without a point the fullest shelves come first. Three queries, whatever the numbers.
    """
    found = {variant: Supply(total) for variant, total in totals(variants=variants, places=places).items()}
    order: list[Any] = [F("distance").asc(nulls_last=True), "location_id"] if near else ["-available_quantity", "pk"]
    kept_back = F("reserved") + F("safety_stock")
    rows = (
        StockLevel.objects.filter(variant__in=variants, location__in=places)
        .filter(on_hand__gte=kept_back + max(quantity, 1))
        .with_available()
        .annotate(distance=_distance(near, "location__"))
        .annotate(place=Window(RowNumber(), partition_by=[F("variant_id")], order_by=order))
        .filter(place__lte=limit)
        .order_by("place")
        .values_list("variant_id", "location_id", "available_quantity", "distance")
    )
    nearest = list(rows)
    sites_by_id = Location.objects.with_closures().in_bulk({location for _variant, location, _n, _km in nearest})
    for variant, location, available, km in nearest:
        site = Site(sites_by_id[location], km, {variant: available})
        found.setdefault(variant, Supply()).shelves.append((site, available))
    return found


def supply_at(
    *, variants: Sequence[int], places: QuerySet[Location], named: QuerySet[Location], near: Point | None
) -> dict[int, Supply]:
    """The same for the `named` locations, all of them, also where the shelf is empty."""
    found = {variant: Supply(total) for variant, total in totals(variants=variants, places=places).items()}
    for site in sites(places=named, variants=variants, near=near):
        for variant in variants:
            shelf = (site, max(0, site.available.get(variant, 0)))
            found.setdefault(variant, Supply()).shelves.append(shelf)
    return found
