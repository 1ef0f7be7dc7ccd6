"""The events' months are made ahead, so that their default partition stays empty."""

from datetime import datetime

from django.db import connection, transaction

from omni.core.schedule import periodic

MONTHS_AHEAD = 6


@periodic("core.make_event_months", seconds=24 * 3600, queue="bulk")
def make_event_months(now: datetime, months: int = MONTHS_AHEAD) -> None:
    """Make sure that this month and the next `months` have their partition, with its own unique indexes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL lock_timeout = '500ms'"
        )  # who waits for the table makes every order wait: tomorrow then
        cursor.execute("SELECT core_make_event_months(%s::date, %s)", [now.date(), months])
