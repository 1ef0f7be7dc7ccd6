"""Products and variants as a shop shows them; what they cost us stays inside."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Barcode, KitComponent, Price, Product, Variant
from omni.core.api import AmountField, PageQuery

VARIANT_EXAMPLE = {
    "sku": "TEE-RED-M",
    "product": "TEE-RED",
    "title": "Red tee, M",
    "options": {"size": "M"},
    "barcodes": [{"code": "00012345678905", "pack_quantity": 1}],
    "prices": [{"currency": "USD", "amount": "19.99"}],
    "weight_g": 180,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "tax_category": "apparel",
    "is_hazmat": False,
    "is_age_restricted": False,
    "is_serial_tracked": False,
    "is_final_sale": False,
    "may_split": False,
    "components": [],
    "is_active": True,
}


class ProductQuery(PageQuery):
    """Filters of the list."""

    category = serializers.CharField(max_length=200, required=False)


class VariantQuery(PageQuery):
    """Filters of the list."""

    product = serializers.CharField(max_length=64, required=False, help_text="A product's code.")
    barcode = serializers.CharField(
        max_length=64, required=False, help_text="In any padding: UPC-A, EAN-13 and GTIN-14 find the same."
    )


class BarcodeSerializer(serializers.ModelSerializer[Barcode]):
    """A code on the item or its pack."""

    class Meta:
        model = Barcode
        fields = ["code", "pack_quantity"]
        read_only_fields = fields


class PriceSerializer(serializers.ModelSerializer[Price]):
    """The price that holds where an order names none."""

    amount = AmountField()

    class Meta:
        model = Price
        fields = ["currency", "amount"]
        read_only_fields = fields


class ComponentSerializer(serializers.ModelSerializer[KitComponent]):
    """A part of a kit."""

    sku = serializers.CharField(source="component.sku")

    class Meta:
        model = KitComponent
        fields = ["sku", "quantity"]
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("A tee in one size", value=VARIANT_EXAMPLE)])
class VariantSerializer(serializers.ModelSerializer[Variant]):
    """What is ordered, stocked and scanned."""

    product = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    title = serializers.CharField(read_only=True)
    options = serializers.DictField(child=serializers.CharField())
    barcodes = BarcodeSerializer(many=True)
    prices = PriceSerializer(many=True)
    components = ComponentSerializer(many=True, help_text="Of a kit, which has no stock of its own; else empty.")

    class Meta:
        model = Variant
        fields = [
            "sku", "product", "title", "options", "barcodes", "prices", "weight_g", "length_mm", "width_mm",
            "height_mm", "tax_category", "is_hazmat", "is_age_restricted", "is_serial_tracked", "is_final_sale",
            "may_split", "components", "is_active",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A tee",
            value={
                "code": "TEE-RED",
                "title": "Red tee",
                "brand": "Omni",
                "category": "Apparel > Shirts",
                "is_active": True,
                "skus": ["TEE-RED-M", "TEE-RED-L"],
            },
        )
    ]
)
class ProductSerializer(serializers.ModelSerializer[Product]):
    """What variants have in common."""

    skus = serializers.SlugRelatedField(slug_field="sku", source="variants", many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Product
        fields = ["code", "title", "brand", "category", "is_active", "skus"]
        read_only_fields = fields
