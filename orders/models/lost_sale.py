"""What people asked for and nobody had."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Variant


class LostSaleQuerySet(models.QuerySet["LostSale"]):
    def at(self, location) -> "LostSaleQuerySet":
        return self.filter(location=location)

    def kept(self) -> "LostSaleQuerySet":
        """Those that nobody took back."""
        return self.filter(undone_at=None)

    def undoable(self, user, since) -> "LostSaleQuerySet":
        return self.kept().filter(associate=user, recorded_at__gte=since).order_by("-pk")

    def most_missed(self, since) -> models.QuerySet:
        """What people asked for and nobody had, by units."""
        named = self.kept().filter(recorded_at__gte=since).order_by()
        return named.values("sku", "wanted").annotate(units=Sum(F("quantity"))).order_by("-units", "sku", "wanted")


class LostSale(models.Model):
    """Somebody wanted it and nobody had it: HQ wants to know."""

    variant = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("variant"), null=True, blank=True, related_name="+"
    )
    sku = models.CharField(_("SKU"), max_length=64, blank=True)
    wanted = models.CharField(_("what was wanted"), max_length=400, help_text=_("The item, or the shopper's words."))
    quantity = models.PositiveIntegerField(_("units"), default=1)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("asked at"), related_name="+")
    associate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    key = models.CharField(_("key"), max_length=64, unique=True, help_text=_("One press counts once."))
    recorded_at = models.DateTimeField(_("recorded"))
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = LostSaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost sale")
        verbose_name_plural = _("lost sales")
        constraints = [models.CheckConstraint(name="lost_sale_of_something", condition=Q(quantity__gt=0))]
        indexes = [models.Index(fields=["recorded_at"], name="lost_sale_recorded", condition=Q(undone_at=None))]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.wanted}"
