"""What kits are made of, as it is read and said."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.api.serializers.catalog import ComponentSerializer
from inventory.models import Variant
from inventory.operations.define_kit import MOST_COMPONENTS, MOST_UNITS
from omni.core.api import PageQuery, StrictBoolean, StrictChar, StrictInteger, StrictSerializer

COMPONENTS = [{"sku": "TEE-RED-M", "quantity": 2}, {"sku": "MUG-01", "quantity": 1}]
EXAMPLE = {"sku": "GIFT-4411", "title": "Gift set", "may_split": False, "components": COMPONENTS, "is_active": True}


class KitQuery(PageQuery):
    """Which kits."""

    component = serializers.CharField(max_length=64, required=False, help_text="SKU of a part: the kits that have it.")


@extend_schema_serializer(examples=[OpenApiExample("Two tees and a mug", value=EXAMPLE)])
class KitSerializer(serializers.ModelSerializer[Variant]):
    """A variant that is made of others, with what one of it takes."""

    title = serializers.CharField(read_only=True)
    components = ComponentSerializer(many=True)

    class Meta:
        model = Variant
        fields = ["sku", "title", "may_split", "components", "is_active"]
        read_only_fields = fields


class ComponentRequest(StrictSerializer):
    """So many units of an item in each kit."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MOST_UNITS)


@extend_schema_serializer(
    examples=[OpenApiExample("Two tees and a mug", value={"components": COMPONENTS, "may_split": False})]
)
class KitRequest(StrictSerializer):
    """All of its parts; a part that is not named is none any more."""

    components: Any = serializers.ListField(child=ComponentRequest(), min_length=1, max_length=MOST_COMPONENTS)
    may_split = StrictBoolean(
        required=False, help_text="Its parts may be sent from different locations. Stays as it is where not named."
    )
