"""Stock: numbers that nobody types over, each with the movements that made it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.as_of import shelf_page
from inventory.admin.health import TITLE as HEALTH
from inventory.admin.health import health_page
from inventory.models import Adjustment, ReasonCode, Reservation, StockHeld, StockLevel, StockMovement
from inventory.operations.adjust import adjust
from inventory.operations.book_adjustment import MAX_UNITS
from inventory.operations.count import raise_counts
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import typed
from omni.core.hq.show import link, list_url, moment, tag

STOCK = gettext_lazy("Stock")
AT = typed(gettext_lazy("location code"), "at", "location__code")
SKU = typed(gettext_lazy("SKU"), "sku", "variant__sku")


class AdjustShelf(forms.Form):
    """A difference and its reason."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Units"), min_value=-MAX_UNITS, max_value=MAX_UNITS,
        help_text=gettext_lazy("The difference: 2 were found, or -2 are gone."),
    )  # fmt: skip
    reason = forms.ModelChoiceField(
        label=gettext_lazy("Reason"), to_field_name="code",
        queryset=ReasonCode.objects.filter(kind=ReasonCode.Kind.ADJUST, is_active=True),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=150, required=False)


def _adjust(level: StockLevel, asked: Asked) -> None:
    adjust(
        variant_id=level.variant_id, location_id=level.location_id, quantity=asked.data["quantity"],
        reason_code=asked.data["reason"].code, note=asked.data["note"], by=asked.by, now=asked.now,
    )  # fmt: skip


def _count(level: StockLevel, asked: Asked) -> None:
    raise_counts(
        items=[(level.variant_id, level.location_id)], reason=asked.data["reason"], cause="HQ", by=asked.by,
        now=asked.now,
    )  # fmt: skip


