"""Long work in committed slices, with the progress somebody is waiting for."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.core.models.fields import UuidV7

ERRORS_KEPT = 1000


class JobStatus(models.TextChoices):
    """Where a long job stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """An import or another long run: how far it is, what went wrong, what came of it."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    status = models.CharField(_("status"), max_length=12, choices=JobStatus, db_default=JobStatus.WAITING)
    total = models.PositiveIntegerField(_("total"), null=True)
    done = models.PositiveIntegerField(_("done"), db_default=0)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    errors = models.JSONField(_("errors"), default=list, encoder=DjangoJSONEncoder)
    error_count = models.PositiveIntegerField(_("number of errors"), db_default=0)
    result = models.JSONField(_("result"), default=dict, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(_("by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["kind", "-created_at"], name="core_job_latest")]
        constraints = [models.CheckConstraint(condition=Q(status__in=JobStatus.values), name="core_job_known_status")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total if self.total is not None else '?'}"

    @property
    def percent(self) -> int | None:
        """How far it is, where the total is known."""
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)

    def start(self, *, total: int | None = None) -> None:
        """Begin; a second start keeps the progress, so that a slice can be taken up again."""
        self._write(status=JobStatus.RUNNING, total=total, started_at=Now())

    def advance(self, *, by: int, errors: list[Any] | None = None) -> None:
        """Add one committed slice; of many errors the first thousand are kept and all are counted."""
        errors = errors or []
        kept = [*self.errors, *errors][:ERRORS_KEPT]
        self._write(done=F("done") + by, errors=kept, error_count=F("error_count") + len(errors))

    def finish(self, *, result: dict[str, Any] | None = None) -> None:
        """All slices are in."""
        self._write(status=JobStatus.DONE, result=result or {}, finished_at=Now())

    def fail(self, *, detail: str) -> None:
        """It cannot go on; what is committed stays."""
        self._write(status=JobStatus.FAILED, result={"detail": detail}, finished_at=Now())

    def _write(self, **changes: Any) -> None:
        type(self).objects.filter(pk=self.pk).update(**changes)
        self.refresh_from_db(fields=list(changes))
