"""A label asked of a carrier, under a key of ours: however often it is asked, it is bought once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from omni.core.states import Stateful
from orders.models.shipment import Shipment


class LabelQuerySet(models.QuerySet["Label"]):
    def live(self) -> "LabelQuerySet":
        """Bought, or perhaps bought: no other may be asked for the same parcel."""
        return self.filter(status__in=LIVE)

    def unresolved(self, now: datetime, older_than: timedelta) -> "LabelQuerySet":
        """Asked for and never answered; the process that asked is gone by now."""
        return self.filter(status=Label.Status.ASKED, asked_at__lte=now - older_than).order_by("asked_at")


class Label(Stateful, models.Model):
    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        BOUGHT = "bought", _("Bought")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Not bought")
        VOIDING = "voiding", _("Being voided")
        VOIDED = "voided", _("Voided")
        KEPT = "kept", _("Void refused")

    MOVES = {
        Status.ASKED: {Status.BOUGHT, Status.REFUSED, Status.FAILED, Status.VOIDING},
        Status.FAILED: {Status.VOIDING},  # the carrier had bought it after all
        Status.BOUGHT: {Status.VOIDING},
        Status.VOIDING: {Status.VOIDED, Status.KEPT},
    }

    shipment = models.ForeignKey(Shipment, models.PROTECT, verbose_name=_("parcel"), related_name="labels")
    key = models.CharField(_("key"), max_length=80, unique=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ASKED)
    is_manual = models.BooleanField(
        _("typed"), default=False, help_text=_("Bought elsewhere; only carrier and tracking number are known.")
    )
    carrier = models.CharField(_("carrier"), max_length=60)
    service = models.CharField(_("service"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    reference = models.CharField(_("carrier's reference"), max_length=200, blank=True)
    deliver_by = models.DateTimeField(_("should arrive by"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    refusal = models.CharField(_("refusal"), max_length=500, blank=True)
    refused_field = models.CharField(_("refused field"), max_length=60, blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"], condition=Q(status__in=["asked", "bought"]), name="one_live_label_per_parcel"
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"], name="one_bought_label_per_tracking_number",
                condition=Q(is_manual=False) & ~Q(tracking_number=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["asked_at"], name="label_unresolved", condition=Q(status="asked")),
            models.Index(fields=["asked_at"], name="label_failed", condition=Q(status="failed")),
            models.Index(fields=["answered_at"], name="label_voiding", condition=Q(status="voiding")),
        ]

    def __str__(self) -> str:
        return self.key


LIVE = (Label.Status.ASKED, Label.Status.BOUGHT)


class LabelDocument(models.Model):
    """The label as it is printed; apart from the label, so that lists stay light."""

    label = models.OneToOneField(Label, models.PROTECT, verbose_name=_("label"), related_name="document")
    pdf = models.BinaryField(_("PDF"))
    zpl = models.TextField(_("ZPL"), blank=True)

    class Meta:
        verbose_name = _("label document")
        verbose_name_plural = _("label documents")

    def __str__(self) -> str:
        return f"{self.label_id}"


class SimulatedLabel(models.Model):
    """The memory of the built-in carrier simulator: what it sold, by the buyer's key."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    carrier = models.CharField(_("carrier"), max_length=60)
    service = models.CharField(_("service"), max_length=60)
    tracking_number = models.CharField(_("tracking number"), max_length=100, unique=True)
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    deliver_by = models.DateTimeField(_("should arrive by"))
    asked = models.JSONField(_("as asked"), help_text=_("Sender, recipient and parcel."))
    bought_at = models.DateTimeField(_("bought"))
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)

    class Meta:
        verbose_name = _("simulated label")
        verbose_name_plural = _("simulated labels")

    def __str__(self) -> str:
        return self.key
