"""Corrections by people and machines, with their reason."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Adjustment
from inventory.models.adjustment import AWAY, BY_HAND, SHELF
from omni.core.api import PageQuery, StrictChar, StrictInteger, StrictSerializer

UNITS = 1_000_000
ENDS = [(each, each) for each in (SHELF, AWAY, *map(str, BY_HAND))]
SAID = {"sku": "TEE-RED-M", "location": "1004", "from": "shelf", "to": "display", "quantity": 1}


@extend_schema_serializer(
    examples=[
        OpenApiExample("One unit goes on display", value=SAID),
        OpenApiExample("Two are gone", value=SAID | {"to": "away", "quantity": 2, "reason": "stolen"}),
    ]
)
class AdjustmentRequest(StrictSerializer):
    """So many units of one item, from one place of a store's book to another; "away" is out of the book."""

    sku = StrictChar(max_length=64)
    location = StrictChar(max_length=40)
    quantity = StrictInteger(min_value=1, max_value=UNITS)
    reason = StrictChar(
        max_length=40, required=False, default="", allow_blank=True, help_text="Needed where units come or go."
    )
    note = StrictChar(max_length=150, required=False, default="", allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """Two names are words of the language."""
        return super().get_fields() | {
            "from": serializers.ChoiceField(choices=ENDS),
            "to": serializers.ChoiceField(choices=ENDS),
        }


class AdjustmentsQuery(PageQuery):
    """Of which location."""

    location = serializers.CharField(max_length=40)


class AdjustmentSerializer(serializers.ModelSerializer[Adjustment]):
    """A correction as it was booked."""

    sku = serializers.CharField(source="variant.sku")
    location = serializers.CharField(source="location.code")
    reason = serializers.CharField(source="reason.code", default="")

    class Meta:
        model = Adjustment
        fields = ["id", "sku", "location", "quantity", "reason", "note", "made_at", "made_by", "approved_by",
                  "undone_at"]  # fmt: skip
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        """Two names are words of the language."""
        return super().get_fields() | {
            "from": serializers.CharField(source="source", read_only=True),
            "to": serializers.CharField(source="target", read_only=True),
        }
