"""Money that goes back: one row per tender it comes from, counted on that tender from the moment it is asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import StoreCredit
from orders.models.order import Order
from orders.models.payment import Payment


class RefundQuerySet(models.QuerySet["Refund"]):
    def pending(self) -> "RefundQuerySet":
        """Asked of the provider, or about to be; neither given nor refused yet."""
        return self.filter(refunded_at=None, failed_at=None)

    def counted(self) -> "RefundQuerySet":
        """Given, or on its way."""
        return self.filter(failed_at=None)


class Refund(models.Model):
    class Cause(models.TextChoices):
        RETURN = "return", _("Return")
        CANCELLATION = "cancellation", _("Cancellation")
        GOODWILL = "goodwill", _("Goodwill")

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="refunds")
    payment = models.ForeignKey(
        Payment, models.PROTECT, verbose_name=_("from"), null=True, blank=True, related_name="refunds",
        help_text=_("The tender whose captured money it is; empty where no tender covers it."),
    )  # fmt: skip
    credit = models.ForeignKey(
        StoreCredit, models.PROTECT, verbose_name=_("to store credit"), null=True, blank=True, related_name="+",
        help_text=_("Empty: back to the tender itself."),
    )  # fmt: skip
    cause = models.CharField(_("because of"), max_length=12, choices=Cause, default=Cause.RETURN)
    act_key = models.CharField(_("key of the act"), max_length=100)
    key = models.CharField(_("key"), max_length=140, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.CharField(_("requested by"), max_length=150)
    refunded_at = models.DateTimeField(_("refunded"), null=True, blank=True)
    failed_at = models.DateTimeField(_("refused"), null=True, blank=True)
    failure = models.CharField(_("why refused"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("done instead by"), null=True, blank=True, related_name="replaces",
        help_text=_("A refused refund ends with the one that a person chose in its place."),
    )  # fmt: skip
    provider_reference = models.CharField(_("provider's reference"), max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(name="refund_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="refunded_or_refused", condition=Q(refunded_at=None) | Q(failed_at=None)),
            models.CheckConstraint(
                name="refund_goes_somewhere", condition=Q(payment__isnull=False) | Q(credit__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["order", "act_key"], name="refund_of_act"),
            models.Index(fields=["requested_at"], name="refund_pending", condition=Q(refunded_at=None, failed_at=None)),
        ]

    def __str__(self) -> str:
        return self.key
