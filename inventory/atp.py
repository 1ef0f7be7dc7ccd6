"""Available to promise: the one place that answers what a channel could sell, and from where. Reads take no lock.

What lies on a shelf and is promised to nobody is more than that: units are kept back, by HQ's rules or by the
location's own number (inventory/models/kept_back.py). Whoever asks says for which channel, and the statement that
promises (`StockLevel.objects.claim`) measures by the same text.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from numpy.typing import NDArray

from inventory import preferences
from inventory.geo import EARTH_RADIUS_KM, Point
from inventory.kits import AS_JSON, IS_NO_KIT, WITH_PARTS, kit_shelves, of_parts
from inventory.kits import PARTS as KIT_PARTS
from inventory.models import Location, StockLevel
from inventory.models.kept_back import AVAILABLE, FLOOR, OWN, rules
from omni.core.prepared import Columns, array, prepared
from omni.core.settings_store import setting

CLOSURES_SINCE = timedelta(days=1)  # yesterday's may still be today's, in the location's own zone

# What every statement begins with takes the variants, the channel and the variants once more.
PARTS = {
    "rules": f"{KIT_PARTS.format(variants='%s')}, {rules(channel='%s', variants=WITH_PARTS.format(variants='%s'))}",
    "rules_only": rules(channel="%s", variants="%s"), "available": AVAILABLE, "floor": FLOOR, "no_kit": IS_NO_KIT,
    "kits": AS_JSON,
}  # fmt: skip

# Great-circle distance by the spherical law of cosines; a location without coordinates has none and ranks last.
KM = f"""CASE WHEN l.latitude IS NOT NULL THEN {EARTH_RADIUS_KM} * acos(least(1, greatest(-1,
    sin(radians(%s::float8)) * sin(radians(l.latitude))
    + cos(radians(%s::float8)) * cos(radians(l.latitude)) * cos(radians(l.longitude - (%s::float8)))))) END"""

PLACE = Columns(Location)

# As `Location.with_closures` has them, as a text; its value is the first day that counts.
CLOSURE_ROWS = """(
       SELECT coalesce(jsonb_agg(jsonb_build_object('starts_on', c.starts_on, 'ends_on', c.ends_on)
                                 ORDER BY c.starts_on), '[]')::text
         FROM inventory_closure c WHERE c.location_id = l.id AND c.lifted_at IS NULL AND c.ends_on >= %s::date)"""

# Every order asks this: written out, since composing it from expressions took longer than answering it.
SITES = """
WITH RECURSIVE {rules}, chosen AS (
    SELECT id, bool_or(named) AS named FROM (
        SELECT id, true FROM ({named}) AS n(id)
        UNION ALL (
        SELECT l.id, false FROM inventory_location l WHERE l.id IN ({others}) ORDER BY {km} NULLS LAST, l.id LIMIT %s)
    ) AS each(id, named) GROUP BY id
)
SELECT {place}, {km} AS km, chosen.named, shelf.stocked, shelf.units, shelf.given, {kits} AS kits,
       {closures} AS closure_rows
  FROM chosen JOIN inventory_location l USING (id)
  LEFT JOIN LATERAL (
       SELECT array_agg(s.variant_id) AS stocked, array_agg(s.on_hand - s.reserved) AS units,
              array_agg({available}) AS given
         FROM inventory_stocklevel s
        WHERE s.location_id = l.id AND s.variant_id = ANY((SELECT variants FROM asked)::bigint[])
          AND s.on_hand - s.reserved > CASE WHEN chosen.named THEN 0 ELSE {floor} END) shelf ON true
 WHERE chosen.named OR shelf.stocked IS NOT NULL
 ORDER BY km NULLS LAST, l.id
"""

STOCKING = """
WITH RECURSIVE {rules}
SELECT s.location_id FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
 WHERE s.variant_id = ANY(%s::bigint[]) AND {no_kit} AND {available} > 0
UNION ALL SELECT location_id FROM ({kit_shelves}) k WHERE available > 0
"""

TOTALS = """
WITH RECURSIVE {rules}
SELECT s.variant_id, sum(GREATEST(0, {available})) FROM inventory_stocklevel s
  JOIN inventory_location l ON l.id = s.location_id
 WHERE s.variant_id = ANY(%s::bigint[]) AND {no_kit} AND l.id IN ({places}) GROUP BY 1
