"""What tills, warehouses and partners report, and the ledger that it becomes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import StockMovement
from inventory.models.held import Bucket
from inventory.operations.apply_movements import SIGN
from omni.core.api import (
    OffsetDateTimeField,
    PageQuery,
    StrictChar,
    StrictInteger,
    StrictQuery,
    StrictSerializer,
    ZonedTimeField,
)

MOST = 500
UNITS = 1_000_000
KINDS = sorted(str(kind) for kind in SIGN)


@extend_schema_serializer(
    many=False,
    examples=[
        OpenApiExample(
            "A till sale",
            value={
                "event_id": "till-7-20260501-0042",
                "sku": "TEE-RED-M",
                "location": "1004",
                "kind": "pos_sale",
                "quantity": 1,
                "occurred_at": "2026-05-01T10:02:11-05:00",
            },
        )
    ],
)
class MovementRequest(StrictSerializer):
    """One change; the same event id again changes nothing."""

    event_id = StrictChar(max_length=200, help_text="Unique at the sender, for ever.")
    sku = StrictChar(max_length=64)
    location = StrictChar(max_length=40)
    kind = serializers.ChoiceField(choices=KINDS, help_text="The kind says the direction; adjust has its own.")
    quantity = StrictInteger(
        min_value=-UNITS, max_value=UNITS, help_text="A positive number of units; signed for adjust only."
    )
    occurred_at = OffsetDateTimeField()
    reason = StrictChar(max_length=200, required=False, default="", allow_blank=True)


class MovementResultSerializer(serializers.Serializer[dict[str, str]]):
    """What became of one event."""

    event_id = serializers.CharField()
    result = serializers.ChoiceField(choices=["applied", "duplicate"])


@extend_schema_serializer(
    examples=[OpenApiExample("Booked", value={"results": [{"event_id": "till-7-20260501-0042", "result": "applied"}]})]
)
class MovementResultsSerializer(serializers.Serializer[dict[str, list[dict[str, str]]]]):
    """In the order of the request."""

    results = MovementResultSerializer(many=True)


class LedgerQuery(PageQuery):
    """Whose ledger."""

    sku = serializers.CharField(max_length=64)
    location = serializers.CharField(max_length=40)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A till sale",
            value={
                "sku": "TEE-RED-M",
                "location": "1004",
                "bucket": "",
                "kind": "pos_sale",
                "quantity": -1,
                "on_hand_after": 11,
                "cause": "",
                "reason": "",
                "actor": "key:till",
                "event_id": "till-7-20260501-0042",
                "occurred_at": "2026-05-01T15:02:11Z",
                "recorded_at": "2026-05-01T15:02:13Z",
            },
        )
    ]
)
class LedgerSerializer(serializers.ModelSerializer[StockMovement]):
    """One line of the ledger: signed units, and what lay there afterwards."""

    sku = serializers.CharField(source="variant.sku")
    location = serializers.CharField(source="location.code")
    bucket = serializers.ChoiceField(choices=Bucket.choices, allow_blank=True, help_text="Empty: sellable units.")
    event_id = serializers.CharField(source="source_event_id")

    class Meta:
        model = StockMovement
        fields = [
            "sku", "location", "bucket", "kind", "quantity", "on_hand_after", "cause", "reason", "actor", "event_id",
            "occurred_at", "recorded_at",
        ]  # fmt: skip
        read_only_fields = fields


class AsOfQuery(StrictQuery):
    """Which shelves, when."""

    sku = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=50, help_text="May be repeated."
    )
    location = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=50, help_text="May be repeated."
    )
    at = OffsetDateTimeField(help_text="A moment with its offset, not in the future.")


class LastChangeSerializer(serializers.ModelSerializer[StockMovement]):
    """Who changed it last before that moment."""

    class Meta:
        model = StockMovement
        fields = ["kind", "quantity", "actor", "cause", "reason", "occurred_at", "recorded_at"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Tuesday at two",
            value={
                "sku": "TEE-RED-M", "location": "1004", "at": "2026-05-05T14:00:00-05:00", "booked": 12, "known": 11,
                "now": 4, "last_change": {
                    "kind": "receipt", "quantity": 12, "actor": "key:warehouse", "cause": "", "reason": "",
                    "occurred_at": "2026-05-05T12:10:00Z", "recorded_at": "2026-05-05T12:10:02Z",
                },
            },
        )
    ]
)  # fmt: skip
class AsOfSerializer(serializers.Serializer[Any]):
    """One shelf at that moment, sellable units."""

    sku = serializers.CharField()
    location = serializers.CharField()
    at = ZonedTimeField(read_only=True)
    booked = serializers.IntegerField(help_text="By the book of that moment.")
    known = serializers.IntegerField(help_text="By what is known today: reports that came late count.")
    now = serializers.IntegerField()
    last_change = LastChangeSerializer(allow_null=True, help_text="null: nothing was booked before.")


class AsOfListSerializer(serializers.Serializer[Any]):
    """The shelves that were ever opened, by SKU and location."""

    results = AsOfSerializer(many=True)
