"""What HQ takes off prices, and the taxes of each place; the same on every channel."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.quoting import Offer, Rate


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def holding(self, *, currency: str, codes, now) -> "PromotionQuerySet":
        """Those that hold now without being asked for, and those whose code was given."""
        in_time = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
        worth = Q(percent__isnull=False) | Q(currency=currency)
        return self.filter(in_time, worth, Q(needs_code=False) | Q(code__in=codes), is_active=True)


class Promotion(models.Model):
    code = models.CharField(_("code"), max_length=60, unique=True, help_text=_("What receipts and orders call it."))
    name = models.CharField(_("name"), max_length=120)
    needs_code = models.BooleanField(
        _("only with its code"), default=False, help_text=_("Otherwise everybody gets it.")
    )
    percent = models.DecimalField(_("percent off"), max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField(_("amount off each unit"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Of the amount."))
    category = models.CharField(
        _("category"), max_length=200, blank=True, help_text=_("A path such as Apparel > Shirts, and all below it.")
    )
    skus = models.TextField(_("SKUs"), blank=True, help_text=_("One a line. Without these and a category: everything."))
    starts_at = models.DateTimeField(_("starts (UTC)"))
    ends_at = models.DateTimeField(_("ends (UTC)"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                name="promotion_percent_or_amount",
                condition=Q(percent__gt=0, percent__lte=100, amount=None)
                | (Q(amount__gt=0, percent=None) & ~Q(currency="")),
            ),
            models.CheckConstraint(
                name="promotion_ends_after_start", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"

    def clean(self) -> None:
        self.currency = self.currency.upper()
        if (self.percent is None) == (self.amount is None):
            raise ValidationError(_("Give either a percentage or an amount."))

    @property
    def offer(self) -> Offer:
        """For the pure pricing."""
        skus = frozenset(line.strip() for line in self.skus.splitlines() if line.strip())
        return Offer(self.code, percent=self.percent, amount=self.amount, skus=skus, category=self.category)


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    def at(self, *, country: str, region: str, postal_code: str) -> list[Rate]:
        """Of each tax and item category, the rate that names the place most closely."""
        found = self.filter(is_active=True, country=country.upper())
        found = found.filter(Q(region="") | Q(region__iexact=region))
        closest: dict[tuple[str, str], TaxRate] = {}
        for rate in found.order_by("name", "pk"):
            if postal_code.startswith(rate.postal_prefix):
                known = closest.get((rate.name, rate.tax_category))
                if known is None or rate.closeness > known.closeness:
                    closest[rate.name, rate.tax_category] = rate
        return [Rate(each.name, each.rate, each.tax_category) for each in closest.values() if each.rate]


class TaxRate(models.Model):
    name = models.CharField(_("tax"), max_length=60, help_text=_("As receipts call it: MN, Hennepin, VAT."))
    country = models.CharField(_("country"), max_length=2, default="US")
    region = models.CharField(_("state or region"), max_length=50, blank=True)
    postal_prefix = models.CharField(_("postal code begins with"), max_length=20, blank=True)
    tax_category = models.CharField(
        _("tax category"), max_length=40, blank=True, help_text=_("Of the item; empty: every item.")
    )
    rate = models.DecimalField(_("rate"), max_digits=8, decimal_places=6, help_text=_("A share: 0.06875 is 6.875%."))
    is_active = models.BooleanField(_("active"), default=True)

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(name="tax_rate_is_a_share", condition=Q(rate__gte=0, rate__lt=1)),
            models.UniqueConstraint(
                fields=["name", "country", "region", "postal_prefix", "tax_category"], name="one_tax_rate_per_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {Decimal(self.rate).normalize():f}"

    @property
    def closeness(self) -> tuple[int, int]:
        return len(self.postal_prefix), len(self.region)


class PriceQuote(models.Model):
    """Prices that were told to somebody, and hold until they expire."""

    number = models.UUIDField(_("number"), unique=True)
    currency = models.CharField(_("currency"), max_length=3)
    prices_include_tax = models.BooleanField(_("prices include tax"))
    lines = models.JSONField(_("lines"), help_text=_("As an order takes them, by reference."))
    quoted_by = models.CharField(_("quoted by"), max_length=150)
    quoted_at = models.DateTimeField(_("quoted"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("price quote")
        verbose_name_plural = _("price quotes")

    def __str__(self) -> str:
        return str(self.number)
