"""One scan, or one typed number, of somebody who counts: saved on its own, under the key that the device gave it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.count_session import CountArea, CountSession
from inventory.models.product import Variant


class CountScan(models.Model):
    session = models.ForeignKey(
        CountSession, models.CASCADE, verbose_name=_("count"), related_name="scans", db_index=False
    )
    area = models.ForeignKey(
        CountArea, models.CASCADE, verbose_name=_("area"), related_name="scans", null=True, blank=True
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    quantity = models.IntegerField(_("units"), help_text=_("Signed: an undone scan is taken back by its opposite."))
    round = models.PositiveIntegerField(
        _("round"), null=True, default=0, help_text=_("0 is the first; empty: came when the item was settled already.")
    )
    scanned_at = models.DateTimeField(_("scanned"), help_text=_("When it was done, not when it arrived."))
    received_at = models.DateTimeField(_("received"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+", null=True, blank=True
    )
    actor = models.CharField(_("by"), max_length=150)
    key = models.CharField(_("key"), max_length=64, help_text=_("The device’s name for it: sent twice it counts once."))
    epc = models.CharField(_("EPC"), max_length=24, blank=True, help_text=_("Of a tag read by radio."))
    undoes = models.OneToOneField(
        "self", models.CASCADE, verbose_name=_("takes back"), null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("scan of a count")
        verbose_name_plural = _("scans of counts")
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="each_count_scan_once"),
            models.UniqueConstraint(fields=["session", "epc"], condition=~Q(epc=""), name="each_tag_once"),
            models.CheckConstraint(
                name="only_taken_back_is_negative", condition=Q(quantity__gte=0) | Q(undoes__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["session", "variant", "round"], name="count_scan_of_item")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.quantity:+d}"
