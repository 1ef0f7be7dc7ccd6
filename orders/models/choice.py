"""A pickup that a store could not fill: the customer chooses another store, shipping, or cancellation."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Variant
from orders.models.order_line import OrderLine


def new_token() -> str:
    return secrets.token_urlsafe(24)


class PickupChoice(models.Model):
    class Answer(models.TextChoices):
        SUBSTITUTE = "substitute", _("Take the substitute")
        OTHER_STORE = "other_store", _("Pick up at another store")
        SHIP = "ship", _("Ship it")
        CANCEL = "cancel", _("Cancel these units")

    order_line = models.ForeignKey(OrderLine, models.PROTECT, verbose_name=_("order line"), related_name="choices")
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("store that was short"), related_name="+")
    quantity = models.PositiveIntegerField(_("units"))
    token = models.CharField(_("token"), max_length=64, unique=True, default=new_token, editable=False)
    substitute = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("substitute offered"), null=True, blank=True, related_name="+"
    )
    substitute_price_amount = models.DecimalField(
        _("price of the substitute"), max_digits=14, decimal_places=4, null=True, blank=True,
        help_text=_("In the shop, when it was offered; the customer pays the lower of the two."),
    )  # fmt: skip
    substitute_line = models.OneToOneField(
        OrderLine, models.PROTECT, verbose_name=_("line of the substitute"), null=True, blank=True, related_name="+"
    )
    offered_at = models.DateTimeField(_("offered"))
    answer = models.CharField(_("answer"), max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("customer's choice")
        verbose_name_plural = _("customers' choices")
        constraints = [
            models.UniqueConstraint(fields=["order_line"], condition=Q(answer=""), name="one_open_choice_per_line"),
            models.CheckConstraint(name="choice_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="substitute_has_its_line",
                condition=~Q(answer="substitute") | Q(substitute__isnull=False, substitute_line__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.order_line_id}"
