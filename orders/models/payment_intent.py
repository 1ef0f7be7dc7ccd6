"""A payment that is made before its order exists: asked at a terminal, then used by the order, or voided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.payment import CARD, STORE_CREDIT, TILL_RECEIPT


class PaymentIntentQuerySet(models.QuerySet["PaymentIntent"]):
    def of(self, owner_key: str) -> "PaymentIntentQuerySet":
        """All that were started for one basket or exchange, in their order."""
        return self.filter(owner_key=owner_key).order_by("pk")

    def left_over(self, before) -> "PaymentIntentQuerySet":
        """Asked before then, and neither used nor known to have come to nothing."""
        Status = PaymentIntent.Status
        ended = [Status.DECLINED, Status.USED, Status.VOIDED]
        return self.filter(asked_at__lte=before).exclude(status__in=ended).order_by("asked_at", "pk")


class PaymentIntent(models.Model):
    class Method(models.TextChoices):
        CARD = CARD, _("Card at the terminal")
        TILL_RECEIPT = TILL_RECEIPT, _("Paid at the till")
        STORE_CREDIT = STORE_CREDIT, _("Store credit")

    class Status(models.TextChoices):
        NEW = "new", _("Not asked yet")
        ASKED = "asked", _("At the terminal")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        UNKNOWN = "unknown", _("No answer")
        USED = "used", _("Paid an order")
        VOIDING = "voiding", _("Being voided")
        VOIDED = "voided", _("Voided")

    key = models.CharField(_("key"), max_length=100, unique=True)
    owner_key = models.CharField(_("for"), max_length=100, help_text=_("Such as basket:17."))
    method = models.CharField(_("method"), max_length=12, choices=Method)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW)
    reference = models.CharField(_("provider's reference"), max_length=200, blank=True)
    brand = models.CharField(_("brand"), max_length=30, blank=True)
    last4 = models.CharField(_("last four"), max_length=4, blank=True)
    reason = models.CharField(_("why not"), max_length=300, blank=True)
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="payment_intents"
    )
    tries = models.PositiveSmallIntegerField(_("declined so far"), default=0)
    started_at = models.DateTimeField(_("started"))
    started_by = models.CharField(_("started by"), max_length=150)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = PaymentIntentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment before an order")
        verbose_name_plural = _("payments before an order")
        constraints = [
            models.CheckConstraint(name="intent_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="used_intent_has_its_order",
                condition=Q(status="used", order__isnull=False) | (~Q(status="used") & Q(order=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["owner_key"], name="intent_owner"),
            models.Index(
                fields=["asked_at"], name="intent_open", condition=~Q(status__in=["declined", "used", "voided"])
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def hold_key(self) -> str:
        """The key of the store credit that is held for it."""
        return f"intent:{self.key}"

    @property
    def may_still_answer(self) -> bool:
        """Asked, and no answer was booked; a look-up that found nothing may have come too early."""
        return self.is_unknown or (self.status == self.Status.NEW and self.asked_at is not None)

    @property
    def is_unknown(self) -> bool:
        """The terminal was asked and has not told: look up before anything else."""
        return self.status in (self.Status.ASKED, self.Status.UNKNOWN)
