"""What a customer wants one day; a SKU, because customers cannot see the catalog."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class WishQuerySet(models.QuerySet["Wish"]):
    def open(self) -> "WishQuerySet":
        return self.filter(removed_at=None)


class Wish(models.Model):
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="wishes")
    sku = models.CharField(_("SKU"), max_length=64)
    added_at = models.DateTimeField(_("added"))
    added_by = models.CharField(_("added by"), max_length=200)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.CharField(_("removed by"), max_length=200, blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "sku"], condition=Q(removed_at=None), name="wish_once_per_customer"
            ),
        ]
        indexes = [models.Index(fields=["customer", "-added_at"], name="wish_newest")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.sku}"
