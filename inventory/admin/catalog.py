"""Products with their variants; barcodes are checked and kept in one form; prices per currency; reason codes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.kits import DEFINE_KIT, END_KIT, made_of
from inventory.gtin import LENGTHS, check_digit, is_gtin, normalize
from inventory.models import AdjustmentLimit, Barcode, Price, Product, ReasonCode, Variant
from omni.core.hq.base import HqAdmin, LabelledInline
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import link, list_url

CATALOG = gettext_lazy("Catalog")


class OptionsField(forms.CharField):
    """Options as people write them: "size: M, color: Sand"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Options"), required=False, help_text=gettext_lazy("Such as size: M, color: Sand"),
            widget=forms.TextInput({"class": "vTextField"}), **kwargs,
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{key}: {each}" for key, each in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, str]:
        pairs = [part.partition(":") for part in (value or "").split(",") if part.strip()]
        if any(not (key.strip() and each.strip()) for key, _colon, each in pairs):
            raise forms.ValidationError(_("Write each option as name: value, separated by commas."))
        return {key.strip(): each.strip() for key, _colon, each in pairs}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or {}) != (data or "").strip()


class ProductForm(forms.ModelForm):
    """Tags are words of one spelling, so that a rule finds them."""

    class Meta:
        model = Product
        fields = "__all__"  # noqa: DJ007 - the page below names its fields

    def clean_tags(self) -> list[str]:
        """Each once, in small letters, as rules write them."""
        return sorted({tag.strip().lower() for tag in self.cleaned_data["tags"] if tag.strip()})


class VariantForm(forms.ModelForm):
    options = OptionsField()

    class Meta:
        model = Variant
        fields = "__all__"  # noqa: DJ007 - the pages below name their fields


class BarcodeForm(forms.ModelForm):
    """A barcode as it is typed or scanned."""

    class Meta:
        model = Barcode
        fields = ["code", "pack_quantity"]

    def clean_code(self) -> str:
        """A number of a GTIN's length has to end in its check digit; anything else is a code of our own."""
        code = normalize(self.cleaned_data["code"])
        if code.isdigit() and len(code) in LENGTHS and not is_gtin(code):
            right = f"{code[:-1]}{check_digit(code[:-1])}"
            raise forms.ValidationError(_("The last digit does not fit. Was %s meant?") % right)
        return code


class Configured(LabelledInline):
    """Parts of a catalog entry, edited by HQ and never deleted."""

    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site._registry[Product].has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class VariantInline(Configured):
    model = Variant
    form = VariantForm
    fields = ["sku", "options", "unit_cost", "tax_category", "is_final_sale", "is_active"]
    show_change_link = True


class BarcodeInline(Configured):
    model = Barcode
    form = BarcodeForm
    fields = ["code", "pack_quantity"]


class PriceInline(Configured):
    model = Price
    fields = ["currency", "amount"]


@admin.register(Product)
class ProductAdmin(HqAdmin):
    section, position = CATALOG, 10
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    long = True
    list_display = ["code", "title", "brand", "category", "is_active"]
    list_display_links = ["code", "title"]
    list_filter = ["is_active"]
    finds = {"code": "exact", "title": "words"}
    form = ProductForm
    fields = ["code", "title", "brand", "category", "tags", "is_active"]
    inlines = [VariantInline]


@admin.register(Variant)
class VariantAdmin(HqAdmin):
    """One thing with a SKU: its barcodes and prices."""

    section, position = CATALOG, 11
    reads, changes = READ, CONFIGURE
    form = VariantForm
    long = True
    list_display = ["sku", "title", "is_active", "stock"]
    list_select_related = ["product"]
    list_filter = ["is_active"]
    finds = {"sku": "exact"}
    search_help_text = gettext_lazy("A SKU, or a barcode as it is scanned.")
    inlines = [BarcodeInline, PriceInline]
    readonly_fields = ["of_product", "kit"]
    acts = (DEFINE_KIT, END_KIT)
    fieldsets = [
        (None, {"fields": ["of_product", "sku", "options", "is_active"]}),
        (gettext_lazy("Measures"), {"fields": ["weight_g", ("length_mm", "width_mm", "height_mm")]}),
        (gettext_lazy("Trade"), {"fields": ["unit_cost", "tax_category", "is_hazmat", "is_age_restricted",
                                            "is_serial_tracked", "is_final_sale"]}),
        (gettext_lazy("Kit"), {"fields": ["kit", "may_split"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("product")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=Variant.objects.by_code(search_term).values("pk")), False

    @admin.display(description=gettext_lazy("title"))
    def title(self, variant: Variant) -> str:
        return variant.title

    @admin.display(description=gettext_lazy("product"))
    def of_product(self, variant: Variant) -> str:
        return link(variant.product.title, f"../../../product/{variant.product_id}/change/")

    @admin.display(description=gettext_lazy("made of"))
    def kit(self, variant: Variant) -> str:
        return made_of(variant)

    @admin.display(description=gettext_lazy("stock"))
    def stock(self, variant: Variant) -> str:
        return link(_("Stock"), list_url("inventory.stocklevel", variant__id__exact=variant.pk))


@admin.register(ReasonCode)
class ReasonCodeAdmin(HqAdmin):
    """Why something did not go as planned, and what that does to stock."""

    section, position = CATALOG, 12
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["label", "code", "kind", "effect", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    fields = ["code", "kind", "label", "effect", "position", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code is what devices and history know it by."""
        return ["code", "kind"] if obj else []


@admin.register(AdjustmentLimit)
class AdjustmentLimitAdmin(HqAdmin):
    """How much a person may correct on a day; who has no limit may correct everything."""

    section, position = CATALOG, 13
    reads, adds, changes = READ, CONFIGURE, CONFIGURE
    list_display = ["role", "reason", "most_units", "most_value", "is_active"]
    list_select_related = ["reason"]
    fields = ["role", "reason", "most_units", "most_value", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """For whom and for what it holds is its name."""
        return ["role", "reason"] if obj else []
