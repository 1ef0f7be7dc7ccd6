"""Money that goes back, once: the units that it pays for point to it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from returns.models.return_order import ReturnOrder


class Payout(models.Model):
    """`amount` is the sum of its units' refunds. Of it `tender_amount` goes back as it was paid, `credit_amount` is
    store credit, and `exchange_amount` pays for `replacement`."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, verbose_name=_("return"), related_name="payouts")
    key = models.CharField(_("key"), max_length=64, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    tender_amount = models.DecimalField(_("as it was paid"), max_digits=14, decimal_places=4, default=0)
    credit_amount = models.DecimalField(_("store credit"), max_digits=14, decimal_places=4, default=0)
    exchange_amount = models.DecimalField(_("paid for the replacement"), max_digits=14, decimal_places=4, default=0)
    credit_code = models.CharField(_("store credit"), max_length=40, blank=True)
    replacement = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("replacement"), null=True, blank=True, related_name="replaces"
    )
    till_reference = models.CharField(_("till receipt"), max_length=100, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.CheckConstraint(
                name="payout_adds_up",
                condition=Q(
                    amount__gte=0, tender_amount__gte=0, credit_amount__gte=0, exchange_amount__gte=0,
                    amount=F("tender_amount") + F("credit_amount") + F("exchange_amount"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key
