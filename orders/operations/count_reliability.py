"""Which locations give what they are asked to ship: declined, not found, or given, by location and category.

The chance that a location can give a line is that it accepts, times that the units are found. Each is the mean of a
Beta, shrunk to what the location and the category are like; a confidence model in force says what is found.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from inventory.confidence import confidences
from inventory.models.kept_back import PATH
from omni.core.operation import operation
from omni.core.prepared import prepared
from orders.routing.cost import Record, chance_to_give

DAYS = 90

COUNT = """
WITH seen AS MATERIALIZED (
    SELECT f.location_id, {path} AS path, f.status, l.short_quantity > 0 AS is_short
      FROM orders_fulfillmentorder f
      JOIN orders_fulfillmentline l ON l.fulfillment_order_id = f.id
      JOIN inventory_location p ON p.id = f.location_id AND NOT p.is_practice
      JOIN inventory_variant v ON v.id = l.variant_id JOIN inventory_product c ON c.id = v.product_id
     WHERE f.method = 'ship' AND f.closed_at >= %(since)s AND f.closed_at < %(now)s AND f.released_at IS NOT NULL
       AND f.status IN ('shipped', 'declined', 'short')
), counted AS MATERIALIZED (
    SELECT location_id, path, count(*) AS asked, count(*) FILTER (WHERE status = 'declined') AS declined,
           count(*) FILTER (WHERE status <> 'declined' AND is_short) AS short
      FROM seen GROUP BY GROUPING SETS ((location_id, path), (location_id), (path), ()) HAVING count(*) > 0
), gone AS (
    DELETE FROM orders_reliability r WHERE NOT EXISTS (
        SELECT 1 FROM counted c WHERE (c.location_id, c.path) IS NOT DISTINCT FROM (r.location_id, r.path))
)
INSERT INTO orders_reliability AS r (location_id, path, asked, declined, short, counted_at)
SELECT location_id, path, asked, declined, short, %(now)s FROM counted ORDER BY location_id, path
ON CONFLICT (location_id, path)
DO UPDATE SET asked = EXCLUDED.asked, declined = EXCLUDED.declined, short = EXCLUDED.short,
              counted_at = EXCLUDED.counted_at
 WHERE (r.asked, r.declined, r.short) <> (EXCLUDED.asked, EXCLUDED.declined, EXCLUDED.short)
"""
COUNT = COUNT.format(path=PATH.format("c.category"))

OF_SHELVES = """
SELECT t.v, t.l, COALESCE(o.asked, 0), COALESCE(o.declined, 0), COALESCE(o.short, 0),
       COALESCE(p.asked, 0), COALESCE(p.declined, 0), COALESCE(p.short, 0),
       COALESCE(k.asked, 0), COALESCE(k.declined, 0), COALESCE(k.short, 0),
       COALESCE(a.asked, 0), COALESCE(a.declined, 0), COALESCE(a.short, 0)
  FROM unnest(%s::bigint[], %s::bigint[]) AS t(v, l)
  JOIN inventory_variant v ON v.id = t.v
  JOIN (SELECT id, {path} AS path FROM inventory_product c) AS c ON c.id = v.product_id
  LEFT JOIN orders_reliability o ON o.location_id = t.l AND o.path = c.path
  LEFT JOIN orders_reliability p ON p.location_id = t.l AND p.path IS NULL
  LEFT JOIN orders_reliability k ON k.location_id IS NULL AND k.path = c.path
  LEFT JOIN orders_reliability a ON a.location_id IS NULL AND a.path IS NULL
"""
OF_SHELVES = OF_SHELVES.format(path=PATH.format("c.category"))


@operation
def count_reliability(*, now: datetime) -> int:
    """Count the parcels of the last 90 days anew; returns how many rows are new or changed."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": now - timedelta(days=DAYS), "now": now})
        return int(cursor.rowcount)


def chances_to_give(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """(variant, location) -> the chance that the location gives a line of it, of existing variants; two queries."""
    pairs = list(keys)
    if not pairs:
        return {}
    found = confidences(pairs)
    with prepared(values=len(pairs)) as cursor:
        cursor.execute(OF_SHELVES, [[variant for variant, _place in pairs], [place for _variant, place in pairs]])
        rows = cursor.fetchall()
    chances = {}
    for variant, place, *counts in rows:
        asked, declined, short = counts[0::3], counts[1::3], counts[2::3]
        accepts = chance_to_give(*(Record(a, d) for a, d in zip(asked, declined, strict=True)))
        finds = found.get((variant, place))
        if finds is None:
            finds = chance_to_give(*(Record(a - d, s) for a, d, s in zip(asked, declined, short, strict=True)))
        chances[variant, place] = accepts * finds
    return chances
