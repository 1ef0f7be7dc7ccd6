"""Shrink: what changed the book without a sale, a receipt or a move, at cost. Found and missing are kept apart."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.models import Variant
from inventory.models.movement import UNEXPLAINED

DAYS = 30
WORST = 10

BY_DAY = """
SELECT (m.recorded_at AT TIME ZONE 'UTC')::date AS day, m.kind, count(*) AS movements,
       COALESCE(sum(m.quantity * v.unit_cost) FILTER (WHERE m.quantity > 0), 0) AS found,
       COALESCE(sum(-m.quantity * v.unit_cost) FILTER (WHERE m.quantity < 0), 0) AS missing
  FROM inventory_stockmovement m JOIN inventory_variant v ON v.id = m.variant_id
 WHERE m.kind IN {kinds} AND m.recorded_at >= %(since)s AND {places}
 GROUP BY 1, 2
"""
BY_PLACE = """
SELECT l.code, l.name, -sum(m.quantity * v.unit_cost) AS net, count(*) AS movements
  FROM inventory_stockmovement m JOIN inventory_variant v ON v.id = m.variant_id
  JOIN inventory_location l ON l.id = m.location_id
 WHERE m.kind IN {kinds} AND m.recorded_at >= %(since)s AND {places}
 GROUP BY l.id HAVING sum(m.quantity * v.unit_cost) < 0 ORDER BY net DESC, l.code LIMIT %(worst)s
"""
BY_ITEM = """
SELECT v.id, -sum(m.quantity * v.unit_cost) AS net, -sum(m.quantity) AS units
  FROM inventory_stockmovement m JOIN inventory_variant v ON v.id = m.variant_id
 WHERE m.kind IN {kinds} AND m.recorded_at >= %(since)s AND {places}
 GROUP BY v.id HAVING sum(m.quantity * v.unit_cost) < 0 ORDER BY net DESC, v.sku LIMIT %(worst)s
"""


@dataclass(frozen=True)
class Day:
    """What was found and what went missing on one day, at cost."""

    day: date
    found: Decimal = Decimal(0)
    missing: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        return self.missing - self.found


@dataclass(frozen=True)
class Unexplained:
    """The last days, each kind of movement, and where it was worst."""

    days: list[Day]
    kinds: dict[str, Day]
    places: list[tuple[Any, ...]]  # code, name, net loss, movements
    items: list[tuple[Variant, Decimal, int]]  # with net loss and net units
    movements: int

    @property
    def missing(self) -> Decimal:
        return sum((day.missing for day in self.days), Decimal(0))

    @property
    def found(self) -> Decimal:
        return sum((day.found for day in self.days), Decimal(0))


def unexplained(now: datetime, *, places: list[int] | None) -> Unexplained:
    """The last 30 days (UTC) at these locations (None: all), by three scans of a small partial index."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    asked = {"since": datetime.combine(first, time.min, UTC), "places": places, "worst": WORST}
    rows = _ask(BY_DAY, asked)
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range(DAYS)}
    kinds: dict[str, Day] = {}
    for day, kind, _count, found, missing in rows:
        known = days.get(day, Day(day))
        days[day] = Day(day, known.found + found, known.missing + missing)
        before = kinds.get(kind, Day(today))
        kinds[kind] = Day(today, before.found + found, before.missing + missing)
    return Unexplained(list(days.values()), kinds, _ask(BY_PLACE, asked), _items(asked),
                       sum(row[2] for row in rows))  # fmt: skip


def _ask(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    kinds = "(" + ", ".join(f"'{kind}'" for kind in UNEXPLAINED) + ")"
    places = "TRUE" if asked["places"] is None else "m.location_id = ANY(%(places)s)"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(kinds=kinds, places=places), asked)
        return cursor.fetchall()


def _items(asked: dict[str, Any]) -> list[tuple[Variant, Decimal, int]]:
    rows = _ask(BY_ITEM, asked)
    variants = Variant.objects.select_related("product").in_bulk([row[0] for row in rows])
    return [(variants[pk], net, units) for pk, net, units in rows]
