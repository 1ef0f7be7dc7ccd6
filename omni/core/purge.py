"""What nobody will ask for again is let go, a slice at a time."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Max, QuerySet
from django.db.models.functions import Now

from omni.core.models import EventDelivery, IdempotencyKey, InboundMessage, JobRun, WebhookDelivery
from omni.core.schedule import periodic

ANSWERS_ARE_KEPT = timedelta(days=30)
DELIVERIES_ARE_KEPT = timedelta(days=30)
INBOUND_IS_KEPT = timedelta(days=30)
JOB_RUNS_ARE_KEPT = timedelta(days=2)
SLICE = 1000
BUDGET = 20.0  # seconds; what is left waits for the next time


@periodic("core.purge", seconds=3600, queue="bulk")
def purge(now: datetime) -> None:
    """Old answers, finished deliveries, ended sessions and the rows of old job runs."""
    began = time.monotonic()
    for rows in _outlived(now):
        while time.monotonic() - began < BUDGET and _delete_slice(rows):
            continue


def _outlived(now: datetime) -> list[QuerySet[Any]]:
    newest = JobRun.objects.values("job").annotate(newest=Max("id")).values("newest")
    return [
        IdempotencyKey.objects.filter(created_at__lt=Now() - ANSWERS_ARE_KEPT),
        EventDelivery.objects.all().finished_before(DELIVERIES_ARE_KEPT),
        WebhookDelivery.objects.all().finished_before(DELIVERIES_ARE_KEPT),
        InboundMessage.objects.filter(received_at__lt=Now() - INBOUND_IS_KEPT),
        JobRun.objects.filter(slot__lt=now - JOB_RUNS_ARE_KEPT).exclude(pk__in=newest),
        Session.objects.filter(expire_date__lt=now),
    ]


def _delete_slice(rows: QuerySet[Any]) -> int:
    """One committed slice; locks are held briefly and nobody waits for the rest."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:SLICE])
    if not keys:
        return 0
    deleted, _by_model = rows.model._base_manager.filter(pk__in=keys).delete()
    return deleted
