"""What the customer takes instead: held from the moment it is chosen, until it becomes an order or the time is over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from returns.models.return_order import ReturnOrder


class Exchange(models.Model):
    """`lines` are the replacement units with their price: [{"sku", "variant_id", "title", "method", "location",
    "location_id", "unit_price", "discounts", "taxes", "total", "is_even"}], one row per unit."""

    class Status(models.TextChoices):
        OPEN = "open", _("Chosen")
        DONE = "done", _("Exchanged")
        ENDED = "ended", _("Given up")

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, verbose_name=_("return"), related_name="exchanges")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    lines = models.JSONField(_("replacement"), default=list)
    total_amount = models.DecimalField(_("costs"), max_digits=14, decimal_places=4, default=0)
    hold_id = models.UUIDField(_("hold"), null=True, blank=True)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    replacement = models.OneToOneField(
        Order, models.PROTECT, verbose_name=_("replacement"), null=True, blank=True, related_name="exchange"
    )
    begun_at = models.DateTimeField(_("begun"))

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = [
            models.UniqueConstraint(
                fields=["return_order"], condition=Q(status="open"), name="one_open_exchange_per_return"
            ),
            models.CheckConstraint(
                name="exchanged_for_an_order",
                condition=Q(status="done", replacement__isnull=False) | ~Q(status="done") & Q(replacement=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_order_id}: {self.get_status_display()}"

    @property
    def owner_key(self) -> str:
        """Whose payments and holds these are."""
        return f"exchange:{self.pk}"
