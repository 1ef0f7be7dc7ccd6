"""Units that left their shelf for an order that will not be collected; they sell again after they are scanned back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from inventory.models.shelf import shelf_of


class PutBackQuerySet(models.QuerySet["PutBack"]):
    def open_at(self, location) -> "PutBackQuerySet":
        return self.filter(location=location, done_at=None).order_by("created_at", "pk")

    def with_shelf(self) -> "PutBackQuerySet":
        """Adds the item and where it belongs, as `aisle` and `bin`."""
        return self.select_related("variant__product").prefetch_related("variant__barcodes").annotate(**shelf_of())


class PutBack(models.Model):
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="put_backs")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    done_quantity = models.PositiveIntegerField(_("put back"), default=0)
    cause = models.CharField(_("cause"), max_length=100)
    reason = models.CharField(_("reason"), max_length=200)
    found_at = models.CharField(_("where the units are"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = PutBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("put-back task")
        verbose_name_plural = _("put-back tasks")
        constraints = [
            models.CheckConstraint(
                name="put_back_within_task", condition=Q(quantity__gt=0, done_quantity__lte=F("quantity"))
            ),
        ]
        indexes = [models.Index(fields=["location", "created_at"], name="put_back_open", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.quantity - self.done_quantity} to put back"

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.done_quantity
