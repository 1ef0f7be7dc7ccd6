"""The ledger's months are made ahead, so that its default partition stays empty."""

from datetime import datetime

from django.db import connection

MONTHS_AHEAD = 6


def make_partitions(*, now: datetime, months: int = MONTHS_AHEAD) -> None:
    """Make sure that this month and the next `months` have their partition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inventory_make_ledger_months(%s::date, %s)", [now.date(), months])
