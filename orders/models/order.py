"""An order of any channel: who wants what, at which frozen price. Its label is derived from its lines' counters."""

import uuid
from collections.abc import Sequence

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from inventory.models import Location
from omni.core import practice
from omni.core.access import scopes
from omni.core.channels import Channel


class NextNumber(Func):
    """The next order number; gaps are fine, a lock is not."""

    template = "nextval('orders_order_number_seq')"
    output_field = models.BigIntegerField()


class OrderQuerySet(models.QuerySet["Order"]):
    def lock(self, number: int) -> "Order":
        """The order, locked; the first lock of every act on it."""
        return self.select_for_update(of=("self",)).get(number=number)

    def for_user(self, user, capability: str = "work") -> "OrderQuerySet":
        """Orders that a store of this person works on, worked on, sold, or was chosen for; HQ sees all of them."""
        if scopes(user, capability) is None:
            return self
        mine = Location.objects.for_user(user, capability).values("pk")
        models_of = self.model._meta.apps.get_model
        works = models_of("orders", "FulfillmentOrder").objects.filter(order=OuterRef("pk"), location__in=mine)
        lines = models_of("orders", "OrderLine").objects.filter(
            Q(pickup_location__in=mine) | Q(selling_location__in=mine), order=OuterRef("pk")
        )
        return self.filter(Exists(works) | Exists(lines))


class Order(models.Model):
    class Status(models.TextChoices):
        """What the lines' counters add up to."""

        OPEN = "open", _("Open")
        PARTLY_FULFILLED = "partly_fulfilled", _("Partly fulfilled")
        FULFILLED = "fulfilled", _("Fulfilled")
        CANCELLED = "cancelled", _("Cancelled")

    class OnShortage(models.TextChoices):
        REFUSE = "refuse", _("Refuse")
        BACKORDER = "backorder", _("Backorder")
        SUPPLY = "supply", _("Only from stock or a supplier")
        ACCEPT = "accept", _("Accept")

    class Hold(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        FRAUD_REVIEW = "fraud_review", _("Fraud review")
        ADDRESS = "address", _("Address")

    number = models.BigIntegerField(_("number"), unique=True, db_default=NextNumber())
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    channel_reference = models.CharField(_("reference in the channel"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="orders"
    )
    contact_name = models.CharField(_("name"), max_length=200, blank=True)
    contact_email = models.CharField(_("e-mail"), max_length=254, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    collector_name = models.CharField(_("collected by"), max_length=200, blank=True)
    shipping_address = models.JSONField(_("shipping address"), null=True, blank=True)
    shipping_amount = models.DecimalField(_("shipping"), max_digits=14, decimal_places=4, default=0)
    shipping_tax_amount = models.DecimalField(_("tax on shipping"), max_digits=14, decimal_places=4, default=0)
    shipping_taxes = models.JSONField(_("taxes on shipping"), default=list, blank=True)
    total_amount = models.DecimalField(_("total"), max_digits=14, decimal_places=4)
    refunded_amount = models.DecimalField(
        _("refunded"), max_digits=14, decimal_places=4, default=0, help_text=_("What is being refunded counts at once.")
    )
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    on_shortage = models.CharField(_("on shortage"), max_length=10, choices=OnShortage, default=OnShortage.REFUSE)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    hold = models.CharField(_("held for"), max_length=20, choices=Hold, blank=True)
    hold_note = models.CharField(_("hold note"), max_length=500, blank=True)
    code_seed = models.UUIDField(_("seed of the pickup code"), default=uuid.uuid4, editable=False)
    pickup_code_digest = models.CharField(_("pickup code"), max_length=64, blank=True, editable=False)
    fulfillment_count = models.PositiveIntegerField(_("fulfillment orders so far"), default=0)
    promise_moves = models.PositiveSmallIntegerField(
        _("promises moved"), default=0,
        help_text=_("How often its parcels were given to other locations before their release."),
    )  # fmt: skip
    tags = models.JSONField(_("tags"), default=list, blank=True)
    metadata = models.JSONField(_("metadata"), default=dict, blank=True)
    placed_at = models.DateTimeField(_("placed"))
    placed_by = models.CharField(_("placed by"), max_length=150)
    updated_at = models.DateTimeField(_("changed"))

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["channel", "channel_reference"], name="one_order_per_channel_reference"),
            models.CheckConstraint(
                name="never_refunded_beyond_total",
                condition=models.Q(refunded_amount__gte=0, refunded_amount__lte=models.F("total_amount")),
            ),
        ]
        indexes = [
            models.Index(fields=["updated_at", "id"], name="order_updated"),
            models.Index(fields=["-placed_at"], name="order_placed"),
            models.Index(fields=["contact_email"], name="order_email", condition=~Q(contact_email="")),
            models.Index(fields=["contact_phone"], name="order_phone", condition=~Q(contact_phone="")),
            models.Index(fields=["pickup_code_digest"], name="order_pickup_code", condition=~Q(pickup_code_digest="")),
            GinIndex(fields=["contact_name"], name="order_name_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def subject(self) -> tuple[str, str]:
        return "order", str(self.number)

    @property
    def is_practice(self) -> bool:
        """Practice orders lie in tables of their own; whoever reads one is practicing."""
        return practice.is_on()


def derive_status(lines: Sequence) -> str:
    """The label of an order with these lines (anything with the four counters)."""
    Status = Order.Status
    open_units = sum(line.quantity - line.cancelled_quantity - line.fulfilled_quantity for line in lines)
    fulfilled = sum(line.fulfilled_quantity for line in lines)
    if open_units:
        return Status.PARTLY_FULFILLED if fulfilled else Status.OPEN
    return Status.FULFILLED if fulfilled else Status.CANCELLED
