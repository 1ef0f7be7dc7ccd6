"""Incoming supply: what suppliers will bring and how much of it is sold already, line by line, late ones first."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.stock import STOCK
from inventory.models import PurchaseOrder, PurchaseOrderLine, SupplyPromise
from omni.core.hq.base import ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.show import NOTHING, link, list_url, page_url, tag

PICTURED = 12
TONES = {SupplyPromise.Status.ARRIVED: "done", SupplyPromise.Status.WAITING: "info", SupplyPromise.Status.LOST: "stop"}


class ExpectedFilter(admin.SimpleListFilter):
    title = gettext_lazy("expected")
    parameter_name = "expected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", gettext_lazy("Late")), ("promised", gettext_lazy("Sold already")),
                ("late-promised", gettext_lazy("Late and sold already"))]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        if "late" in value:
            queryset = queryset.filter(expected_on__lt=timezone.localdate())
        return queryset.filter(promised_quantity__gt=0) if "promised" in value else queryset


class SupplyPromiseInline(ReadOnlyInline):
    """Who gets it, in the order in which they do."""

    model = SupplyPromise
    verbose_name_plural = gettext_lazy("who waits, first come first served")
    fields = ["order_link", "quantity", "promised_on", "state"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).filter(status__in=SupplyPromise.OPEN)
        return rows.order_by("promised_on", "created_at", "pk")

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, promise: SupplyPromise) -> str:
        """Inventory knows the key of the demand only; HQ's list of orders finds by it."""
        kind, _colon, number = promise.demand_key.partition(":")
        if kind != "order-line":
            return promise.demand_key
        return link(_("Order with line %s") % number, list_url("orders.order", line=number))

    @admin.display(description=gettext_lazy("state"))
    def state(self, promise: SupplyPromise) -> str:
        return tag(promise.get_status_display(), TONES.get(SupplyPromise.Status(promise.status), ""))


@admin.register(PurchaseOrderLine)
class IncomingAdmin(ReadOnlyAdmin):
    section, position = STOCK, 29
    place_paths = ("purchase_order__location",)
    change_list_template = "admin/hq/incoming.html"
    list_display = ["item", "order_link", "place", "day", "open_units", "promised_quantity", "free"]
    list_filter = [
        ExpectedFilter,
        typed(gettext_lazy("location code"), "at", "purchase_order__location__code"),
        typed(gettext_lazy("SKU"), "sku", "variant__sku"),
    ]
    list_select_related = ["variant__product", "purchase_order__location"]
    fields = ["item", "order_link", "place", "supplier", "day", "ordered_quantity", "received_quantity",
              "closed_quantity", "open_units", "promised_quantity", "free"]  # fmt: skip
    inlines = (SupplyPromiseInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("variant__product", "purchase_order__location")
        return rows.filter(purchase_order__status=PurchaseOrder.Status.OPEN, received_quantity__lt=F(
            "ordered_quantity") - F("closed_quantity")).order_by("expected_on", "pk")  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """With a picture of how much of what comes first is sold; the late lines of which anything is promised lead."""
        today = timezone.localdate()
        seen = self.get_queryset(request)
        late = list(seen.filter(promised_quantity__gt=0, expected_on__lt=today)[:PICTURED])
        soon = seen.filter(promised_quantity__gt=0, expected_on__gte=today)
        rows = [_pictured(line, is_late=line.expected_on < today) for line in [*late, *soon[: PICTURED - len(late)]]]
        return super().changelist_view(request, (extra_context or {}) | {
            "title": _("Incoming supply"), "pictured": rows, "is_empty": not rows and not seen.exists(),
            "term_url": list_url("inventory.supplyterm"),
        })  # fmt: skip

    def row_name(self, line: PurchaseOrderLine) -> str:
        return f"{self.item(line)} · {line.purchase_order.number}"

    @admin.display(description=gettext_lazy("item"))
    def item(self, line: PurchaseOrderLine) -> str:
        return f"{line.variant.sku} · {line.variant.title}"

    @admin.display(description=gettext_lazy("purchase order"))
    def order_link(self, line: PurchaseOrderLine) -> str:
        return link(line.purchase_order.number, page_url("inventory.purchaseorder", line.purchase_order_id))

    @admin.display(description=gettext_lazy("location"))
    def place(self, line: PurchaseOrderLine) -> str:
        return str(line.purchase_order.location)

    @admin.display(description=gettext_lazy("supplier"))
    def supplier(self, line: PurchaseOrderLine) -> str:
        return line.purchase_order.supplier

    @admin.display(description=gettext_lazy("expected"), ordering="expected_on")
    def day(self, line: PurchaseOrderLine) -> str:
        words = date_format(line.expected_on, "j M Y")
        return tag(_("late: %s") % words, "warn") if line.expected_on < timezone.localdate() else words

    @admin.display(description=gettext_lazy("still comes"))
    def open_units(self, line: PurchaseOrderLine) -> int:
        return line.open_quantity

    @admin.display(description=gettext_lazy("not sold yet"))
    def free(self, line: PurchaseOrderLine) -> str | int:
        if not line.purchase_order.is_orderable:
            return NOTHING
        return line.open_quantity - line.promised_quantity


def _pictured(line: PurchaseOrderLine, *, is_late: bool) -> dict[str, Any]:
    words = {"day": date_format(line.expected_on, "j M"), "item": line.variant.title,
             "number": line.purchase_order.number}  # fmt: skip
    label = _("late since %(day)s: %(item)s, %(number)s") if is_late else _("%(day)s: %(item)s, %(number)s")
    return {
        "label": label % words, "value": line.promised_quantity / line.open_quantity,
        "shown": _("%(sold)d of %(open)d") % {"sold": line.promised_quantity, "open": line.open_quantity},
        "tone": "warn" if is_late else "done", "url": page_url("inventory.purchaseorderline", line.pk),
    }  # fmt: skip
