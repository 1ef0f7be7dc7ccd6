"""Rule sets of routing as their readers see them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from omni.core.channels import Channel
from orders.models import RuleSet

EXAMPLE = {
    "id": 7, "name": "Web", "version": 3, "objective": "cost", "priority": 100, "channels": ["web"], "services": [],
    "tags": [], "minimum_amount": None, "most_shipments": 2, "least_amount": None, "split_amount": "2.0000",
    "unit_value_percent": 100, "filters": ["Not Kiosks"], "prices": ["+$3.00 for each shipment from Flagships"],
    "steps": [
        {"name": "Distribution centers", "is_partial": False, "filters": ["Only distribution centers"]},
        {"name": "Anywhere, partly", "is_partial": True, "filters": []},
    ],
    "activated_at": "2026-05-05T14:00:00Z", "activated_by": "Ana Reyes", "why": "kiosks cannot pack",
}  # fmt: skip


class RuleStepSerializer(serializers.Serializer[Any]):
    """A rung of the ladder, with its own filters as sentences."""

    name = serializers.CharField()
    is_partial = serializers.BooleanField(source="partial")
    filters: Any = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(examples=[OpenApiExample("A rule set", value=EXAMPLE)])
class RuleSetSerializer(serializers.ModelSerializer[RuleSet]):
    """For which orders it is asked, and what it says; filters and prices as sentences. Behind the last step the order
    is parked for a person."""

    objective = serializers.ChoiceField(choices=RuleSet.Objective.choices)
    channels: Any = serializers.ListField(child=serializers.ChoiceField(choices=Channel.choices))
    services: Any = serializers.ListField(child=serializers.CharField())
    tags: Any = serializers.ListField(child=serializers.CharField())
    filters: Any = serializers.ListField(child=serializers.CharField(), source="said.filters")
    prices: Any = serializers.ListField(child=serializers.CharField(), source="said.prices")
    steps = RuleStepSerializer(many=True, source="said.steps")

    class Meta:
        model = RuleSet
        fields = ["id", "name", "version", "objective", "priority", "channels", "services", "tags", "minimum_amount",
                  "most_shipments", "least_amount", "split_amount", "unit_value_percent", "filters", "prices", "steps",
                  "activated_at", "activated_by", "why"]  # fmt: skip
        read_only_fields = fields


class RuleSetsSerializer(serializers.Serializer[Any]):
    """All of them; the first whose conditions an order meets decides alone."""

    results = RuleSetSerializer(many=True)
