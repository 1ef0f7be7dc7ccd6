"""Available to promise: the one place that answers what could be sold, and from where. Reads take no lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Expression, F, FloatField, OuterRef, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import ACos, Cos, Greatest, JSONObject, Least, Radians, RowNumber, Sin

from inventory import preferences
from inventory.geo import EARTH_RADIUS_KM, Point
from inventory.models import Location, StockLevel
from omni.core.settings_store import setting

FAR = 1e9  # a location without coordinates ranks after every other


@dataclass(frozen=True)
class Site:
    """A location as a plan sees it, with what it could give of each variant asked for."""

    location: Location
    distance_km: float | None
    available: dict[int, int]

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


def by_distance(places: QuerySet[Location], near: Point | None) -> QuerySet[Location]:
    """Adds `distance` in km (None without coordinates) and orders by it, unknown last."""
    places = places.annotate(distance=_distance(near))
    return places.order_by(F("distance").asc(nulls_last=True), "pk") if near else places.order_by("pk")


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
    *, places: QuerySet[Location], variants: Iterable[int], near: Point | None, limit: int | None = None
) -> list[Site]:
    """The nearest `limit` of `places` with what each could give, nearest first; one query, whatever the numbers."""
    shelves = (
        StockLevel.objects.filter(location=OuterRef("pk"), variant__in=sorted(set(variants)))
        .with_available()
        .filter(available_quantity__gt=0)
    )
    ranked = by_distance(places, near).with_closures()
    ranked = ranked.annotate(
        shelves=ArraySubquery(shelves.values(row=JSONObject(v="variant_id", a="available_quantity")))
    )
    found = ranked if limit is None else ranked[:limit]
    return [Site(place, place.distance, {row["v"]: row["a"] for row in place.shelves or ()}) for place in found]


def stocking(*, variants: Sequence[int], places: QuerySet[Location]) -> QuerySet[Location]:
    """Those of `places` that have anything of any of the variants: what a widened search looks at."""
    holding = StockLevel.objects.filter(variant__in=variants, on_hand__gt=F("reserved") + F("safety_stock")).values(
        "location_id"
    )
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
    order = [F("distance").asc(nulls_last=True), F("location_id")] if near else [F("available_quantity").desc(), "pk"]
    rows = (
        StockLevel.objects.filter(variant__in=variants, location__in=places)
        .with_available()
        .filter(available_quantity__gte=max(quantity, 1))
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
