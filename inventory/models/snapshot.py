"""What a source says lies on its shelves at one moment, and what became of each row of it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.feed import Feed
from inventory.models.feed_file import FeedFile, FeedFileProblem
from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.private_files import private_files


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def unfinished(self) -> "SnapshotQuerySet":
        """What a worker has to go on with, the oldest moment first."""
        return self.filter(status__in=Snapshot.AT_WORK).order_by("as_of", "pk")

    def outlived(self, before: datetime) -> "SnapshotQuerySet":
        """Finished ones of a moment before then, whose rows are still kept."""
        return self.filter(as_of__lt=before, forgotten_at=None).exclude(status__in=Snapshot.AT_WORK).order_by("as_of")


class Snapshot(FeedFile):
    class Status(models.TextChoices):
        READING = "reading", _("Reading")
        COMPARING = "comparing", _("Comparing")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    AT_WORK = (Status.READING, Status.COMPARING)
    MOVES = {
        Status.READING: {Status.COMPARING, Status.STOPPED},
        Status.COMPARING: {Status.DONE},
    }

    feed = models.ForeignKey(Feed, models.PROTECT, verbose_name=_("source"), related_name="snapshots")
    as_of = models.DateTimeField(_("as of"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.READING)
    is_complete = models.BooleanField(_("lists everything"), default=False)
    file = models.FileField(_("file"), storage=private_files, upload_to="snapshots/%Y/%m")

    # Where comparing goes on: behind this shelf.
    at_location = models.BigIntegerField(default=0)
    at_variant = models.BigIntegerField(default=0)

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

    def outcome_counts(self) -> dict[str, int]:
        """How many of its compared rows ended how; `same` are those that nobody had to look at."""
        counted = self.rows.exclude(outcome="").values_list("outcome").annotate(n=models.Count("pk"))
        different = {str(outcome): 0 for outcome in Outcome if outcome} | dict(counted)
        compared = self.row_count if self.status == self.Status.DONE else self.compared_count
        return {"same": compared - sum(different.values())} | different

    def says_the_same(self, other: "Snapshot") -> bool:
        return (self.digest, self.as_of) == (other.digest, other.as_of)

    @property
    def rows_done(self) -> int:
        return self.lines_read + self.compared_count

    @property
    def part_done(self) -> float:
        """Reading is the first half of the way, comparing the second."""
        compared = self.compared_count / self.row_count if self.row_count else 0.0
        return super().part_done / 2 + (compared / 2 if self.status == self.Status.COMPARING else 0.0)


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


class SnapshotRow(models.Model):
    """One shelf of a snapshot. What is as expected stays as it was read; a difference says what became of it.

    A row is written with ids that were read in the same transaction, of things that are never deleted, and a snapshot
    has a million rows: to look three keys up again for each costs more than the row, so the audit does it instead.
    """

    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, verbose_name=_("snapshot"), related_name="rows", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField(_("line"), help_text=_("0: not in the file."))
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False, db_constraint=False
    )
    variant = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False, db_constraint=False
    )
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


class SnapshotProblem(FeedFileProblem):
    """A row that cannot be taken, and why."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, verbose_name=_("snapshot"), related_name="problems")

    class Meta(FeedFileProblem.Meta):
        verbose_name = _("bad row of a snapshot")
        verbose_name_plural = _("bad rows of snapshots")
