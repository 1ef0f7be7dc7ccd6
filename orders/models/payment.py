"""A tender of an order. Money moves at the provider; these counters say how far, and CHECK holds their order."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class Payment(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="payments")
    method = models.CharField(_("method"), max_length=40)
    reference = models.CharField(_("provider's reference"), max_length=200)
    authorized_amount = models.DecimalField(_("authorized"), max_digits=14, decimal_places=4)
    captured_amount = models.DecimalField(_("captured"), max_digits=14, decimal_places=4, default=0)
    refunded_amount = models.DecimalField(_("refunded"), max_digits=14, decimal_places=4, default=0)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                name="refunded_within_captured_within_authorized",
                condition=Q(
                    refunded_amount__gte=0, refunded_amount__lte=F("captured_amount"),
                    captured_amount__lte=F("authorized_amount"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.method} {self.reference}"


class Capture(models.Model):
    """One capture asked of the provider, by a key of ours: the same hand-over is never charged twice."""

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name=_("payment"), related_name="captures")
    key = models.CharField(_("key"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    requested_at = models.DateTimeField(_("requested"))
    captured_at = models.DateTimeField(_("captured"), null=True, blank=True)
    provider_reference = models.CharField(_("provider's reference"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.UniqueConstraint(fields=["payment", "key"], name="one_capture_per_key"),
            models.CheckConstraint(name="capture_of_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.key
