"""What lay on a shelf at a moment in the past, read from the ledger: by the book of then, and as known today.

Both count back from what lies there now, so a question costs as much as happened since, never as much as ever happened.
The book of then knew what was recorded by that moment; a late report changes what is known today about it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from inventory.models import StockMovement

CHUNK = 2_000

# Clocks of sources run a little fast: what happened after the moment may have been recorded up to an hour before it.
SINCE = """
SELECT sum(m.quantity) FILTER (WHERE m.recorded_at > %(at)s) AS recorded,
       sum(m.quantity) FILTER (WHERE m.occurred_at > %(at)s) AS happened
  FROM inventory_stockmovement m
 WHERE m.variant_id = s.variant_id AND m.location_id = s.location_id AND m.bucket = ''
   AND m.recorded_at > %(at)s - interval '1 hour'
"""
SHELVES = f"""
SELECT s.variant_id, s.location_id, s.on_hand, COALESCE(since.recorded, 0), COALESCE(since.happened, 0)
  FROM inventory_stocklevel s LEFT JOIN LATERAL ({SINCE}) since ON true
"""  # noqa: S608 - a text of our own
OF_ITEMS = f"{SHELVES} WHERE s.variant_id = ANY(%(variants)s) AND s.location_id = ANY(%(locations)s)"
OF_LOCATION = (
    f"{SHELVES} WHERE s.location_id = %(location)s AND s.variant_id > %(after)s ORDER BY s.variant_id LIMIT %(n)s"
)

COURSE = """
WITH moved AS (
    SELECT LEAST(%(points)s - 1, ceil(extract(epoch FROM recorded_at - %(since)s) / %(step)s))::int AS n,
           sum(quantity) AS units
      FROM inventory_stockmovement
     WHERE variant_id = %(v)s AND location_id = %(l)s AND bucket = '' AND recorded_at > %(since)s
     GROUP BY 1
)
SELECT (s.on_hand - COALESCE(sum(moved.units), 0))::int
  FROM inventory_stocklevel s CROSS JOIN generate_series(0, %(points)s - 1) point(n)
  LEFT JOIN moved ON moved.n > point.n
 WHERE s.variant_id = %(v)s AND s.location_id = %(l)s
 GROUP BY point.n, s.on_hand ORDER BY point.n
"""
FIELDS = [field.column for field in StockMovement._meta.concrete_fields]
LAST = """
SELECT {columns} FROM unnest(%(v)s::bigint[], %(l)s::bigint[]) AS k (variant_id, location_id),
 LATERAL (SELECT * FROM inventory_stockmovement o
           WHERE o.variant_id = k.variant_id AND o.location_id = k.location_id AND o.bucket = ''
             AND o.recorded_at <= %(at)s ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1) m
"""


@dataclass(frozen=True)
class Then:
    """Units on one shelf: now, by the book at that moment, and as they lay there by what is known today."""

    variant_id: int
    location_id: int
    now: int
    booked: int
    known: int


def shelves_as_of(*, variants: Sequence[int], locations: Sequence[int], at: datetime) -> dict[tuple[int, int], Then]:
    """By (variant, location); a shelf that was never opened is missing."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ITEMS, {"variants": list(variants), "locations": list(locations), "at": at})
        found = [_then(row) for row in cursor.fetchall()]
    return {(then.variant_id, then.location_id): then for then in found}


def location_as_of(location_id: int, at: datetime) -> Iterator[Then]:
    """Every shelf of a location in the order of its variants, some thousand at a time."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(OF_LOCATION, {"location": location_id, "after": after, "at": at, "n": CHUNK})
            rows = cursor.fetchall()
        yield from (_then(row) for row in rows)
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def changed_last(keys: Iterable[tuple[int, int]], at: datetime) -> dict[tuple[int, int], StockMovement]:
    """Of these (variant, location): the last movement of sellable units that the book of that moment knew of."""
    pairs = sorted(set(keys))
    columns = ", ".join(f"m.{name}" for name in FIELDS)
    rows = StockMovement.objects.raw(LAST.format(columns=columns), {
        "v": [variant for variant, _ in pairs], "l": [place for _, place in pairs], "at": at,
    })  # fmt: skip
    return {(row.variant_id, row.location_id): row for row in rows}


def course(shelf: tuple[int, int], *, now: datetime, span: timedelta, points: int) -> list[int]:
    """Units by the book at so many moments, evenly over the span that ends now; one query."""
    since, step = now - span, span.total_seconds() / (points - 1)
    with connection.cursor() as cursor:
        cursor.execute(COURSE, {"v": shelf[0], "l": shelf[1], "since": since, "step": step, "points": points})
        return [row[0] for row in cursor.fetchall()]


def _then(row: tuple[int, int, int, int, int]) -> Then:
    variant, location, now, recorded, happened = row
    return Then(variant, location, now, now - recorded, now - happened)
