"""A customer's points: an insert-only ledger; the balance is its sum."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class LoyaltyEntry(models.Model):
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="loyalty_entries")
    points = models.IntegerField(_("points"))
    reason = models.CharField(_("reason"), max_length=200)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("by"), max_length=200)

    class Meta:
        verbose_name = _("loyalty entry")
        verbose_name_plural = _("loyalty entries")
        constraints = [
            models.CheckConstraint(name="loyalty_of_something", condition=~Q(points=0)),
            models.UniqueConstraint(
                fields=["customer", "reference"], condition=~Q(reference=""), name="loyalty_reference_once"
            ),
        ]
        indexes = [models.Index(fields=["customer", "-at"], name="loyalty_newest")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.points:+d}"
