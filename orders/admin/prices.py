"""What HQ takes off prices, and the taxes of each place."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import tag
from omni.core.ui.words import money_words
from orders.models import Promotion, TaxRate

PRICES = gettext_lazy("Prices")


@admin.register(Promotion)
class PromotionAdmin(HqAdmin):
    section, position, reads = PRICES, 65, CONFIGURE
    adds = changes = CONFIGURE
    list_display = ["code", "name", "off", "state", "starts_at", "ends_at"]
    list_filter = ["is_active"]
    finds = {"code": "exact", "name": "part"}
    fields = [
        "code", "name", "needs_code", "percent", "amount", "currency", "category", "skus", "starts_at", "ends_at",
        "is_active",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("off"))
    def off(self, promotion: Promotion) -> str:
        if promotion.percent is not None:
            return f"{promotion.percent.normalize():f}%"
        return money_words(promotion.amount or 0, currency=promotion.currency)

    @admin.display(description=gettext_lazy("state"))
    def state(self, promotion: Promotion) -> str:
        now = timezone.now()
        if not promotion.is_active:
            return tag(_("Off"), "")
        if promotion.starts_at > now:
            return tag(_("To come"), "info")
        is_over = promotion.ends_at is not None and promotion.ends_at <= now
        return tag(_("Over"), "") if is_over else tag(_("Holds now"), "done")


@admin.register(TaxRate)
class TaxRateAdmin(HqAdmin):
    section, position, reads = PRICES, 66, CONFIGURE
    adds = changes = CONFIGURE
    list_display = ["name", "country", "region", "postal_prefix", "tax_category", "rate", "is_active"]
    list_filter = ["is_active", "country"]
    finds = {"name": "part", "region": "exact", "postal_prefix": "exact"}
    fields = ["name", "country", "region", "postal_prefix", "tax_category", "rate", "is_active"]
