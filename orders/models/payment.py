"""A tender of an order. Money moves at the provider; these counters say how far, and CHECK holds their order."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class Kind(models.TextChoices):
    """Who moves the money of a tender."""

    PROVIDER = "provider", _("Payment provider")
    TILL = "till", _("The till")
    STORE_CREDIT = "store_credit", _("Store credit")


STORE_CREDIT, TILL_RECEIPT, CARD = "store_credit", "till_receipt", "card"
KINDS = {STORE_CREDIT: Kind.STORE_CREDIT, TILL_RECEIPT: Kind.TILL, "cash": Kind.TILL}


def kind_of(method: str) -> str:
    """Who moves the money of this method; anything unknown is the provider's."""
    return KINDS.get(method, Kind.PROVIDER)


class Payment(models.Model):
    Kind = Kind

    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="payments")
    method = models.CharField(_("method"), max_length=40)
    kind = models.CharField(_("moved by"), max_length=12, choices=Kind, default=Kind.PROVIDER)
    reference = models.CharField(_("provider's reference"), max_length=200)
    brand = models.CharField(_("brand"), max_length=30, blank=True)
    last4 = models.CharField(_("last four"), max_length=4, blank=True)
    authorized_amount = models.DecimalField(_("authorized"), max_digits=14, decimal_places=4)
    captured_amount = models.DecimalField(_("captured"), max_digits=14, decimal_places=4, default=0)
    refunded_amount = models.DecimalField(
        _("refunded"), max_digits=14, decimal_places=4, default=0, help_text=_("What is being refunded counts at once.")
    )
    void_requested_at = models.DateTimeField(_("release asked"), null=True, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    hold_key = models.CharField(_("key of the hold"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                name="refunded_within_captured_within_authorized",
                condition=Q(
                    refunded_amount__gte=0,
                    refunded_amount__lte=F("captured_amount"),
                    captured_amount__lte=F("authorized_amount"),
                ),
            ),
            models.CheckConstraint(
                name="only_the_last_four_digits", condition=Q(last4="") | Q(last4__regex=r"^[0-9]{4}$")
            ),
        ]
        indexes = [
            models.Index(fields=["last4"], name="payment_last4", condition=~Q(last4="")),
            models.Index(fields=["reference"], name="payment_reference"),
            models.Index(
                fields=["void_requested_at"], name="payment_to_void",
                condition=Q(voided_at=None, void_requested_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.method} {self.reference}"

    @property
    def refundable_amount(self) -> Decimal:
        """Captured, and neither given back nor being given back."""
        return self.captured_amount - self.refunded_amount

    @property
    def words(self) -> str:
        """As people call it: "Visa •••• 4242", "Till receipt 1042-7", "Store credit"."""
        if self.last4:
            return f"{self.brand or self.method.capitalize()} •••• {self.last4}"
        if self.method == TILL_RECEIPT:
            return str(_("Till receipt %s") % self.reference)
        if self.kind == Kind.STORE_CREDIT:
            return str(_("Store credit ending %s") % self.reference[-4:])
        return str(_("Card")) if self.method == CARD else self.method.replace("_", " ").capitalize()


class CaptureQuerySet(models.QuerySet["Capture"]):
    def pending(self) -> "CaptureQuerySet":
        """Asked of the provider, or about to be; neither taken nor refused yet."""
        return self.filter(captured_at=None, failed_at=None)

    def pending_amount(self) -> Decimal:
        return self.pending().aggregate(total=Sum("amount", default=Decimal(0)))["total"]


class Capture(models.Model):
    """One capture asked of the provider, by a key of ours: the same hand-over is never charged twice."""

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name=_("payment"), related_name="captures")
    key = models.CharField(_("key"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    requested_at = models.DateTimeField(_("requested"))
    captured_at = models.DateTimeField(_("captured"), null=True, blank=True)
    failed_at = models.DateTimeField(_("refused"), null=True, blank=True)
    failure = models.CharField(_("why refused"), max_length=300, blank=True)
    provider_reference = models.CharField(_("provider's reference"), max_length=200, blank=True)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [
            models.UniqueConstraint(fields=["payment", "key"], name="one_capture_per_key"),
            models.CheckConstraint(name="capture_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="captured_or_refused", condition=Q(captured_at=None) | Q(failed_at=None)),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], name="capture_pending", condition=Q(captured_at=None, failed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def provider_key(self) -> str:
        """What the provider knows this capture by."""
        return f"{self.payment_id}:{self.key}"
