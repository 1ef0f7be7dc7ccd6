"""Each slot of a periodic job runs once, whoever rings."""

from datetime import UTC, datetime, timedelta

import pytest

from omni import celery
from omni.core import periodic_runs, schedule
from omni.core.models import JobRun
from tests.core.conftest import at_once

NOON = datetime(2026, 5, 1, 12, 0, 7, tzinfo=UTC)


@pytest.fixture
def ran(jobs):
    calls = []
    schedule.periodic("trial", seconds=60, queue="bulk")(calls.append)
    return calls


@pytest.mark.django_db
def test_a_slot_runs_once_and_the_next_one_again(ran):
    assert periodic_runs.run("trial", now=NOON) is True
    assert periodic_runs.run("trial", now=NOON + timedelta(seconds=50)) is False
    assert periodic_runs.run("trial", now=NOON + timedelta(seconds=53)) is True
    assert ran == [NOON, NOON + timedelta(seconds=53)]
    assert [f"{run.slot:%H:%M:%S}" for run in JobRun.objects.order_by("slot")] == ["12:00:00", "12:01:00"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_beat_and_relay_at_the_same_moment_run_it_once(ran):
    results = at_once(*[lambda: periodic_runs.run("trial", now=NOON)] * 6)
    assert sorted(results) == [False] * 5 + [True]
    assert len(ran) == 1


@pytest.mark.django_db
def test_a_failure_is_written_down_and_the_next_slot_tries_again(jobs):
    @schedule.periodic("broken", seconds=60)
    def broken(now):
        raise ValueError("no such file")

    assert periodic_runs.run("broken", now=NOON) is True
    run = JobRun.objects.get()
    assert run.error == "ValueError: no such file"
    assert run.finished_at is not None
    assert periodic_runs.run("broken", now=NOON + timedelta(minutes=1)) is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "late", "expected"),
    [(60, 60 + 59, []), (60, 60 + 61, ["trial"]), (2, 11, []), (2, 13, ["trial"])],
    ids=["one interval late", "more than one late", "a short job within 10 s", "a short job beyond"],
)
def test_the_relay_steps_in_only_where_beat_is_away(jobs, seconds, late, expected):
    schedule.periodic("trial", seconds=seconds)(lambda now: None)
    now = periodic_runs.database_now()
    JobRun.objects.create(job="trial", slot=now - timedelta(seconds=late))
    assert periodic_runs.overdue(since=now - timedelta(days=1)) == expected


@pytest.mark.django_db
def test_a_job_that_never_ran_is_given_the_time_since_the_relay_began(ran):
    now = periodic_runs.database_now()
    assert periodic_runs.overdue(since=now - timedelta(seconds=119)) == []
    assert periodic_runs.overdue(since=now - timedelta(seconds=121)) == ["trial"]


def test_beat_rings_for_every_registered_job(ran):
    entry = celery.beat_schedule()["trial"]
    assert entry["task"] == "core.run_periodic"
    assert (entry["args"], entry["schedule"], entry["options"]["queue"]) == (("trial",), 60, "bulk")


def test_every_entry_of_beat_names_a_task_that_exists_and_a_queue_that_is_served():
    celery.app.loader.import_default_modules()
    for entry in celery.beat_schedule().values():
        assert entry["task"] in celery.app.tasks
        assert entry["options"]["queue"] in celery.QUEUES


def test_two_jobs_cannot_have_one_name(ran):
    with pytest.raises(ValueError, match="Two periodic jobs"):
        schedule.periodic("trial", seconds=5)(lambda now: None)
