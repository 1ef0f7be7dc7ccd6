"""A cart's units, kept for some minutes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from inventory.api.serializers.availability import CHANNEL_HELP
from inventory.models import Hold
from omni.core.api import StrictChar, StrictInteger, StrictSerializer
from omni.core.channels import Channel

LONGEST = 3600


class HoldLineRequest(StrictSerializer):
    """Units of one item."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=1_000_000)
    location = StrictChar(
        max_length=40, required=False, help_text="The pickup store; without it, wherever the units could ship from."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A cart", value={"lines": [{"sku": "TEE-RED-M", "quantity": 2, "location": "1004"}], "expires_in": 600}
        )
    ]
)
class HoldRequest(StrictSerializer):
    """What to keep, and for how many seconds."""

    lines: ListSerializer[Any] = ListSerializer(child=HoldLineRequest(), min_length=1, max_length=200)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text=CHANNEL_HELP)
    expires_in = StrictInteger(min_value=30, max_value=LONGEST, default=600)


class HeldPartSerializer(serializers.Serializer[Any]):
    """Units of a kit's part."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    location = serializers.CharField()


class HoldLineSerializer(serializers.Serializer[Any]):
    """Units kept on one shelf; of a kit, those of its parts."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    location = serializers.CharField(
        allow_null=True, help_text="Null for a kit that may be split, while its parts are kept at several locations."
    )
    parts = serializers.SerializerMethodField(help_text="Of a kit: what is kept for it, and where; else empty.")

    @extend_schema_field(HeldPartSerializer(many=True))
    def get_parts(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        """The units of all kits of the line."""
        return [
            {"sku": part["sku"], "quantity": part["units"] * line["quantity"], "location": part["location"]}
            for part in line.get("parts", ())
        ]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Kept",
            value={
                "id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11",
                "status": "open",
                "lines": [
                    {"sku": "TEE-RED-M", "quantity": 2, "location": "1004", "parts": []},
                    {
                        "sku": "GIFT-01",
                        "quantity": 1,
                        "location": "1004",
                        "parts": [
                            {"sku": "MUG-01", "quantity": 2, "location": "1004"},
                            {"sku": "TEA-EARL-GREY", "quantity": 1, "location": "1004"},
                        ],
                    },
                ],
                "expires_at": "2026-05-01T10:10:00Z",
                "actions": ["release"],
            },
        )
    ]
)
class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A hold; pass its id as `hold` when the cart becomes an order."""

    lines = HoldLineSerializer(many=True)
    actions = serializers.SerializerMethodField(help_text="Acts that are legal now.")

    class Meta:
        model = Hold
        fields = ["id", "status", "lines", "expires_at", "actions"]
        read_only_fields = fields

    def get_actions(self, hold: Hold) -> list[str]:
        """`release` while it is open."""
        return ["release"] if hold.status == Hold.Status.OPEN else []
