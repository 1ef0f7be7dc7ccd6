"""The label with which a mail return travels, asked of the carrier under a key of ours: it is bought once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.return_order import ReturnOrder


class ReturnLabel(models.Model):
    class Status(models.TextChoices):
        ASKED = "asked", _("Being made")
        BOUGHT = "bought", _("Made")
        REFUSED = "refused", _("Refused by the carrier")

    return_order = models.OneToOneField(ReturnOrder, models.PROTECT, verbose_name=_("return"), related_name="label")
    key = models.CharField(_("key"), max_length=80, unique=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ASKED)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    service = models.CharField(_("service"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    reference = models.CharField(_("carrier's reference"), max_length=200, blank=True)
    refusal = models.CharField(_("refusal"), max_length=500, blank=True)
    pdf = models.BinaryField(_("PDF"), null=True, blank=True)
    zpl = models.TextField(_("ZPL"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("return label")
        verbose_name_plural = _("return labels")

    def __str__(self) -> str:
        return self.key
