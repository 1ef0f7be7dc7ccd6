"""Run what the clock calls, each slot once."""

import logging
from datetime import datetime

from django.db import connection
from django.db.models.functions import Now

from omni.core import schedule
from omni.core.models import JobRun

logger = logging.getLogger(__name__)


def run(name: str, *, now: datetime | None = None) -> bool:
    """Run the current slot of a job, unless somebody already has; False where somebody had."""
    job = schedule.jobs()[name]
    now = now or database_now()
    row, is_mine = JobRun.objects.get_or_create(job=name, slot=job.slot(now))
    if not is_mine:
        return False
    error = ""
    try:
        job.function(now)
    except Exception as failure:
        logger.exception("periodic job %s failed; the next slot tries again", name)
        error = f"{type(failure).__name__}: {failure}"[:1000]
    JobRun.objects.filter(pk=row.pk).update(finished_at=Now(), error=error)
    return True


def overdue(*, since: datetime) -> list[str]:
    """Jobs whose last slot is so long ago that beat must be away; one that never ran counts from `since`."""
    now, last = database_now(), _last_slots()
    return [name for name, job in schedule.jobs().items() if now - max(last[name] or since, since) > job.patience]


def _last_slots() -> dict[str, datetime | None]:
    """One look into the index per job: the table holds days of runs, and the relay asks every second."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, (SELECT max(slot) FROM core_jobrun WHERE job = name) FROM unnest(%s::text[]) AS name",
            [list(schedule.jobs())],
        )
        return dict(cursor.fetchall())


def run_overdue(*, since: datetime) -> int:
    """Step in for beat: run each overdue job once."""
    return sum(run(name) for name in overdue(since=since))


def database_now() -> datetime:
    """The database's clock, which all processes share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now
