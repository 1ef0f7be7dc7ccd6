"""Sum up how late the ledger's rows were, hour by hour, so that nobody has to read the ledger for a picture."""

from datetime import datetime, timedelta

from django.db import connection

from inventory.models import FeedLag
from inventory.models.feed_lag import STEPS
from omni.core.models import JobRun
from omni.core.operation import operation

JOB = "inventory.sum_lags"
AGAIN = timedelta(hours=1)  # a transaction that began in the last hour may have committed after the last look
MOST_AT_ONCE = timedelta(hours=24)
KEPT = timedelta(days=35)

# The ledger only grows, so an hour that is summed again can only hold more: two jobs at once do no harm.
SUM = """
INSERT INTO inventory_feedlag AS f (hour, source, step, movements)
SELECT date_trunc('hour', recorded_at, 'UTC'), source,
       width_bucket(extract(epoch FROM greatest(recorded_at - occurred_at, interval '0')), %(steps)s::numeric[]),
       count(*)
  FROM inventory_stockmovement WHERE recorded_at >= %(since)s AND recorded_at < %(until)s AND source <> ''
 GROUP BY 1, 2, 3
    ON CONFLICT (hour, source, step) DO UPDATE SET movements = EXCLUDED.movements
 WHERE f.movements < EXCLUDED.movements
"""


@operation
def sum_lags(*, now: datetime) -> int:
    """Bring the sums up to `now`; returns how many changed. After a pause it looks back one day."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    since = max([hour - MOST_AT_ONCE, *(min(known, hour) - AGAIN for known in _known())])
    FeedLag.objects.filter(hour__lt=hour - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(SUM, {"steps": list(STEPS), "since": since, "until": hour + timedelta(hours=1)})
        return int(cursor.rowcount)


def _known() -> list[datetime]:
    """The last hour with a sum, and the last run: where no source tells anything there are runs and no sums."""
    sums = FeedLag.objects.order_by("-hour").values_list("hour", flat=True)[:1]
    runs = JobRun.objects.filter(job=JOB, finished_at__isnull=False, error="").order_by("-slot")
    return [*sums, *runs.values_list("slot", flat=True)[:1]]