class AtPlaces(ReadOnlyAdmin):
    """Rows of one variant at one location, walked and never counted."""

    section = STOCK
    place_paths = ("location",)
    long = True
    list_select_related = ["variant__product", "location"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant__product", "location")

    def row_name(self, row: Any) -> str:
        return f"{self.item(row)} · {row.location}"

    @admin.display(description=gettext_lazy("item"))
    def item(self, row: Any) -> str:
        return f"{row.variant.sku} · {row.variant.title}"

    @admin.display(description=gettext_lazy("movements"))
    def movements(self, row: Any) -> str:
        url = list_url(
            "inventory.stockmovement", variant__id__exact=row.variant_id, location__id__exact=row.location_id
        )
        return link(_("Movements"), url)


class ShortFilter(admin.SimpleListFilter):
    """Shelves that hold less than is promised from them."""

    title = gettext_lazy("shortfall")
    parameter_name = "short"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Short"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(shortfall__gt=0) if self.value() == "yes" else queryset


@admin.register(StockLevel)
class StockLevelAdmin(AtPlaces):
    """What is on which shelf, and how much of it is promised."""

    position = 20
    pages = (("admin:inventory_health", HEALTH),)
    list_display = [
        "item", "location", "on_hand", "reserved", "available", "safety_stock", "short", "shelf", "movements",
    ]  # fmt: skip
    list_filter = [AT, SKU, ShortFilter]
    fields = [
        "item", "location", "on_hand", "reserved", "available", "safety_stock", "short", "shelf", "movements",
        "promises", "kept_apart",
    ]  # fmt: skip
    acts = (
        Act("adjust", gettext_lazy("Adjust…"), "adjust", _adjust, form=AdjustShelf,
            text=gettext_lazy("Writes a movement with who, when and why. Promises of missing units move elsewhere."),
            done=lambda n: ngettext("%d shelf is adjusted.", "%d shelves are adjusted.", n) % n),
        Act("count", gettext_lazy("Ask for a count…"), "count", _count, form=Reason,
            text=gettext_lazy("The store gets a task to count the item on its shelf."),
            done=lambda n: ngettext("%d count is asked for.", "%d counts are asked for.", n) % n),
    )  # fmt: skip

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("health/", view(self.health_view), name="inventory_health"),
            path("<int:pk>/as-of/", view(self.as_of_view), name="inventory_stocklevel_as_of"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if level := context.get("original"):
            context["links"] = [
                {"label": _("As of a moment"), "url": reverse("admin:inventory_stocklevel_as_of", args=[level.pk])}
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def as_of_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return shelf_page(request, get_object_or_404(self.get_queryset(request), pk=pk), self.frame(request))

    def health_view(self, request: HttpRequest) -> HttpResponse:
        return health_page(request, self.frame(request))

    @admin.display(description=gettext_lazy("available"))
    def available(self, level: StockLevel) -> int:
        return level.available

    @admin.display(description=gettext_lazy("shortfall"))
    def short(self, level: StockLevel) -> Any:
        return tag(level.shortfall, "stop") if level.shortfall else 0

    @admin.display(description=gettext_lazy("aisle and bin"))
    def shelf(self, level: StockLevel) -> str:
        return " ".join(part for part in (level.aisle, level.bin) if part) or "–"

    @admin.display(description=gettext_lazy("promises"))
    def promises(self, level: StockLevel) -> str:
        url = list_url(
            "inventory.reservation", variant__id__exact=level.variant_id, location__id__exact=level.location_id,
            status__exact="held",
        )  # fmt: skip
        return link(_("Reservations"), url)

    @admin.display(description=gettext_lazy("kept apart"))
    def kept_apart(self, level: StockLevel) -> str:
        held = StockHeld.objects.filter(variant=level.variant_id, location=level.location_id, quantity__gt=0)
        return ", ".join(f"{row.get_bucket_display()}: {row.quantity}" for row in held) or "–"


@admin.register(StockMovement)
class StockMovementAdmin(AtPlaces):
    """The ledger, newest first."""

    position = 21
    list_display = ["when", "item", "location", "kind", "bucket", "quantity", "on_hand_after", "reason", "actor"]
    list_filter = [AT, SKU, typed(gettext_lazy("cause"), "cause", "cause"), "kind", "bucket"]
    fields = [
        "when", "item", "location", "kind", "bucket", "quantity", "on_hand_after", "cause", "reason", "actor", "source",
        "source_event_id", "occurred_at", "recorded_at",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("recorded"))
    def when(self, movement: StockMovement) -> str:
        return moment(movement.recorded_at, movement.location)


@admin.register(StockHeld)
class StockHeldAdmin(AtPlaces):
    """Units that are in the building and not for sale."""

    position = 23
    list_display = ["item", "location", "bucket", "quantity", "movements"]
    list_filter = [AT, SKU, "bucket"]
    fields = ["item", "location", "bucket", "quantity", "movements"]


@admin.register(Reservation)
class ReservationAdmin(AtPlaces):
    """Which demand has which units."""

    position = 22
    list_display = ["demand_key", "item", "location", "quantity", "off_shelf_quantity", "state", "created_at"]
    list_filter = ["status", AT, SKU]
    finds = {"demand_key": "exact"}
    search_help_text = gettext_lazy("A demand, such as fulfillment-line:123")
    fields = [
        "demand_key", "item", "location", "quantity", "off_shelf_quantity", "state", "expires_at", "created_at",
        "closed_at", "movements",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Reservation) -> str:
        return tag(row.get_status_display(), "info" if row.status == Reservation.Status.HELD else "")


@admin.register(Adjustment)
class AdjustmentAdmin(AtPlaces):
    """What people corrected or set aside, newest first."""

    position = 24
    list_display = [
        "when",
        "item",
        "location",
        "source",
        "target",
        "quantity",
        "value",
        "reason",
        "made_by",
        "undone_at",
    ]
    list_filter = [AT, SKU, "source", "target"]
    list_select_related = ["variant__product", "location", "reason"]
    fields = [
        "when", "item", "location", "source", "target", "quantity", "value", "reason", "note", "made_by", "approved_by",
        "undone_at", "undone_by", "movements",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("reason")

    @admin.display(description=gettext_lazy("made"))
    def when(self, made: Adjustment) -> str:
        return moment(made.made_at, made.location)