UNION ALL SELECT variant_id, sum(available) FROM ({kit_shelves}) k GROUP BY 1
"""

SHELVES = """
WITH RECURSIVE {rules}, shelf AS (
    SELECT s.variant_id, s.location_id, {available} AS available, {km} AS km
      FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
     WHERE s.variant_id = ANY(%s::bigint[]) AND {no_kit} AND l.id IN ({places}) AND s.on_hand - s.reserved >= %s
    UNION ALL
    SELECT k.variant_id, k.location_id, k.available, {km} AS km
      FROM ({kit_shelves}) k JOIN inventory_location l ON l.id = k.location_id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY variant_id ORDER BY {order}) AS place FROM shelf WHERE available >= %s
)
SELECT variant_id, location_id, available, km FROM ranked WHERE place <= %s ORDER BY place, variant_id
"""

# 16 bytes a shelf rather than a row: a batch of orders asks for hundreds of thousands.
COLUMNS = """
WITH RECURSIVE {rules_only}
SELECT variant_id, string_agg(int8send(location_id) || int8send(units), ''::bytea) FROM (
    SELECT s.variant_id, s.location_id, {available} AS units
      FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
     WHERE s.variant_id = ANY(%s::bigint[]) AND l.id = ANY(%s::bigint[]) AND s.on_hand > s.reserved
) shelf WHERE units > 0 GROUP BY 1
"""

COLUMNS_TEXT = COLUMNS.format(**PARTS)

# The same for some items in the whole chain, kits too. Where nothing is kept back but by the locations themselves, the
# shelves alone say all; otherwise they meet their locations, read once rather than looked up for each shelf.
EVERYWHERE = """
WITH RECURSIVE {rules}, simple AS MATERIALIZED (
    SELECT (SELECT back FROM kept) IS NULL AND (SELECT enough FROM trust) IS NULL
           AND (SELECT days FROM early) IS NULL AS holds
), place AS MATERIALIZED (
    SELECT id, group_id, timezone, is_practice FROM inventory_location
     WHERE NOT is_practice AND NOT (SELECT holds FROM simple)
)
SELECT variant_id, string_agg(int8send(location_id) || int8send(units), ''::bytea) FROM (
    SELECT s.variant_id, s.location_id, {own}::bigint AS units
      FROM inventory_stocklevel s
     WHERE (SELECT holds FROM simple) AND s.variant_id = ANY(%s::bigint[]) AND {no_kit} AND s.on_hand > s.reserved
    UNION ALL
    SELECT s.variant_id, s.location_id, {available}
      FROM inventory_stocklevel s JOIN place l ON l.id = s.location_id
     WHERE NOT (SELECT holds FROM simple) AND s.variant_id = ANY(%s::bigint[]) AND {no_kit} AND s.on_hand > s.reserved
    UNION ALL
    SELECT variant_id, location_id, available FROM ({kit_shelves}) k
) shelf WHERE units > 0 GROUP BY 1
"""

EVERYWHERE_TEXT = EVERYWHERE.format(kit_shelves=kit_shelves("NOT l.is_practice"), own=OWN.format("s"), **PARTS)

STOCKED = """
WITH RECURSIVE {rules_only}
SELECT s.variant_id FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
 WHERE l.id = %s AND s.variant_id = ANY(%s::bigint[]) AND {available} >= %s
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


def open_for_work(places: QuerySet[Location], now: datetime) -> QuerySet[Location]:
    """Active and not paused."""
    return places.filter(Q(paused_until=None) | Q(paused_until__lte=now), is_active=True)


def sites(
    *,
    places: QuerySet[Location],
    variants: Iterable[int],
    channel: str,
    near: Point | None,
    nearest_of: QuerySet[Location] | None = None,
    count: int | None = None,
) -> list[Site]:
    """`places`, and of `nearest_of` those of the nearest `count` that have any of the variants; nearest first.

    With what each could give to `channel`, in one query, whatever the numbers.
    """
    wanted = sorted(set(variants))
    named, named_values = ids_of(places)
    others, other_values = ids_of(Location.objects.none() if nearest_of is None else nearest_of)
    km, point = _km(near)
    with prepared(values=len(wanted)) as cursor:
        cursor.execute(
            SITES.format(named=named, others=others, km=km, place=PLACE.of("l"), closures=CLOSURE_ROWS, **PARTS),
            [wanted, channel, wanted, *named_values, *other_values, *point, count, *point,
             timezone.now().date() - CLOSURES_SINCE],
        )  # fmt: skip
        found = cursor.fetchall()
    return [_site(row, wanted) for row in found]


def _km(near: Point | None) -> tuple[str, tuple]:
    """The distance from `near` to a location `l` as SQL, with its values."""
    return (KM, (near[0], near[0], near[1])) if near else ("NULL::float", ())


def ids_of(places: QuerySet[Location]) -> tuple[str, tuple]:
    """The ids of some locations as SQL, with its values."""
    try:
        return places.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def _site(row: Sequence[Any], wanted: Sequence[int]) -> Site:
    *columns, km, is_named, stocked, units, given, kits, closure_rows = row
    place: Any = PLACE.row(columns)
    place.closure_rows = json.loads(closure_rows)
    on_shelf = dict(zip(stocked or (), units or (), strict=True))
    available = {variant: each for variant, each in zip(stocked or (), given or (), strict=True) if each > 0}
    if kits:
        on_shelf, available = (_with_kits(json.loads(kits), wanted, shelf) for shelf in (on_shelf, available))
    return Site(place, km, available, is_named=is_named, on_shelf=on_shelf if is_named else {})


def _with_kits(rows: list[list[int]], wanted: Sequence[int], units: dict[int, int]) -> dict[int, int]:
    """What was asked for: kits as often as their parts allow, and no part that nobody asked for."""
    kits: dict[int, list[tuple[int, int]]] = {}
    for kit, component, each in rows:
        kits.setdefault(kit, []).append((component, each))
    had = {variant: of_parts(kits[variant], units) if variant in kits else units.get(variant, 0) for variant in wanted}
    return {variant: number for variant, number in had.items() if number > 0}


