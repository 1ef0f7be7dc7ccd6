"""One scan of somebody who sends or receives a transfer: saved under the key that the device gave it, so once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.transfer import Transfer
from inventory.models.transfer_line import TransferLine


class TransferScanQuerySet(models.QuerySet["TransferScan"]):
    def standing(self) -> "TransferScanQuerySet":
        return self.filter(undone_at=None)


class TransferScan(models.Model):
    class Kind(models.TextChoices):
        PICK = "pick", _("Picked")
        GOOD = "good", _("Arrived")
        DAMAGED = "damaged", _("Arrived damaged")
        OVER = "over", _("More than was sent")

    transfer = models.ForeignKey(
        Transfer, models.PROTECT, verbose_name=_("transfer"), related_name="scans", db_index=False
    )
    line = models.ForeignKey(TransferLine, models.PROTECT, verbose_name=_("line"), related_name="scans")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    quantity = models.PositiveIntegerField(_("units"))
    owed_quantity = models.PositiveIntegerField(_("of them for their demand"), default=0)
    key = models.CharField(_("key"), max_length=70, help_text=_("The device’s name for it: sent twice it counts once."))
    scanned_at = models.DateTimeField(_("scanned"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+", null=True, blank=True
    )
    actor = models.CharField(_("by"), max_length=150)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = TransferScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan of a transfer")
        verbose_name_plural = _("scans of transfers")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "key"], name="each_transfer_scan_once"),
            models.CheckConstraint(name="transfer_scan_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"
