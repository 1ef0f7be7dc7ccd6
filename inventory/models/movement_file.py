"""What a source reports in one file, and how far it is booked."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.feed import Feed
from inventory.models.feed_file import FeedFile, FeedFileProblem
from omni.core.private_files import private_files


class MovementFileQuerySet(models.QuerySet["MovementFile"]):
    def unfinished(self) -> "MovementFileQuerySet":
        """What a worker has to go on with, in the order in which it came."""
        return self.filter(status=MovementFile.Status.BOOKING).order_by("pk")

    def outlived(self, before: datetime) -> "MovementFileQuerySet":
        """Finished ones that came before then, whose file is still kept."""
        kept = self.filter(created_at__lt=before, forgotten_at=None)
        return kept.exclude(status=MovementFile.Status.BOOKING).order_by("created_at")


class MovementFile(FeedFile):
    """Each row is an event of its own: `row_count` were booked, `repeated_count` had been before, `bad_count` are bad.

    There is no tolerance that stops it: what was sold is sold, whatever stands in the next line.
    """

    class Status(models.TextChoices):
        BOOKING = "booking", _("Booking")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    AT_WORK = (Status.BOOKING,)
    MOVES = {Status.BOOKING: {Status.DONE, Status.STOPPED}}

    feed = models.ForeignKey(Feed, models.PROTECT, verbose_name=_("source"), related_name="movement_files")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.BOOKING)
    file = models.FileField(_("file"), storage=private_files, upload_to="movement-files/%Y/%m")
    repeated_count = models.PositiveIntegerField(_("known before"), default=0)

    objects = MovementFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement file")
        verbose_name_plural = _("movement files")
        constraints = [models.UniqueConstraint(fields=["feed", "key"], name="each_movement_file_once")]
        indexes = [
            models.Index(fields=["id"], name="movement_file_at_work", condition=Q(status="booking")),
            models.Index(fields=["feed", "-id"], name="movement_file_latest"),
            models.Index(fields=["created_at"], name="movement_file_kept", condition=Q(forgotten_at=None)),
        ]

    @property
    def all_rows(self) -> int:
        return self.row_count + self.repeated_count + self.bad_count

    @property
    def is_worse_than_tolerated(self) -> bool:
        """More of its rows are bad than its source is allowed; the others were booked all the same."""
        return 100 * self.bad_count > self.feed.most_bad_percent * self.all_rows

    def event_id(self, line: int) -> str:
        """Of a row that names none: the same file under another name says nothing new."""
        return f"file:{self.digest[:40]}:{self.location_code}:{line}"


class MovementProblem(FeedFileProblem):
    """A row that cannot be booked, and why."""

    file = models.ForeignKey(MovementFile, models.CASCADE, verbose_name=_("file"), related_name="problems")

    class Meta(FeedFileProblem.Meta):
        verbose_name = _("bad row of a movement file")
        verbose_name_plural = _("bad rows of movement files")
