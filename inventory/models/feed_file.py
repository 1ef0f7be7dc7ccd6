"""A file that a source hands in: kept first, then read slice by slice by a worker that may be killed at any time."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from omni.core.models.fields import UuidV7
from omni.core.states import Stateful


class FeedFile(Stateful, models.Model):
    """What snapshots and files of movements have in common; each has its `feed`, `status` and `file`."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        NDJSON = "ndjson", "NDJSON"

    AT_WORK: ClassVar[tuple[Any, ...]] = ()
    MOVES: ClassVar[Mapping[Any, Any]] = {}
    feed: Any
    file: Any
    problems: Any

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    key = models.CharField(
        _("key"), max_length=255, help_text=_("The source's name for it: sent twice it counts once.")
    )
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    format = models.CharField(_("format"), max_length=8, choices=Format)
    location_code = models.CharField(
        _("location"), max_length=40, blank=True,
        help_text=_("Of a file that speaks of one location and does not name it."),
    )  # fmt: skip
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    byte_count = models.BigIntegerField(_("bytes"))
    created_at = models.DateTimeField(_("received"))
    created_by = models.CharField(_("by"), max_length=150)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    forgotten_at = models.DateTimeField(
        _("forgotten"), null=True, blank=True, help_text=_("Since then only what was decided is kept of its rows.")
    )
    stop_reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)

    # Where a worker goes on: behind the bytes it has read.
    bytes_read = models.BigIntegerField(_("bytes read"), default=0)
    lines_read = models.PositiveIntegerField(_("lines read"), default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    bad_count = models.PositiveIntegerField(_("bad rows"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name or self.key

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def rows_done(self) -> int:
        """How many steps of its way lie behind it."""
        return self.lines_read

    @property
    def part_done(self) -> float:
        """How far it is, from 0 to 1."""
        return min(1.0, self.bytes_read / self.byte_count) if self.byte_count else 1.0

    @property
    def percent(self) -> int:
        return int(100 * self.part_done) if self.is_at_work else 100

    def says_the_same(self, other: Any) -> bool:
        """True for a file that was sent again under its key."""
        return (self.digest, self.location_code) == (other.digest, other.location_code)


class ProblemKind(models.TextChoices):
    """What is wrong with a bad row; its reason says it of this row."""

    SKU = "sku", _("Unknown SKU")
    LOCATION = "location", _("Unknown location")
    QUANTITY = "quantity", _("No whole number of units")
    KIND = "kind", _("Unknown kind")
    TIME = "time", _("No moment with its offset")
    EVENT = "event", _("Number of the event is too long")
    EMPTY = "empty", _("SKU or location is empty")
    COLUMNS = "columns", _("Too few or too many columns")
    REPEATED = "repeated", _("Shelf stands in the file twice")
    FORMAT = "format", _("Cannot be read as a row")


class FeedFileProblem(models.Model):
    """A row that cannot be taken, and why."""

    line = models.PositiveIntegerField(_("line"))
    kind = models.CharField(_("problem"), max_length=10, choices=ProblemKind, default=ProblemKind.FORMAT)
    reason = models.CharField(_("reason"), max_length=300)
    raw = models.JSONField(_("row"), default=dict)

    class Meta:
        abstract = True
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
