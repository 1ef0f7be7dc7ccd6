"""A registered source of stock news: a till system, a warehouse, a partner; and what we expect of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.group import LocationGroup
from inventory.models.location import Location
from omni.core.models import ApiKey

OURS = ("sku", "location", "quantity", "event_id", "kind", "occurred_at", "reason")
QUIET_FACTOR = 2  # a source is silent once it missed its rhythm twice


def valid_columns(value: object) -> None:
    """A mapping from our names to the source's; each of its columns once."""
    if not isinstance(value, dict) or not all(isinstance(name, str) and name.strip() for name in value.values()):
        raise ValidationError(_('Write {"sku": "their column", ...}.'))
    if strange := sorted(set(value) - set(OURS)):
        raise ValidationError(_("Ours are %(ours)s, not %(strange)s."),
                              params={"ours": ", ".join(OURS), "strange": ", ".join(strange)})  # fmt: skip
    if len(set(value.values())) != len(value):
        raise ValidationError(_("Two of our names mean the same column."))


class FeedQuerySet(models.QuerySet["Feed"]):
    def of_key(self, key: ApiKey) -> "Feed | None":
        """The source that speaks with this key, or with the one that it replaced."""
        return self.filter(api_key__lineage=key.lineage, is_active=True).select_related("group", "api_key").first()

    def fallen_silent(self, now) -> "FeedQuerySet":
        """Sources that missed their rhythm and of which nobody was told yet."""
        patience = ExpressionWrapper(
            F("rhythm_minutes") * Value(timedelta(minutes=QUIET_FACTOR)), output_field=models.DurationField()
        )
        watched = self.filter(is_active=True, rhythm_minutes__isnull=False, silent_since=None)
        return watched.filter(heard_at__lt=now - patience)


class Feed(models.Model):
    class Kind(models.TextChoices):
        POS = "pos", _("Tills")
        WMS = "wms", _("Warehouse system")
        ERP = "erp", _("ERP")
        PARTNER = "partner", _("Dropship partner")
        RFID = "rfid", _("RFID reader")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    api_key = models.OneToOneField(
        ApiKey, models.PROTECT, verbose_name=_("API key"), null=True, blank=True, related_name="+",
        help_text=_("What comes with this key, or with one that replaces it, is this source's."),
    )  # fmt: skip
    group = models.ForeignKey(
        LocationGroup, models.PROTECT, verbose_name=_("locations"), null=True, blank=True, related_name="+",
        help_text=_("It may speak of locations in this group; empty: of all."),
    )  # fmt: skip
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), null=True, blank=True, related_name="+",
        help_text=_("It may speak of this one only; a partner's feed always does."),
    )  # fmt: skip
    columns = models.JSONField(
        _("columns"), default=dict, blank=True, validators=[valid_columns],
        help_text=_('What its files call ours: {"sku": "ItemNo", "quantity": "QOH"}. Others are called as ours.'),
    )  # fmt: skip
    is_complete = models.BooleanField(
        _("lists everything"), default=False, help_text=_("A shelf that its snapshot leaves out is empty.")
    )
    rhythm_minutes = models.PositiveIntegerField(
        _("speaks every so many minutes"), null=True, blank=True,
        help_text=_("Twice that without a word raises an alarm. Empty: never."),
    )  # fmt: skip
    tolerance_units = models.PositiveIntegerField(
        _("tolerance in units"), default=2, help_text=_("Larger differences wait for a person.")
    )
    tolerance_value = models.DecimalField(
        _("tolerance in value"), max_digits=14, decimal_places=4, default=50, help_text=_("Units times their cost.")
    )
    most_bad_percent = models.PositiveSmallIntegerField(
        _("bad rows, percent"), default=10, help_text=_("A file with more is stopped before it changes anything.")
    )
    heard_at = models.DateTimeField(_("last heard"), db_default=Now(), editable=False)
    silent_since = models.DateTimeField(_("silent since"), null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock feed")
        verbose_name_plural = _("stock feeds")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="feed_expectations",
                condition=Q(most_bad_percent__lte=100, tolerance_value__gte=0)
                & (Q(rhythm_minutes=None) | Q(rhythm_minutes__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def locations(self):
        """The locations it may speak of: those of its group, within what its key may see."""
        places = Location.objects.within(self.api_key.location_scopes if self.api_key else None)
        if self.location_id is not None:
            places = places.filter(pk=self.location_id)
        if self.group_id is None:
            return places
        return places.filter(group__in=LocationGroup.with_descendants({self.group_id}))

    @property
    def source(self) -> str:
        """Under which name its events are remembered; the same as before it was registered with its key."""
        return f"key:{self.api_key.lineage}" if self.api_key else f"feed:{self.code}"

    def column(self, ours: str) -> str:
        """What the source calls one of our columns."""
        return self.columns.get(ours, ours)
