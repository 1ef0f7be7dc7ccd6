"""What was ordered from a supplier for one of our locations, and how much of it has come."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.states import Stateful

# What can stand in an address.
VALID_NUMBER = RegexValidator(r"^[\w.\-]+\Z", _("Only letters, digits, dots and hyphens."))


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def open_at(self, location) -> "PurchaseOrderQuerySet":
        """What this location still expects, the earliest first."""
        return self.filter(location=location, status=PurchaseOrder.Status.OPEN).order_by("expected_on", "pk")


class PurchaseOrder(Stateful, models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Expected")
        RECEIVED = "received", _("Received")
        CLOSED = "closed", _("Closed short")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        Status.OPEN: {Status.RECEIVED, Status.CLOSED, Status.CANCELLED},
    }

    number = models.CharField(_("number"), max_length=60, unique=True, validators=[VALID_NUMBER])
    supplier = models.CharField(_("supplier"), max_length=120)
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), related_name="purchase_orders", db_index=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    expected_on = models.DateField(_("expected"), help_text=_("The earliest day on which any of it should come."))
    is_orderable = models.BooleanField(
        _("may be sold before it comes"), default=True,
        help_text=_("Where backorders or preorders are allowed for its items."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        constraints = [
            models.CheckConstraint(
                name="closed_order_says_when",
                condition=Q(status="open", closed_at=None) | (~Q(status="open") & Q(closed_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["location", "status", "expected_on"], name="purchase_order_expected")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def is_late(self, today: date) -> bool:
        """Its day has passed and something of it is still missing."""
        return self.is_open and self.expected_on < today


OPEN_QUANTITY = F("ordered_quantity") - F("received_quantity") - F("closed_quantity")


class PurchaseOrderLineQuerySet(models.QuerySet["PurchaseOrderLine"]):
    def coming(self, location) -> "PurchaseOrderLineQuerySet":
        """What this location still expects."""
        return self.still_open().filter(purchase_order__location=location)

    def still_open(self) -> "PurchaseOrderLineQuerySet":
        """Of which something is expected, wherever it comes."""
        return self.filter(
            purchase_order__status=PurchaseOrder.Status.OPEN,
            ordered_quantity__gt=F("received_quantity") + F("closed_quantity"),
        )  # fmt: skip

    def orderable(self) -> "PurchaseOrderLineQuerySet":
        """Of which more comes than is promised."""
        return self.filter(
            purchase_order__status=PurchaseOrder.Status.OPEN, purchase_order__is_orderable=True,
            promised_quantity__lt=OPEN_QUANTITY,
        )  # fmt: skip


class PurchaseOrderLine(models.Model):
    purchase_order = models.ForeignKey(
        PurchaseOrder, models.PROTECT, verbose_name=_("purchase order"), related_name="lines", db_index=False
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    ordered_quantity = models.PositiveIntegerField(_("ordered"))
    expected_on = models.DateField(_("expected"))
    # What came, damaged units too. It may be more than was ordered: what lies there, lies there.
    received_quantity = models.PositiveIntegerField(_("received"), default=0)
    # What nobody waits for any more.
    closed_quantity = models.PositiveIntegerField(_("no longer expected"), default=0)
    # Of what should still come: sold already. The CHECK below is why supply is never sold twice.
    promised_quantity = models.PositiveIntegerField(_("promised"), default=0)

    objects = PurchaseOrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of incoming supply")
        constraints = [
            models.UniqueConstraint(fields=["purchase_order", "variant"], name="one_order_line_per_variant"),
            models.CheckConstraint(name="ordered_something", condition=Q(ordered_quantity__gt=0)),
            models.CheckConstraint(
                name="closed_of_what_was_ordered", condition=Q(closed_quantity__lte=F("ordered_quantity"))
            ),
            models.CheckConstraint(
                name="promised_of_what_comes",
                condition=Q(promised_quantity=0) | Q(promised_quantity__lte=OPEN_QUANTITY),
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "expected_on"], name="supply_of_variant"),
            models.Index(fields=["variant"], name="supply_promised", condition=Q(promised_quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.received_quantity}/{self.ordered_quantity}"

    @property
    def open_quantity(self) -> int:
        """What should still come."""
        return max(0, self.ordered_quantity - self.received_quantity - self.closed_quantity)
