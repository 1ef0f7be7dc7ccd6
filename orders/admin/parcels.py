"""Parcels, their labels and news, manifests, and the cartons that HQ offers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from omni.core.hq.base import HqAdmin, ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import NOTHING, link, list_url, moment, page_url, tag
from omni.core.hq.story import changes_of, story
from orders.models import Carton, Label, Manifest, Shipment, ShipmentLine, TrackingEvent

PARCELS = gettext_lazy("Parcels")
TONES = {
    Shipment.Status.DELIVERED: "done", Shipment.Status.LOST: "stop", Shipment.Status.RETURNED: "stop",
    Shipment.Status.UNPACKED: "",
}  # fmt: skip
LABEL_TONES = {
    Label.Status.BOUGHT: "done", Label.Status.ASKED: "warn", Label.Status.REFUSED: "stop", Label.Status.KEPT: "stop",
    Label.Status.VOIDING: "warn",
}  # fmt: skip


class LateFilter(admin.SimpleListFilter):
    """Parcels on the road that should have arrived."""

    title = gettext_lazy("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", gettext_lazy("Late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.late(timezone.now()) if self.value() == "late" else queryset


class ParcelLineInline(ReadOnlyInline):
    model = ShipmentLine
    verbose_name_plural = gettext_lazy("in it")
    fields = ["item", "quantity"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("fulfillment_line__order_line").order_by("pk")

    @admin.display(description=gettext_lazy("item"))
    def item(self, line: ShipmentLine) -> str:
        sold = line.fulfillment_line.order_line
        return f"{sold.sku} · {sold.title}"


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    section, position = PARCELS, 34
    place_paths = ("fulfillment_order__location",)
    long = True
    list_display = ["number", "place", "state", "carrier", "tracking_number", "arrives"]
    list_filter = [
        typed(gettext_lazy("location code"), "at", "fulfillment_order__location__code"), LateFilter, "status",
        typed(gettext_lazy("carrier"), "with", "carrier"),
    ]  # fmt: skip
    finds = {"number": "exact", "tracking_number": "exact"}
    search_help_text = gettext_lazy("The number of the parcel, or its tracking number.")
    fields = [
        "number", "order_link", "place", "state", "carton", "weight_g", "size", "packed_by", "packed_at", "carrier",
        "service", "tracking_number", "manifest_link", "left", "arrives", "delivered", "label_list", "news_list",
        "note", "history",
    ]  # fmt: skip
    inlines = [ParcelLineInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ("fulfillment_order__location", "fulfillment_order__order", "carton", "manifest", "packed_by")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=gettext_lazy("location"))
    def place(self, parcel: Shipment) -> str:
        return parcel.fulfillment_order.location.name

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, parcel: Shipment) -> str:
        return link(parcel.order.number, page_url("orders.order", parcel.order.pk))

    @admin.display(description=gettext_lazy("state"))
    def state(self, parcel: Shipment) -> str:
        return tag(parcel.get_status_display(), TONES.get(Shipment.Status(parcel.status), "info"))

    @admin.display(description=gettext_lazy("size in mm"))
    def size(self, parcel: Shipment) -> str:
        return " × ".join(map(str, parcel.size)) if parcel.size else NOTHING

    @admin.display(description=gettext_lazy("should arrive by"))
    def arrives(self, parcel: Shipment) -> Any:
        if parcel.deliver_by is None:
            return NOTHING
        shown = moment(parcel.deliver_by, parcel.fulfillment_order.location)
        return tag(shown, "stop") if parcel.is_late(timezone.now()) else shown

    @admin.display(description=gettext_lazy("left"))
    def left(self, parcel: Shipment) -> Any:
        return moment(parcel.handed_over_at, parcel.fulfillment_order.location) if parcel.handed_over_at else NOTHING

    @admin.display(description=gettext_lazy("delivered"))
    def delivered(self, parcel: Shipment) -> Any:
        return moment(parcel.delivered_at, parcel.fulfillment_order.location) if parcel.delivered_at else NOTHING

    @admin.display(description=gettext_lazy("manifest"))
    def manifest_link(self, parcel: Shipment) -> str:
        return (
            link(str(parcel.manifest), page_url("orders.manifest", parcel.manifest.pk)) if parcel.manifest else NOTHING
        )

    @admin.display(description=gettext_lazy("labels"))
    def label_list(self, parcel: Shipment) -> str:
        return link(gettext_lazy("Its labels"), list_url("orders.label", shipment__id__exact=parcel.pk))

    @admin.display(description=gettext_lazy("news"))
    def news_list(self, parcel: Shipment) -> str:
        return link(
            gettext_lazy("What the carrier told"), list_url("orders.trackingevent", shipment__id__exact=parcel.pk)
        )

    @admin.display(description=gettext_lazy("history"))
    def history(self, parcel: Shipment) -> str:
        return story(changes_of(parcel.subject, dict(Shipment.Status.choices)), parcel.fulfillment_order.location)


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    section, position = PARCELS, 36
    place_paths = ("shipment__fulfillment_order__location",)
    long = True
    list_display = ["key", "state", "carrier", "service", "tracking_number", "price", "asked_at"]
    list_filter = ["status", typed(gettext_lazy("carrier"), "with", "carrier")]
    finds = {"key": "exact"}
    fields = [
        "key", "parcel_link", "state", "is_manual", "carrier", "service", "tracking_number", "price", "reference",
        "asked_at", "asked_by", "answered_at", "refusal", "history",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shipment__fulfillment_order__location", "asked_by")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "shipment__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("parcel"))
    def parcel_link(self, label: Label) -> str:
        return link(label.shipment.number, page_url("orders.shipment", label.shipment_id))

    @admin.display(description=gettext_lazy("state"))
    def state(self, label: Label) -> str:
        return tag(label.get_status_display(), LABEL_TONES.get(Label.Status(label.status), ""))

    @admin.display(description=gettext_lazy("price"))
    def price(self, label: Label) -> str:
        return f"{label.amount:.2f} {label.currency}" if label.amount is not None else NOTHING

    @admin.display(description=gettext_lazy("history"))
    def history(self, label: Label) -> str:
        place = label.shipment.fulfillment_order.location
        return story(changes_of(label.subject, dict(Label.Status.choices)), place)


@admin.register(Manifest)
class ManifestAdmin(ReadOnlyAdmin):
    section, position = PARCELS, 35
    place_paths = ("location",)
    long = True
    list_display = ["number", "location", "carrier", "state", "opened_at", "closed_at"]
    list_filter = [typed(gettext_lazy("location code"), "at", "location__code"), "status"]
    finds = {"number": "exact"}
    fields = [
        "number", "location", "carrier", "state", "opened_at", "opened_by", "closed_at", "closed_by", "driver_name",
        "parcel_list",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("location", "opened_by", "closed_by")

    @admin.display(description=gettext_lazy("state"))
    def state(self, manifest: Manifest) -> str:
        return tag(manifest.get_status_display(), "done" if manifest.status == Manifest.Status.CLOSED else "info")

    @admin.display(description=gettext_lazy("parcels"))
    def parcel_list(self, manifest: Manifest) -> str:
        numbers = manifest.shipments.order_by("pk").values_list("number", flat=True)[:500]
        return ", ".join(numbers) or NOTHING


@admin.register(TrackingEvent)
class TrackingEventAdmin(ReadOnlyAdmin):
    section, position = PARCELS, 37
    place_paths = ("shipment__fulfillment_order__location",)
    long = True
    list_display = ["tracking_number", "status", "message", "place", "occurred_at", "source"]
    list_filter = ["status", typed(gettext_lazy("source"), "from", "source")]
    finds = {"tracking_number": "exact"}
    fields = [
        "tracking_number", "parcel_link", "carrier", "status", "message", "place", "occurred_at", "source", "event_id",
        "recorded_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shipment")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "shipment__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("parcel"))
    def parcel_link(self, event: TrackingEvent) -> str:
        shipment = event.shipment
        return link(shipment.number, page_url("orders.shipment", shipment.pk)) if shipment else NOTHING


@admin.register(Carton)
class CartonAdmin(HqAdmin):
    """Boxes that packers choose from; one that is no longer bought becomes inactive."""

    section, position = PARCELS, 38
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["code", "name", "length_mm", "width_mm", "height_mm", "weight_g", "max_weight_g", "is_active"]
    list_filter = ["is_active"]
    fields = ["code", "name", ("length_mm", "width_mm", "height_mm"), ("weight_g", "max_weight_g"), "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code is printed on the boxes that are in use."""
        return ["code"] if obj else []
