"""Several people count a department, some aisles or a whole store; selling and picking go on meanwhile."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.stock_level import StockLevel
from omni.core.models.fields import UuidV7
from omni.core.states import Stateful


class CountSessionQuerySet(models.QuerySet["CountSession"]):
    def open_at(self, location) -> "CountSessionQuerySet":
        """What is being counted or looked through, the newest first."""
        return self.filter(location=location, status__in=CountSession.AT_WORK).order_by("-started_at")


class CountSession(Stateful, models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Counting")
        REVIEW = "review", _("In review")
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    AT_WORK = (Status.OPEN, Status.REVIEW)
    MOVES = {
        Status.OPEN: {Status.REVIEW, Status.CANCELLED},
        Status.REVIEW: {Status.BOOKED, Status.CANCELLED},
    }

    public_id = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="count_sessions")
    category = models.CharField(_("department"), max_length=200, blank=True, help_text=_("Empty: every department."))
    aisles = models.JSONField(_("aisles"), default=list, help_text=_("Empty: every aisle."))
    items = ArrayField(
        models.BigIntegerField(), verbose_name=_("items"), default=list, blank=True,
        help_text=_("Only these variants, from the list of counts; empty: all."),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    # The rules as they were when the count began.
    tolerated_units = models.PositiveIntegerField(_("tolerated units"))
    tolerated_amount = models.PositiveIntegerField(_("tolerated value"))
    approved_amount = models.PositiveIntegerField(_("value above which somebody approves"))
    slack_seconds = models.PositiveIntegerField(_("seconds in which a move may be seen before or after a scan"))
    started_at = models.DateTimeField(_("started"))
    started_by = models.CharField(_("started by"), max_length=150)
    closed_at = models.DateTimeField(_("counting ended"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CountSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [
            models.CheckConstraint(
                name="count_closed_before_review", condition=Q(status__in=["open", "cancelled"]) | ~Q(closed_at=None)
            ),
        ]
        indexes = [models.Index(fields=["location", "-started_at"], name="count_session_of_location")]

    def __str__(self) -> str:
        return self.scope_words

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def scope_words(self) -> str:
        """The department, the aisles, or the whole store."""
        if self.items:
            return ngettext("%d item of the list", "%d items of the list", len(self.items)) % len(self.items)
        parts = [self.category] if self.category else []
        if self.aisles:
            parts.append(gettext("aisles %s") % ", ".join(aisle or "—" for aisle in self.aisles))
        return " · ".join(parts) or gettext("Whole store")

    def shelves(self) -> models.QuerySet[StockLevel]:
        """The shelves that it is about."""
        levels = StockLevel.objects.filter(location_id=self.location_id)
        if self.items:
            levels = levels.filter(variant__in=self.items)
        if self.category:
            levels = levels.filter(within(self.category, "variant__product__category"))
        return levels.filter(aisle__in=self.aisles) if self.aisles else levels


def within(category: str, field: str) -> Q:
    """The department itself and everything below it."""
    return Q(**{field: category}) | Q(**{f"{field}__startswith": f"{category} > "})


class CountArea(models.Model):
    """A part of the store that one person walks: an aisle, the stockroom, a window."""

    session = models.ForeignKey(CountSession, models.CASCADE, verbose_name=_("count"), related_name="areas")
    name = models.CharField(_("name"), max_length=60)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("done by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("area of a count")
        verbose_name_plural = _("areas of counts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "name"], name="each_area_once")]

    def __str__(self) -> str:
        return self.name
