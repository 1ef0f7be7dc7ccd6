"""What nobody asks for again is let go, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from omni.core import purge, relay
from omni.core.events import emit, on
from omni.core.models import Event, EventDelivery, IdempotencyKey, JobRun

pytestmark = pytest.mark.django_db


def key(name, age):
    IdempotencyKey.objects.create(
        principal="00000000-0000-0000-0000-000000000001",
        key=name,
        method="POST",
        path="/",
        body_digest="",
        created_at=timezone.now() - age,
    )


def test_answers_are_kept_for_thirty_days():
    key("old", timedelta(days=30, minutes=1))
    key("young", timedelta(days=29, hours=23))
    purge.purge(timezone.now())
    assert IdempotencyKey.objects.get().key == "young"


def test_finished_deliveries_go_and_unfinished_or_given_up_ones_stay(subscribers):
    on("orders.placed", name="projection")(lambda event: None)
    for which in "abc":
        emit("orders.placed", aggregate=("order", which), payload={})
    relay.run_once()
    long_ago = timezone.now() - timedelta(days=31)
    EventDelivery.objects.update(finished_at=long_ago)
    a, b, _c = EventDelivery.objects.order_by("position")
    EventDelivery.objects.filter(pk=a.pk).update(status="dead")
    EventDelivery.objects.filter(pk=b.pk).update(status="pending")
    purge.purge(timezone.now())
    assert set(EventDelivery.objects.values_list("pk", flat=True)) == {a.pk, b.pk}
    assert Event.objects.count() == 3


def test_the_newest_run_of_each_job_stays(jobs):
    now = timezone.now()
    for job, days in [("a", 9), ("a", 8), ("b", 20), ("c", 1)]:
        JobRun.objects.create(job=job, slot=now - timedelta(days=days))
    purge.purge(now)
    left = [(run.job, (now - run.slot).days) for run in JobRun.objects.order_by("job")]
    assert left == [("a", 8), ("b", 20), ("c", 1)]


def test_many_go_in_slices(monkeypatch):
    monkeypatch.setattr(purge, "SLICE", 3)
    for n in range(8):
        key(str(n), timedelta(days=40))
    purge.purge(timezone.now())
    assert not IdempotencyKey.objects.exists()


def test_what_does_not_fit_the_time_waits_for_the_next_run(monkeypatch):
    monkeypatch.setattr(purge, "BUDGET", 0.0)
    key("old", timedelta(days=40))
    purge.purge(timezone.now())
    assert IdempotencyKey.objects.count() == 1
