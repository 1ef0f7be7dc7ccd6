"""Baskets that associates serve, and what shoppers wanted and nobody had."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.show import NOTHING, link, moment, page_url, tag
from orders.admin.orders import ORDERS
from orders.models import Basket, BasketLine, LostSale

TONES = {Basket.Status.OPEN: "info", Basket.Status.PARKED: "warn", Basket.Status.PLACED: "done"}
PICTURED = 10  # what is missed most
DAYS = 30


class BasketLineInline(ReadOnlyInline):
    model = BasketLine
    verbose_name_plural = gettext_lazy("lines")
    fields = ["item", "quantity", "method", "location"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant__product", "location")

    @admin.display(description=gettext_lazy("item"))
    def item(self, line: BasketLine) -> str:
        return f"{line.variant.sku} · {line.variant.title}"


@admin.register(Basket)
class BasketAdmin(ReadOnlyAdmin):
    section, position = ORDERS, 36
    place_paths = ("location",)
    list_display = ["name", "location", "associate", "state", "changed", "order_link"]
    list_filter = [typed(gettext_lazy("location code"), "at", "location__code"), "status"]
    list_select_related = ["location", "associate", "order"]
    fields = ["location", "associate", "state", "note", "begun", "changed", "order_link"]
    inlines = (BasketLineInline,)

    @admin.display(description=gettext_lazy("basket"))
    def name(self, basket: Basket) -> str:
        """What people at the counter know it by; the beginning of its id where they wrote nothing down."""
        return basket.note or basket.contact_name or str(basket.pk)[:8]

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, basket: Basket) -> str:
        return tag(basket.get_status_display(), TONES.get(Basket.Status(basket.status), ""))

    @admin.display(description=gettext_lazy("begun"))
    def begun(self, basket: Basket) -> str:
        return moment(basket.created_at, basket.location)

    @admin.display(description=gettext_lazy("changed"))
    def changed(self, basket: Basket) -> str:
        return moment(basket.updated_at, basket.location)

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, basket: Basket) -> str:
        return link(basket.order, page_url("orders.order", basket.order_id)) if basket.order_id else NOTHING


@admin.register(LostSale)
class LostSaleAdmin(ReadOnlyAdmin):
    section, position = ORDERS, 37
    place_paths = ("location",)
    long = True
    change_list_template = "admin/hq/lost_sales.html"
    list_display = ["wanted", "sku", "quantity", "location", "associate", "recorded", "state"]
    list_filter = [
        typed(gettext_lazy("location code"), "at", "location__code"), ("undone_at", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["location", "associate"]
    fields = ["wanted", "sku", "quantity", "location", "associate", "recorded", "state"]
    finds = {"sku": "exact"}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """With a picture of what is missed most: units of the last days, over the stores that this person sees."""
        since = timezone.now() - timedelta(days=DAYS)
        seen = LostSale.objects.filter(pk__in=self.get_queryset(request).values("pk"))
        missed = list(seen.most_missed(since)[:PICTURED])
        rows = [
            {"label": " ".join(filter(None, [each["sku"], each["wanted"]])), "value": each["units"],
             "url": f"?q={quote(each['sku'])}" if each["sku"] else ""}
            for each in missed
        ]  # fmt: skip
        more = {"missed": rows, "most": max((row["value"] for row in rows), default=0), "days": DAYS}
        return super().changelist_view(request, (extra_context or {}) | more)

    @admin.display(description=gettext_lazy("recorded"))
    def recorded(self, lost: LostSale) -> str:
        return moment(lost.recorded_at, lost.location)

    @admin.display(description=gettext_lazy("state"))
    def state(self, lost: LostSale) -> str:
        return tag(_("taken back")) if lost.undone_at else tag(_("missed"), "warn")
