"""Which very piece of a serial-tracked item went with which order: scanned at pick, out with its buyer, back again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Variant
from orders.models.fulfillment_order import FulfillmentLine


class SerialNumberQuerySet(models.QuerySet["SerialNumber"]):
    def held(self) -> "SerialNumberQuerySet":
        """In a picker's hands or in staging, in the order in which they were scanned."""
        return self.filter(status=SerialNumber.Status.PICKED).order_by("pk")

    def out(self) -> "SerialNumberQuerySet":
        """With their buyers."""
        return self.filter(status=SerialNumber.Status.OUT).order_by("pk")

    def counted(self) -> "SerialNumberQuerySet":
        """Those that stand for a unit picked for their line; the rest went back to the shelf."""
        return self.exclude(status=SerialNumber.Status.BACK)


class SerialNumber(models.Model):
    class Status(models.TextChoices):
        PICKED = "picked", _("Picked")
        OUT = "out", _("With the customer")
        BACK = "back", _("Back on the shelf")
        RETURNED = "returned", _("Returned")

    fulfillment_line = models.ForeignKey(
        FulfillmentLine, models.PROTECT, verbose_name=_("fulfillment line"), related_name="serials"
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    serial = models.CharField(_("serial number"), max_length=100)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PICKED)
    key = models.CharField(_("key of the scan"), max_length=64)
    scanned_at = models.DateTimeField(_("scanned"))
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    hand_over = models.ForeignKey(
        "orders.HandOver", models.PROTECT, verbose_name=_("hand-over"), null=True, blank=True, related_name="serials"
    )
    closed_at = models.DateTimeField(_("back"), null=True, blank=True)

    objects = SerialNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("serial number")
        verbose_name_plural = _("serial numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "serial"], condition=Q(status__in=["picked", "out"]), name="serial_is_out_once"
            ),
            models.UniqueConstraint(fields=["fulfillment_line", "key"], name="each_serial_scan_counts_once"),
        ]

    def __str__(self) -> str:
        return self.serial
