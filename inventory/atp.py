"""Available to promise: the one place that answers what could be sold, and from where. Reads take no lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, FloatField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ACos, Cos, Greatest, JSONObject, Least, Radians, Sin

from inventory.geo import EARTH_RADIUS_KM, Point
from inventory.models import Location, StockLevel

FAR = 1e9  # a location without coordinates ranks after every other


@dataclass(frozen=True)
class Site:
    """A location as a plan sees it, with what it could give of each variant asked for."""

    location: Location
    distance_km: float | None
    available: dict[int, int]

    def serves(self, wanted: dict[int, int]) -> bool:
        return all(self.available.get(variant, 0) >= quantity for variant, quantity in wanted.items())


def by_distance(places: QuerySet[Location], near: Point | None) -> QuerySet[Location]:
    """Adds `distance` in km (None without coordinates) and orders by it, unknown last."""
    if near is None:
        return places.annotate(distance=Value(None, output_field=FloatField())).order_by("pk")
    latitude, longitude = near
    cosine = Sin(Radians(Value(latitude))) * Sin(Radians(F("latitude"))) + Cos(Radians(Value(latitude))) * Cos(
        Radians(F("latitude"))
    ) * Cos(Radians(F("longitude") - Value(longitude)))
    km = ACos(Least(Value(1.0), Greatest(Value(-1.0), cosine))) * Value(EARTH_RADIUS_KM)
    # LEAST and GREATEST skip NULL, which would put an unknown place next door.
    distance = Case(When(latitude=None, then=None), default=km, output_field=FloatField())
    return places.annotate(distance=distance).order_by(F("distance").asc(nulls_last=True), "pk")


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
    return [Site(place, place.distance, {row["v"]: row["a"] for row in place.shelves}) for place in found]


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
