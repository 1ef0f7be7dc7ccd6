"""How likely units are found, as it is asked and told."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from omni.core.api import StrictQuery

CONFIDENCE_LEVELS = ["likely", "maybe", "unlikely"]


class ConfidenceQuery(StrictQuery):
    """Which shelves."""

    sku = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=50, help_text="May be repeated."
    )
    location = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=50, help_text="May be repeated."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Hard to find",
            value={
                "sku": "TEE-RED-M", "location": "1004", "confidence": 0.4213, "level": "unlikely",
                "counted_at": "2026-02-01T09:12:00Z", "not_found_at": "2026-05-04T15:40:00Z",
                "sold_at": "2026-04-02T11:05:00Z",
            },
        )
    ]
)  # fmt: skip
class ConfidenceSerializer(serializers.Serializer[Any]):
    """One shelf. Moments are those of the quarter of an hour in which it happened."""

    sku = serializers.CharField()
    location = serializers.CharField()
    confidence = serializers.FloatField(min_value=0, max_value=1, help_text="That a picker finds a unit.")
    level = serializers.ChoiceField(
        choices=CONFIDENCE_LEVELS, help_text="likely: from 0.9; maybe: from 0.7; unlikely: below."
    )
    counted_at = serializers.DateTimeField(allow_null=True)
    not_found_at = serializers.DateTimeField(allow_null=True)
    sold_at = serializers.DateTimeField(allow_null=True)


class ConfidenceListSerializer(serializers.Serializer[Any]):
    """By SKU and location; empty while no model is in force."""

    results = ConfidenceSerializer(many=True)
