"""Long work goes on in committed slices that somebody can watch."""

import pytest

from omni.core.models import Job, JobStatus
from omni.core.models.job import ERRORS_KEPT

pytestmark = pytest.mark.django_db


def test_progress_is_added_up_from_slices():
    job = Job.objects.create(kind="import")
    assert (job.percent, str(job)) == (None, "import 0/?")
    job.start(total=300)
    job.advance(by=100)
    other_process = Job.objects.get()
    other_process.advance(by=50, errors=[{"line": 7, "reason": "unknown SKU"}])
    job.refresh_from_db()
    assert (job.status, job.done, job.percent, job.error_count) == (JobStatus.RUNNING, 150, 50, 1)
    job.finish(result={"rows": 300})
    assert (job.status, job.result) == (JobStatus.DONE, {"rows": 300})
    assert job.finished_at >= job.started_at


def test_of_very_many_errors_all_are_counted_and_the_first_are_kept():
    job = Job.objects.create(kind="import")
    job.advance(by=1, errors=[{"line": n} for n in range(ERRORS_KEPT + 5)])
    assert job.error_count == ERRORS_KEPT + 5
    assert len(job.errors) == ERRORS_KEPT
    assert job.errors[0] == {"line": 0}


def test_a_failure_keeps_what_was_done():
    job = Job.objects.create(kind="import")
    job.start(total=10)
    job.advance(by=4)
    job.fail(detail="The file ended in the middle of a row.")
    assert (job.status, job.done, job.result["detail"]) == ("failed", 4, "The file ended in the middle of a row.")
