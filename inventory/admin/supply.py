"""Orders to suppliers and what came of them."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.stock import AT, STOCK
from inventory.models import Delivery, DeliveryLine, Location, PurchaseOrder, PurchaseOrderLine, SupplyTerm, Variant
from inventory.operations.announce import cancel_delivery
from inventory.operations.order_supply import (
    MAX_UNITS,
    Ordered,
    cancel_purchase_order,
    change_purchase_order,
    close_purchase_order,
    place_purchase_order,
)
from inventory.operations.set_term import sell_before, set_term
from omni.core.actors import Actor
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import HqAdmin, ReadOnlyAdmin, ReadOnlyInline
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import link, list_url, moment, tag
from omni.core.hq.story import changes_of, story

TONES = {"received": "done", "receiving": "info", "closed": "warn"}


class PurchaseOrderForm(forms.ModelForm):
    location_code = forms.CharField(label=gettext_lazy("Location code"), max_length=40)
    day = forms.DateField(
        label=gettext_lazy("Expected"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For every item without a day of its own."),
    )  # fmt: skip
    items = forms.CharField(
        label=gettext_lazy("Items"), widget=forms.Textarea({"rows": 10, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One a line: SKU, units, and where it differs the day: TEE-RED-M 24 2026-05-04. "
                               "An item that you leave out stays as it is."),
    )  # fmt: skip

    class Meta:
        model = PurchaseOrder
        fields = ["number", "supplier", "is_orderable"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = self.instance
        if order.pk:
            self.fields["day"].initial = order.expected_on
            self.fields["location_code"].initial = order.location.code
            self.fields["location_code"].disabled = True
            self.fields["items"].initial = "\n".join(
                f"{line.variant.sku} {line.ordered_quantity} {line.expected_on}"
                for line in order.lines.select_related("variant").order_by("pk")
            )

    def clean_location_code(self) -> Location:
        code = self.cleaned_data["location_code"]
        place = Location.objects.filter(code=code).first()
        if place is None:
            raise ValidationError(_("No location has the code %s.") % code)
        return place

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "items" in data and "day" in data:
            try:
                data["ordered"] = self._ordered(data["items"], data["day"])
            except ValidationError as error:
                self.add_error("items", error)
        return data

    def _ordered(self, text: str, day: date) -> list[Ordered]:
        rows = [line.split() for line in text.splitlines() if line.strip()]
        ids = dict(Variant.objects.filter(sku__in={row[0] for row in rows}).values_list("sku", "pk"))
        came = {}
        if self.instance.pk:
            came = {
                line.variant_id: line.received_quantity + line.closed_quantity for line in self.instance.lines.all()
            }
        found = [_ordered(n, row, ids, day, came) for n, row in enumerate(rows, 1)]
        if len({each.variant_id for each in found}) != len(found):
            raise ValidationError(_("Each item stands on an order once."))
        return found


def _ordered(n: int, row: list[str], ids: dict[str, int], day: date, came: dict[int, int]) -> Ordered:
    if row[0] not in ids:
        raise ValidationError(_("Line %(n)d: no variant has the SKU %(sku)s.") % {"n": n, "sku": row[0]})
    if not (1 < len(row) < 4 and row[1].isdecimal() and 0 < int(row[1][:9]) <= MAX_UNITS):
        raise ValidationError(_("Line %d: a SKU, a number of units, and perhaps a day.") % n)
    try:
        on = date.fromisoformat(row[2]) if len(row) == 3 else day
    except ValueError as error:
        raise ValidationError(_("Line %d: a day is written 2026-05-04.") % n) from error
    if int(row[1]) < came.get(ids[row[0]], 0):
        raise ValidationError(_("Line %(n)d: %(came)d came already or were closed.")
                              % {"n": n, "came": came[ids[row[0]]]})  # fmt: skip
    return Ordered(ids[row[0]], int(row[1]), on)


def _close(order: PurchaseOrder, asked: Asked) -> None:
    close_purchase_order(number=order.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _cancel(order: PurchaseOrder, asked: Asked) -> None:
    cancel_purchase_order(number=order.number, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _cancel_delivery(delivery: Delivery, asked: Asked) -> None:
    cancel_delivery(delivery_id=delivery.pk, reason=asked.data["reason"], by=asked.by)


class PurchaseOrderLineInline(ReadOnlyInline):
    model = PurchaseOrderLine
    fields = ["variant", "ordered_quantity", "received_quantity", "closed_quantity", "promised_quantity", "expected_on"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant").order_by("pk")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(HqAdmin):
    """What suppliers should bring, and how much of it came."""

    section, position = STOCK, 28
    reads = READ
    adds = changes = CONFIGURE
    place_paths = ("location",)
    long = True
    form = PurchaseOrderForm
    list_display = ["number", "supplier", "location", "expected_on", "state"]
    list_filter = ["status", AT, typed(gettext_lazy("SKU"), "sku", "lines__variant__sku")]
    list_select_related = ["location"]
    finds = {"number": "exact"}
    fieldsets = [(None, {"fields": ["number", "supplier", "location_code", "day", "items", "is_orderable"]})]
    shown = ["number", "supplier", "location", "state", "expected_on", "closed_reason", "deliveries", "history"]
    readonly_fields = ["location", "expected_on", "closed_reason", "state", "deliveries", "history"]
    inlines = [PurchaseOrderLineInline]
    acts = (
        Act("close", gettext_lazy("Close…"), CONFIGURE, _close, form=Reason, applies=lambda order: order.is_open,
            text=gettext_lazy("What has not come is not waited for any more."),
            done=lambda n: ngettext("%d order was closed.", "%d orders were closed.", n) % n),
        Act("cancel", gettext_lazy("Cancel…"), CONFIGURE, _cancel, form=Reason, applies=lambda order: order.is_open,
            text=gettext_lazy("Only where nothing of it came."),
            done=lambda n: ngettext("%d order was cancelled.", "%d orders were cancelled.", n) % n),
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.shown})]
        return (
            self.fieldsets if obj is None else [*self.fieldsets, (None, {"fields": ["state", "deliveries", "history"]})]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj is None else [*self.readonly_fields, "number", "supplier"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, data = Actor.of(request.user), form.cleaned_data
        if change:
            sell_before(order=obj, is_orderable=obj.is_orderable, by=by)
            change_purchase_order(number=obj.number, lines=data["ordered"], by=by, now=timezone.now())
            return
        placed = place_purchase_order(
            number=obj.number, supplier=obj.supplier, location=data["location_code"], lines=data["ordered"], by=by,
            now=timezone.now(),
        )  # fmt: skip
        if not obj.is_orderable:
            sell_before(order=placed, is_orderable=False, by=by)
        obj.pk, obj.location = placed.pk, placed.location

    @admin.display(description=gettext_lazy("state"))
    def state(self, order: PurchaseOrder) -> Any:
        if order.pk and order.is_late(timezone.now().date()):
            return tag(_("Late"), "warn")
        return tag(order.get_status_display(), TONES.get(order.status, ""))

    @admin.display(description=gettext_lazy("deliveries"))
    def deliveries(self, order: PurchaseOrder) -> str:
        return link(_("Deliveries"), list_url("inventory.delivery", purchase_order__id__exact=order.pk))

    @admin.display(description=gettext_lazy("history"))
    def history(self, order: PurchaseOrder) -> str:
        return story(changes_of(order.subject, dict(PurchaseOrder.Status.choices)))


class SupplyTermForm(forms.ModelForm):
    sku = forms.CharField(label=gettext_lazy("SKU"), required=False, max_length=64,
                          help_text=gettext_lazy("Empty: every item of the category."))  # fmt: skip

    class Meta:
        model = SupplyTerm
        fields = ["kind", "category", "most_units", "extra_days", "street_on", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.variant_id:
            self.fields["sku"].initial = self.instance.variant.sku

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        variant = Variant.objects.filter(sku=data.get("sku", "")).first() if data.get("sku") else None
        if data.get("sku") and variant is None:
            self.add_error("sku", _("No variant has the SKU %s.") % data["sku"])
        if variant and data.get("category"):
            self.add_error("category", _("Either an item or a category."))
        self.instance.variant = variant
        if data.get("street_on") and (data.get("kind") != SupplyTerm.Kind.PREORDER or variant is None):
            self.add_error("street_on", _("Only the preorder of one item has a street date."))
        same = SupplyTerm.objects.filter(is_active=True, variant=variant).exclude(pk=self.instance.pk)
        if data.get("is_active") and same.filter(category=data.get("category", "")).exists():
            self.add_error(None, _("There is one for this already: change that one."))
        return data


@admin.register(SupplyTerm)
class SupplyTermAdmin(HqAdmin):
    """What may be sold before it comes."""

    section, position = STOCK, 30
    adds = changes = CONFIGURE
    form = SupplyTermForm
    list_display = ["__str__", "most_units", "extra_days", "street_on", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["variant"]
    fieldsets = [
        (None, {"fields": ["kind", "sku", "category", "most_units", "extra_days", "street_on", "is_active"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        set_term(term=obj, by=Actor.of(request.user), now=timezone.now())


class DeliveryLineInline(ReadOnlyInline):
    model = DeliveryLine
    fields = [
        "variant", "expected_quantity", "received_quantity", "damaged_quantity", "returned_quantity", "decision",
        "decided_by", "reason",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant").order_by("pk")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was announced, what came, and what was decided about the difference."""

    section, position = STOCK, 29
    place_paths = ("location",)
    long = True
    list_display = ["number", "supplier", "location", "expected_on", "state", "finished"]
    list_filter = ["status", AT, typed(gettext_lazy("purchase order"), "order", "purchase_order__number")]
    list_select_related = ["location"]
    finds = {"number": "exact"}
    fields = [
        "number", "supplier", "location", "purchase_order", "is_announced", "state", "expected_on", "finished",
        "finished_by", "history",
    ]  # fmt: skip
    inlines = [DeliveryLineInline]
    acts = (
        Act("cancel", gettext_lazy("Cancel…"), CONFIGURE, _cancel_delivery, form=Reason,
            applies=lambda delivery: delivery.is_open, text=gettext_lazy("It does not come."),
            done=lambda n: ngettext("%d delivery was cancelled.", "%d deliveries were cancelled.", n) % n),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("state"))
    def state(self, delivery: Delivery) -> Any:
        return tag(delivery.get_status_display(), TONES.get(delivery.status, ""))

    @admin.display(description=gettext_lazy("finished"))
    def finished(self, delivery: Delivery) -> str:
        return moment(delivery.finished_at, delivery.location)

    @admin.display(description=gettext_lazy("history"))
    def history(self, delivery: Delivery) -> str:
        return story(changes_of(delivery.subject, dict(Delivery.Status.choices)))
