"""A task to count one item on its shelf."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from inventory.models.shelf import shelf_of


class CycleCountQuerySet(models.QuerySet["CycleCount"]):
    def open_at(self, location) -> "CycleCountQuerySet":
        return self.filter(location=location, done_at=None).order_by("raised_at", "pk")

    def with_shelf(self) -> "CycleCountQuerySet":
        """Adds the item and where it belongs, as `aisle` and `bin`."""
        return self.select_related("variant__product").annotate(**shelf_of())


class CycleCount(models.Model):
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="cycle_counts")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    cause = models.CharField(_("cause"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
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

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}"
