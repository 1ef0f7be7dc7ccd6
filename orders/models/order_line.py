"""One item of an order, its frozen price and four counters the database keeps honest."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Variant
from orders.models.order import Order
from orders.models.order_kit import OrderKit


class Method(models.TextChoices):
    PICKUP = "pickup", _("Pickup")
    SHIP = "ship", _("Ship")
    CARRY_OUT = "carry_out", _("Carry out")


AT_A_STORE = (Method.PICKUP, Method.CARRY_OUT)  # the customer gets it in the line's own store


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def waiting(self) -> "OrderLineQuerySet":
        """Lines with units that nobody has promised yet, oldest first."""
        return self.filter(waiting_quantity__gt=0).order_by("order__placed_at", "pk")


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    reference = models.CharField(_("reference"), max_length=100)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    title = models.CharField(_("title"), max_length=400)
    quantity = models.PositiveIntegerField(_("ordered"))
    unit_price_amount = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    discount_amount = models.DecimalField(_("discount"), max_digits=14, decimal_places=4, default=0)
    tax_amount = models.DecimalField(_("tax"), max_digits=14, decimal_places=4, default=0)
    discounts = models.JSONField(_("discounts"), default=list, blank=True)
    taxes = models.JSONField(_("taxes"), default=list, blank=True)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    pickup_location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("pickup at"), null=True, blank=True, related_name="+"
    )
    selling_location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("sold at"), null=True, blank=True, related_name="+",
        help_text=_("Where it was sold, whoever fulfills it."),
    )  # fmt: skip
    associate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("sold by"), null=True, blank=True, related_name="+"
    )
    service = models.CharField(_("service"), max_length=20, blank=True)
    deliver_by = models.DateTimeField(_("deliver by"), null=True, blank=True)
    gift_message = models.CharField(_("gift message"), max_length=500, blank=True)
    cancelled_quantity = models.PositiveIntegerField(_("cancelled"), default=0)
    allocated_quantity = models.PositiveIntegerField(_("allocated"), default=0)
    fulfilled_quantity = models.PositiveIntegerField(_("fulfilled"), default=0)
    returned_quantity = models.PositiveIntegerField(_("returned"), default=0)
    settled_quantity = models.PositiveIntegerField(
        _("settled"), default=0, help_text=_("Units that left for good and whose money was asked for.")
    )
    waiting_quantity = models.GeneratedField(
        verbose_name=_("waiting"),
        expression=F("quantity") - F("cancelled_quantity") - F("allocated_quantity") - F("fulfilled_quantity"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    # The latest day on which units that wait for a supplier should be here; none: nobody knows.
    expected_on = models.DateField(_("expected from a supplier"), null=True, blank=True)
    # Of a kit's part: the kit that was ordered, and how many units of this line are in each.
    kit = models.ForeignKey(
        OrderKit, models.PROTECT, verbose_name=_("kit"), related_name="lines", null=True, blank=True, db_index=False
    )
    kit_units = models.PositiveIntegerField(_("units in each kit"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "reference"], name="one_line_per_reference"),
            models.CheckConstraint(name="line_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="units_in_one_place",
                condition=Q(quantity__gte=F("cancelled_quantity") + F("allocated_quantity") + F("fulfilled_quantity")),
            ),
            models.CheckConstraint(
                name="part_of_a_kit_says_how_many",
                condition=Q(kit=None, kit_units=None) | Q(kit__isnull=False, kit_units__gt=0),
            ),
            models.CheckConstraint(
                name="returned_within_fulfilled", condition=Q(returned_quantity__lte=F("fulfilled_quantity"))
            ),
            models.CheckConstraint(
                name="settled_within_fulfilled", condition=Q(settled_quantity__lte=F("fulfilled_quantity"))
            ),
            models.CheckConstraint(
                name="pickup_has_a_place",
                condition=Q(method__in=["pickup", "carry_out"], pickup_location__isnull=False)
                | Q(method="ship", pickup_location=None),
            ),
        ]
        indexes = [
            models.Index(fields=["variant"], name="line_waiting", condition=Q(waiting_quantity__gt=0)),
            models.Index(fields=["pickup_location"], name="line_waiting_at", condition=Q(waiting_quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"

    @property
    def open_quantity(self) -> int:
        """Units still owed: neither cancelled nor fulfilled."""
        return self.quantity - self.cancelled_quantity - self.fulfilled_quantity

    @property
    def unallocated_quantity(self) -> int:
        """`waiting_quantity` after counters changed in memory."""
        return self.open_quantity - self.allocated_quantity

    @property
    def total_amount(self) -> Decimal:
        """What the customer pays for the line, tax included."""
        tax = Decimal(0) if self.order.prices_include_tax else self.tax_amount
        return self.unit_price_amount * self.quantity - self.discount_amount + tax
