"""One scan of somebody who receives: saved on its own under the device's key, and booked at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.delivery import Carton, Delivery, DeliveryLine


class ReceiptScan(models.Model):
    class Kind(models.TextChoices):
        CARTON = "carton", _("Carton")
        UNIT = "unit", _("Item")
        QUANTITY = "quantity", _("Typed number")
        DAMAGE = "damage", _("Damaged")
        UNDO = "undo", _("Taken back")

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, verbose_name=_("delivery"), related_name="scans", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(_("key"), max_length=64, help_text=_("The device’s name for it: sent twice it counts once."))
    carton = models.ForeignKey(
        Carton, models.PROTECT, verbose_name=_("carton"), related_name="scans", null=True, blank=True, db_index=False
    )
    scanned_at = models.DateTimeField(_("scanned"), help_text=_("When it was done, not when it arrived."))
    received_at = models.DateTimeField(_("received"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+", null=True, blank=True
    )
    actor = models.CharField(_("by"), max_length=150)
    is_late = models.BooleanField(_("came when the delivery was finished"), default=False)
    is_undone = models.BooleanField(_("taken back"), default=False)
    undoes = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("takes back"), null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("scan of a delivery")
        verbose_name_plural = _("scans of deliveries")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "key"], name="each_receipt_scan_once"),
            models.UniqueConstraint(
                fields=["carton"], condition=Q(kind="carton", is_undone=False), name="each_carton_received_once"
            ),
            models.CheckConstraint(
                name="carton_scan_names_its_carton",
                condition=Q(kind="carton", carton__isnull=False) | ~Q(kind="carton"),
            ),
            models.CheckConstraint(
                name="undo_names_its_scan", condition=Q(kind="undo", undoes__isnull=False) | ~Q(kind="undo")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def cause(self) -> str:
        """How the ledger names it."""
        return f"receipt-scan:{self.pk}"


class ReceivedUnits(models.Model):
    """What one scan says of one item: signed units on the shelf, and signed damaged units."""

    scan = models.ForeignKey(ReceiptScan, models.PROTECT, verbose_name=_("scan"), related_name="units", db_index=False)
    line = models.ForeignKey(DeliveryLine, models.PROTECT, verbose_name=_("item"), related_name="units")
    sellable = models.IntegerField(_("sellable"), default=0)
    damaged = models.IntegerField(_("damaged"), default=0)

    class Meta:
        verbose_name = _("received units")
        verbose_name_plural = _("received units")
        constraints = [models.UniqueConstraint(fields=["scan", "line"], name="one_row_per_scan_and_item")]

    def __str__(self) -> str:
        return f"{self.sellable:+d}, {self.damaged:+d}"

    @property
    def quantity(self) -> int:
        return self.sellable + self.damaged
