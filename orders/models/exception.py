"""What needs a person at HQ: a promise that could not be made or kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderException(models.Model):
    class Kind(models.TextChoices):
        WAITING = "waiting", _("Waiting for stock")
        ATTEMPTS = "attempts", _("No location could fill it")
        OVERDUE = "overdue", _("Not confirmed in time")
        LATE = "late", _("Missed its carrier")
        PAYMENT = "payment", _("Payment could not be captured")
        REFUND = "refund", _("Refund was refused")
        PARCEL = "parcel", _("Parcel lost")
        ADDRESS = "address", _("Address changed after release")
        ROUTING = "routing", _("Could not be decided about")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="exceptions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    detail = models.CharField(_("detail"), max_length=500)
    raised_at = models.DateTimeField(_("raised"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("resolved by"),
        null=True,
        blank=True,
        related_name="+",
    )
    resolution = models.CharField(_("resolution"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(resolved_at=None), name="one_open_exception_per_kind"
            ),
        ]
        indexes = [models.Index(fields=["raised_at"], name="exception_open", condition=Q(resolved_at=None))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.detail}"
