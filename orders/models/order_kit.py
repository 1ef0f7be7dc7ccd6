"""A kit as it was ordered: its price stands here, its units in the lines that it was opened into."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Variant
from orders.models.order import Order


class OrderKit(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="kits", db_index=False)
    position = models.PositiveIntegerField(_("position"))
    reference = models.CharField(_("reference"), max_length=100)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    sku = models.CharField(_("SKU"), max_length=64)
    title = models.CharField(_("title"), max_length=400)
    quantity = models.PositiveIntegerField(_("ordered"))
    line_count = models.PositiveIntegerField(_("lines"))
    may_split = models.BooleanField(_("may be split"))
    unit_price_amount = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    discount_amount = models.DecimalField(_("discount"), max_digits=14, decimal_places=4, default=0)
    tax_amount = models.DecimalField(_("tax"), max_digits=14, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("kit of an order")
        verbose_name_plural = _("kits of orders")
        constraints = [
            models.UniqueConstraint(fields=["order", "reference"], name="one_kit_per_reference"),
            models.CheckConstraint(name="kit_of_something", condition=Q(quantity__gt=0, line_count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"

    @property
    def total_amount(self) -> Decimal:
        """What the customer pays for it, tax included: what its lines add up to."""
        tax = Decimal(0) if self.order.prices_include_tax else self.tax_amount
        return self.unit_price_amount * self.quantity - self.discount_amount + tax
