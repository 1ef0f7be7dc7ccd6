"""Units that are in the building but not for sale, by the reason that keeps them apart."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant


class Bucket(models.TextChoices):
    NOT_FOUND = "not_found", _("Not found")
    DAMAGED = "damaged", _("Damaged")
    INSPECTION = "inspection", _("Inspection")
    VENDOR = "vendor", _("Return to vendor")
    DISPLAY = "display", _("Display")
    PUT_BACK = "put_back", _("To put back")
    OPEN_BOX = "open_box", _("Open box")
    REFURBISH = "refurbish", _("To refurbish")


class StockHeld(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="held")
    bucket = models.CharField(_("bucket"), max_length=20, choices=Bucket)
    quantity = models.IntegerField(_("quantity"), default=0)

    class Meta:
        verbose_name = _("held stock")
        verbose_name_plural = _("held stock")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location", "bucket"], name="one_row_per_bucket"),
            models.CheckConstraint(name="held_not_negative", condition=Q(quantity__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.bucket}: {self.quantity}"