def stocking(*, variants: Iterable[int], places: QuerySet[Location], channel: str) -> QuerySet[Location]:
    """Those of `places` that could give anything of any of the variants: what a widened search looks at."""
    wanted = sorted(set(variants))
    text = STOCKING.format(kit_shelves=kit_shelves("true"), **PARTS)
    return places.filter(pk__in=RawSQL(text, [wanted, channel, wanted, wanted]))  # noqa: S611 - a text of our own


def stocked_at(location: Location, *, quantity: int, channel: str, variants: Sequence[int] | None = None) -> list[int]:
    """Of these variants, or of all that lie there, those of which the location could give so many."""
    if variants is None:
        here = StockLevel.objects.filter(location=location, on_hand__gte=F("reserved") + quantity)
        variants = list(here.values_list("variant_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(STOCKED.format(**PARTS), [channel, list(variants), location.pk, list(variants), quantity])
        return [variant for (variant,) in cursor.fetchall()]


class Shelves(NamedTuple):
    """Shelves as columns, in no order; units are above zero."""

    variant: NDArray[np.int64]
    location: NDArray[np.int64]
    units: NDArray[np.int64]


def shelves(*, variants: Collection[int], places: Collection[int], channel: str) -> Shelves:
    """What each of `places` could give of each of `variants`, of any number of them in one query."""
    asked = sorted(variants)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS_TEXT, [channel, asked, asked, array(places)])
        return _columns(cursor.fetchall())


def shelves_everywhere(*, variants: Collection[int], channel: str) -> Shelves:
    """What each location could give of each of some variants, kits too, in one query that was planned before.

    Whoever asks leaves out locations that take no part, practice ones among them.
    """
    asked = array(sorted(set(variants)))
    with prepared() as cursor:
        cursor.execute(EVERYWHERE_TEXT, [asked, channel, asked, asked, asked])
        return _columns(cursor.fetchall())


def _columns(rows: Iterable[tuple[int, bytes]]) -> Shelves:
    found = [(variant, np.frombuffer(packed, ">i8").reshape(-1, 2)) for variant, packed in rows]
    if not found:
        return Shelves(*(np.zeros(0, np.int64) for _ in range(3)))
    both = np.concatenate([pairs for _variant, pairs in found]).astype(np.int64)
    names, counts = [variant for variant, _pairs in found], [len(pairs) for _variant, pairs in found]
    return Shelves(np.repeat(np.array(names, np.int64), counts), both[:, 0], both[:, 1])


def totals(*, variants: Sequence[int], places: QuerySet[Location], channel: str) -> dict[int, int]:
    """variant -> units available to the channel over all of `places`."""
    ids, values = ids_of(places)
    asked = list(variants)
    text = TOTALS.format(places=ids, kit_shelves=kit_shelves(f"l.id IN ({ids})"), **PARTS)
    with connection.cursor() as cursor:
        cursor.execute(text, [asked, channel, asked, asked, *values, *values])
        return {variant: int(total) for variant, total in cursor.fetchall()}


def supply(
    *,
    variants: Sequence[int],
    places: QuerySet[Location],
    channel: str,
    near: Point | None,
    quantity: int = 1,
    limit: int = 20,
) -> dict[int, Supply]:
    """variant -> its total over `places`, and the nearest `limit` of them that have `quantity` of it.

    Without a point the fullest shelves come first. Three queries, whatever the numbers.
    """
    wanted = totals(variants=variants, places=places, channel=channel)
    found = {variant: Supply(total) for variant, total in wanted.items()}
    ids, values = ids_of(places)
    km, point = _km(near)
    order = "km NULLS LAST, location_id" if near else "available DESC, location_id"
    least = max(quantity, 1)
    asked = list(variants)
    kits = kit_shelves(f"l.id IN ({ids})")
    with connection.cursor() as cursor:
        cursor.execute(
            SHELVES.format(places=ids, km=km, order=order, kit_shelves=kits, **PARTS),
            [asked, channel, asked, *point, asked, *values, least, *point, *values, least, limit],
        )
        nearest = cursor.fetchall()
    sites_by_id = Location.objects.with_closures().in_bulk({row[1] for row in nearest})
    for variant, location, available, km_away in nearest:
        site = Site(sites_by_id[location], km_away, {variant: available})
        found.setdefault(variant, Supply()).shelves.append((site, available))
    return found


def supply_at(
    *, variants: Sequence[int], places: QuerySet[Location], named: QuerySet[Location], channel: str, near: Point | None
) -> dict[int, Supply]:
    """The same for the `named` locations, all of them, also where the shelf is empty."""
    wanted = totals(variants=variants, places=places, channel=channel)
    found = {variant: Supply(total) for variant, total in wanted.items()}
    for site in sites(places=named, variants=variants, channel=channel, near=near):
        for variant in variants:
            shelf = (site, max(0, site.available.get(variant, 0)))
            found.setdefault(variant, Supply()).shelves.append(shelf)
    return found
