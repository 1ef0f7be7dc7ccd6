"""How many units of each shelf customers buy on a day, from what left it for them in the last four weeks.

Units that were shipped do not count: a router chose their shelf, no customer did. A young ledger is divided by the days
that it has, at least a week, so that a first good day is no trend.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min

from inventory.models import StockMovement
from omni.core.operation import operation

DAYS, FEWEST_DAYS = 28, 7

# Only what changed is written; a shelf that sold nothing any more loses its row.
LEARN = """
WITH sold AS MATERIALIZED (
    SELECT m.variant_id, m.location_id, -sum(m.quantity)::int AS units
      FROM inventory_stockmovement m JOIN inventory_location l ON l.id = m.location_id AND NOT l.is_practice
     WHERE m.recorded_at >= %(since)s AND m.recorded_at < %(now)s AND m.bucket = ''
       AND m.kind IN ('pos_sale', 'pos_return', 'pickup', 'carry_out')
     GROUP BY 1, 2 HAVING sum(m.quantity) < 0
), gone AS (
    DELETE FROM inventory_salesrate r
     WHERE NOT EXISTS (SELECT 1 FROM sold s WHERE s.variant_id = r.variant_id AND s.location_id = r.location_id)
)
INSERT INTO inventory_salesrate AS r (variant_id, location_id, units, daily_rate, learned_at)
SELECT variant_id, location_id, units, units / %(days)s::float8, %(now)s FROM sold
 ORDER BY variant_id, location_id
ON CONFLICT (variant_id, location_id)
DO UPDATE SET units = EXCLUDED.units, daily_rate = EXCLUDED.daily_rate, learned_at = EXCLUDED.learned_at
 WHERE (r.units, r.daily_rate) <> (EXCLUDED.units, EXCLUDED.daily_rate)
"""


@operation
def learn_sales(*, now: datetime) -> int:
    """Learn every shelf's daily rate anew; returns how many rates are new or changed."""
    since = now - timedelta(days=DAYS)
    first = StockMovement.objects.filter(recorded_at__gte=since, recorded_at__lt=now).aggregate(at=Min("recorded_at"))
    age = DAYS if first["at"] is None else (now - first["at"]).days + 1
    days = max(FEWEST_DAYS, min(DAYS, age))
    with connection.cursor() as cursor:
        cursor.execute(LEARN, {"since": since, "now": now, "days": days})
        return int(cursor.rowcount)
