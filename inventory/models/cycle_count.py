"""A task to count one item on its shelf."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from inventory.models.shelf import shelf_of


class Why(models.TextChoices):
    """The strongest first: the order in which a task names its reasons."""

    NOT_FOUND = "not_found", _("A picker did not find it")
    DECLINED = "declined", _("The store said that it has none")
    NEGATIVE = "negative", _("The book is below zero")
    ASKED = "asked", _("Somebody asked for it")
    ZERO = "zero", _("The book says the last one is sold")
    HIGH_VALUE = "high_value", _("Valuable, and not counted for long")
    STALE = "stale", _("Not counted for very long")
    CADENCE = "cadence", _("It is its turn")


PEOPLE = (Why.NOT_FOUND, Why.DECLINED)  # reported with words of their own

# One open task per shelf: another reason joins it. A unit that was not found after a scan is not answered by that scan.
RAISE = """
INSERT INTO inventory_cyclecount AS c
       (variant_id, location_id, cause, reason, reasons, raised_at, count_key)
SELECT v, l, %(cause)s, %(reason)s, ARRAY[%(why)s], %(now)s, '' FROM unnest(%(v)s::bigint[], %(l)s::bigint[]) AS t(v, l)
 GROUP BY v, l ORDER BY l, v
ON CONFLICT (location_id, variant_id) WHERE done_at IS NULL DO UPDATE SET
    reasons = (SELECT array_agg(w ORDER BY array_position(%(order)s::text[], w::text))
                 FROM (SELECT DISTINCT unnest(c.reasons || EXCLUDED.reasons) AS w) each),
    reason = CASE WHEN c.reason = '' THEN EXCLUDED.reason ELSE c.reason END,
    raised_at = CASE WHEN %(why)s = 'not_found' THEN GREATEST(c.raised_at, EXCLUDED.raised_at) ELSE c.raised_at END
"""


class CycleCountQuerySet(models.QuerySet["CycleCount"]):
    def open_at(self, location) -> "CycleCountQuerySet":
        return self.filter(location=location, done_at=None).order_by("raised_at", "pk")

    def with_shelf(self) -> "CycleCountQuerySet":
        """Adds the item and where it belongs, as `aisle` and `bin`."""
        return self.select_related("variant__product").annotate(**shelf_of())

    def ask(self, items: Sequence[tuple[int, int]], *, why: str, reason: str, cause: str, now: datetime) -> None:
        """A task for each (variant, location), or one more reason for the one that is open."""
        with connection.cursor() as cursor:
            cursor.execute(RAISE, {
                "v": [variant for variant, _place in items], "l": [place for _variant, place in items], "why": str(why),
                "reason": reason, "cause": cause, "now": now, "order": Why.values,
            })  # fmt: skip


class CycleCount(models.Model):
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="cycle_counts")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    cause = models.CharField(_("cause"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reasons = ArrayField(
        models.CharField(max_length=10, choices=Why), verbose_name=_("reasons"), default=list,
        help_text=_("The strongest first."),
    )  # fmt: skip
    raised_at = models.DateTimeField(_("raised"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("counted by"),
        null=True,
        blank=True,
        related_name="+",
    )
    counted_quantity = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    expected_quantity = models.IntegerField(
        _("expected"),
        null=True,
        blank=True,
        help_text=_("What the ledger said was on the shelf at that moment."),
    )

    count_key = models.CharField(
        _("key"), max_length=64, blank=True, help_text=_("The device's name for the entry: sent twice it counts once.")
    )

    objects = CycleCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count task")
        verbose_name_plural = _("count tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "variant"], condition=Q(done_at=None), name="one_open_count_per_item"
            ),
        ]
        indexes = [
            models.Index(fields=["done_at"], name="count_done", condition=Q(done_at__isnull=False)),
            models.Index(fields=["location", "raised_at"], name="count_raised_at"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}"

    @property
    def words(self) -> list[str]:
        """Its reasons, the strongest first; what somebody wrote stands in place of the general word."""
        told = [Why.ASKED, *PEOPLE] if self.reason else []
        instead = next((each for each in told if each in self.reasons), None)
        labels = [str(Why(each).label) for each in self.reasons if each != instead]
        return [self.reason, *labels] if self.reason else labels


class CountPlan(models.Model):
    """When it was last asked which shelves of a location should be counted."""

    location = models.OneToOneField(Location, models.PROTECT, verbose_name=_("location"), related_name="+")
    planned_at = models.DateTimeField(_("planned"))

    class Meta:
        verbose_name = _("count plan of a location")
        verbose_name_plural = _("count plans of locations")
        indexes = [models.Index(fields=["planned_at"], name="count_plan_when")]

    def __str__(self) -> str:
        return f"{self.location_id}"
