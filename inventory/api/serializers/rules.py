"""Availability rules as their readers see them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import AvailabilityRule
from omni.core.channels import Channel

EXAMPLE = {
    "id": 12, "name": "Keep two of fragile things", "effect": "keep", "units": 2, "percent": 0,
    "category": "Home > Glass", "tag": "fragile", "channels": ["web", "marketplace"], "location_group": "north",
    "position": 100,
}  # fmt: skip


@extend_schema_serializer(examples=[OpenApiExample("A rule", value=EXAMPLE)])
class RuleSerializer(serializers.ModelSerializer[AvailabilityRule]):
    """What is kept back of which items, where and for whom; empty words mean every one."""

    effect = serializers.ChoiceField(choices=AvailabilityRule.Effect.choices)
    channels: Any = serializers.ListField(child=serializers.ChoiceField(choices=Channel.choices))
    location_group = serializers.CharField(source="group.code", default=None, allow_null=True)

    class Meta:
        model = AvailabilityRule
        fields = ["id", "name", "effect", "units", "percent", "category", "tag", "channels", "location_group",
                  "position"]  # fmt: skip
        read_only_fields = fields


class RulesSerializer(serializers.Serializer[Any]):
    """All of them; the first that matches an item at a place decides."""

    results = RuleSerializer(many=True)
