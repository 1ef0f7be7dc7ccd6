"""Which locations give what they are asked to ship: declined, not found, or given, by location and category.
What that says of a shelf: `shelf_records`.
"""

from datetime import datetime, timedelta

from django.db import connection

from inventory.models.kept_back import PATH
from omni.core.operation import operation

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


@operation
def count_reliability(*, now: datetime) -> int:
    """Count the parcels of the last 90 days anew; returns how many rows are new or changed."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": now - timedelta(days=DAYS), "now": now})
        return int(cursor.rowcount)
