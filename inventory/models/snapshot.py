"""What a source says lies on its shelves at one moment, and what became of each row of it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.feed import Feed
from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.models.fields import UuidV7
from omni.core.private_files import private_files
from omni.core.states import Stateful


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def unfinished(self) -> "SnapshotQuerySet":
        """What a worker has to go on with, the oldest moment first."""
        return self.filter(status__in=Snapshot.AT_WORK).order_by("as_of", "pk")

    def outlived(self, before: datetime) -> "SnapshotQuerySet":
        """Finished ones of a moment before then, whose rows are still kept."""
        return self.filter(as_of__lt=before, forgotten_at=None).exclude(status__in=Snapshot.AT_WORK).order_by("as_of")


class Snapshot(Stateful, models.Model):
    class Status(models.TextChoices):
        READING = "reading", _("Reading")
        COMPARING = "comparing", _("Comparing")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        NDJSON = "ndjson", "NDJSON"

    AT_WORK = (Status.READING, Status.COMPARING)
    MOVES = {
        Status.READING: {Status.COMPARING, Status.STOPPED},
        Status.COMPARING: {Status.DONE},
    }

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    feed = models.ForeignKey(Feed, models.PROTECT, verbose_name=_("source"), related_name="snapshots")
    key = models.CharField(
        _("key"), max_length=255, help_text=_("The source's name for it: sent twice it counts once.")
    )
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    as_of = models.DateTimeField(_("as of"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.READING)
    format = models.CharField(_("format"), max_length=8, choices=Format)
    is_complete = models.BooleanField(_("lists everything"), default=False)
    location_code = models.CharField(
        _("location"), max_length=40, blank=True,
        help_text=_("Of a file that speaks of one location and does not name it."),
    )  # fmt: skip
    file = models.FileField(_("file"), storage=private_files, upload_to="snapshots/%Y/%m")
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    byte_count = models.BigIntegerField(_("bytes"))
    created_at = models.DateTimeField(_("received"))
    created_by = models.CharField(_("by"), max_length=150)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    forgotten_at = models.DateTimeField(
        _("forgotten"), null=True, blank=True, help_text=_("Since then only what was decided is kept of its rows.")
    )
    stop_reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)

    # Where a worker goes on: behind the bytes it has read, behind the shelf it has compared.
    bytes_read = models.BigIntegerField(_("bytes read"), default=0)
    lines_read = models.PositiveIntegerField(_("lines read"), default=0)
    at_location = models.BigIntegerField(default=0)
    at_variant = models.BigIntegerField(default=0)

    row_count = models.PositiveIntegerField(_("rows"), default=0)
    bad_count = models.PositiveIntegerField(_("bad rows"), default=0)
    compared_count = models.PositiveIntegerField(_("compared"), default=0)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="each_snapshot_once")]
        indexes = [
            models.Index(fields=["as_of"], name="snapshot_at_work", condition=Q(status__in=["reading", "comparing"])),
            models.Index(fields=["feed", "-as_of"], name="snapshot_latest"),
            models.Index(fields=["as_of"], name="snapshot_kept", condition=Q(forgotten_at=None)),
            models.Index(fields=["-finished_at"], name="snapshot_stopped", condition=Q(status="stopped")),
        ]

    def __str__(self) -> str:
        return self.file_name or self.key

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    def outcome_counts(self) -> dict[str, int]:
        """How many of its compared rows ended how; `same` are those that nobody had to look at."""
        counted = self.rows.exclude(outcome="").values_list("outcome").annotate(n=models.Count("pk"))
        different = {str(outcome): 0 for outcome in Outcome if outcome} | dict(counted)
        compared = self.row_count if self.status == self.Status.DONE else self.compared_count
        return {"same": compared - sum(different.values())} | different

    @property
    def percent(self) -> int:
        """Reading is the first half of the way, comparing the second."""
        if not self.is_at_work:
            return 100
        read = self.bytes_read / self.byte_count if self.byte_count else 1
        compared = self.compared_count / self.row_count if self.row_count else 0
        return int(50 * read + 50 * compared)


class SnapshotRowQuerySet(models.QuerySet["SnapshotRow"]):
    def waiting(self) -> "SnapshotRowQuerySet":
        """Differences that wait for a person, those of the greatest value first."""
        return self.filter(outcome=Outcome.REVIEW).order_by("-value", "pk")


class Outcome(models.TextChoices):
    SAME = "", _("As expected")
    BOOKED = "booked", _("Booked")
    EXPLAINED = "explained", _("Explained")
    REVIEW = "review", _("Waits for a person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    OUTDATED = "outdated", _("Known later")


class Cause(models.TextChoices):
    NONE = "", "—"
    PICKS = "picks", _("Open picks")
    TRANSFER = "transfer", _("Transfer on its way")
    UNITS = "units", _("More units than tolerated")
    VALUE = "value", _("More value than tolerated")
    LEFT_OUT = "left_out", _("Not in the file")
    LATER = "later", _("A later count or snapshot")


class ProblemKind(models.TextChoices):
    """What is wrong with a bad row; its reason says it of this row."""

    SKU = "sku", _("Unknown SKU")
    LOCATION = "location", _("Unknown location")
    QUANTITY = "quantity", _("No whole number of units")
    EMPTY = "empty", _("SKU or location is empty")
    COLUMNS = "columns", _("Too few or too many columns")
    REPEATED = "repeated", _("Shelf stands in the file twice")
    FORMAT = "format", _("Cannot be read as a row")


class SnapshotRow(models.Model):
    """One shelf of a snapshot. What is as expected stays as it was read; a difference says what became of it."""

    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, verbose_name=_("snapshot"), related_name="rows", db_index=False
    )
    line = models.PositiveIntegerField(_("line"), help_text=_("0: not in the file."))
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    quantity = models.IntegerField(_("reported"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="", db_default="")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, blank=True, default="", db_default="")
    expected = models.IntegerField(
        _("expected"), null=True, help_text=_("By the ledger, at the moment of the snapshot.")
    )
    difference = models.IntegerField(_("difference"), db_default=0, default=0, help_text=_("What is not explained."))
    value = models.DecimalField(
        _("value"), max_digits=16, decimal_places=4, null=True, help_text=_("Of the difference.")
    )
    in_question_since = models.DateTimeField(
        _("in question since"), null=True, blank=True, help_text=_("Where an earlier snapshot asked about it already.")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True, db_default="", default="")
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="", default="")

    objects = SnapshotRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock difference")
        verbose_name_plural = _("stock differences")
        indexes = [
            models.Index(fields=["snapshot", "location", "variant"], name="snapshot_row_shelf"),
            models.Index(fields=["location", "variant"], name="snapshot_row_of_shelf"),
            models.Index(fields=["-value", "id"], name="snapshot_row_review", condition=Q(outcome="review")),
            models.Index(fields=["snapshot", "outcome"], name="snapshot_row_outcome", condition=~Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class SnapshotProblem(models.Model):
    """A row that cannot be taken, and why."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, verbose_name=_("snapshot"), related_name="problems")
    line = models.PositiveIntegerField(_("line"))
    kind = models.CharField(_("problem"), max_length=10, choices=ProblemKind, default=ProblemKind.FORMAT)
    reason = models.CharField(_("reason"), max_length=300)
    raw = models.JSONField(_("row"), default=dict)

    class Meta:
        verbose_name = _("bad row of a snapshot")
        verbose_name_plural = _("bad rows of snapshots")
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
