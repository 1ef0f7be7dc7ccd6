"""When pickers had units in their hands is let go once no count can ask for it any more."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min

from inventory.models import CountSession

KEPT = timedelta(days=7)
BEFORE = timedelta(hours=1)  # a scan may have been done a little before its session began here
SLICE = 20_000

FORGET = """
DELETE FROM inventory_offshelf WHERE id IN (SELECT id FROM inventory_offshelf WHERE at < %s ORDER BY at LIMIT %s)
"""


def forget_off_shelf(*, now: datetime) -> int:
    """Delete what is older than a week and than every count that is not over, 20,000 rows at once; returns how many."""
    unfinished = CountSession.objects.filter(status__in=CountSession.AT_WORK)
    first = unfinished.aggregate(at=Min("started_at"))["at"]
    until = min(now - KEPT, first - BEFORE) if first else now - KEPT
    gone = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [until, SLICE])
            gone += cursor.rowcount
            if cursor.rowcount < SLICE:
                return gone
