"""What a source says lies on its shelves, and what became of it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Snapshot, SnapshotProblem, SnapshotRow
from inventory.models.snapshot import Cause, Outcome
from omni.core.api import PageQuery, StrictChar, StrictInteger, StrictQuery, StrictSerializer
from omni.core.rest.queries import QueryDateTimeField

MOST = 500
UNITS = 1_000_000
DIFFERENT = [str(outcome) for outcome in Outcome.values if outcome]


class SnapshotQuery(StrictQuery):
    """Of which moment the file speaks, and of which location where it does not name one."""

    as_of = QueryDateTimeField(help_text="The moment at which the shelves were looked at, with offset.")
    location = serializers.CharField(required=False, max_length=40, help_text="For a file without such a column.")


class DifferenceQuery(PageQuery):
    """Which of its differences."""

    outcome = serializers.ChoiceField(choices=DIFFERENT, required=False)


class OutcomesSerializer(serializers.Serializer[dict[str, int]]):
    """How many rows ended how."""

    same = serializers.IntegerField(help_text="As the ledger expected.")
    booked = serializers.IntegerField(help_text="Within tolerance: the difference is a movement.")
    explained = serializers.IntegerField(help_text="By open picks or a transfer on its way: nothing was booked.")
    review = serializers.IntegerField(help_text="Beyond tolerance: waits for a person.")
    approved = serializers.IntegerField(help_text="Booked by a person.")
    refused = serializers.IntegerField(help_text="A person said no: the ledger stays.")
    outdated = serializers.IntegerField(help_text="A later count or snapshot knows better.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Compared",
            value={
                "id": "01998a4e-7f3a-7c1e-8d57-6f2b1c9e4a10",
                "key": "wms-2026-05-01-night",
                "as_of": "2026-05-01T04:00:00Z",
                "status": "done",
                "percent": 100,
                "rows": 48210,
                "bad_rows": 12,
                "outcomes": {
                    "same": 47822, "booked": 301, "explained": 64, "review": 23, "approved": 0, "refused": 0,
                    "outdated": 0,
                },
                "stop_reason": "",
                "received_at": "2026-05-01T04:02:10Z",
                "finished_at": "2026-05-01T04:02:14Z",
            },
        )
    ]
)  # fmt: skip
class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    """A snapshot: how far it is, and what came of it."""

    id = serializers.UUIDField(source="public_id")
    percent = serializers.IntegerField(help_text="How far reading and comparing are.")
    rows = serializers.IntegerField(source="row_count", help_text="Rows that can be used.")
    bad_rows = serializers.IntegerField(source="bad_count", help_text="Rows that cannot; see `/problems`.")
    outcomes = serializers.SerializerMethodField()
    received_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Snapshot
        fields = [
            "id", "key", "as_of", "status", "percent", "rows", "bad_rows", "outcomes", "stop_reason", "received_at",
            "finished_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OutcomesSerializer)
    def get_outcomes(self, snapshot: Snapshot) -> dict[str, Any]:
        """Counted from its rows."""
        return snapshot.outcome_counts()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Waits for a person",
            value={
                "line": 17, "sku": "TEE-RED-M", "location": "1004", "reported": 3, "expected": 10, "difference": -7,
                "outcome": "review", "cause": "units", "value": "63.0000", "decided_by": "", "reason": "",
            },
        )
    ]
)  # fmt: skip
class DifferenceSerializer(serializers.ModelSerializer[SnapshotRow]):
    """A row that is not as expected."""

    sku = serializers.CharField(source="variant.sku")
    location = serializers.CharField(source="location.code")
    reported = serializers.IntegerField(source="quantity")
    expected = serializers.IntegerField(help_text="By the ledger, at the snapshot's moment.")
    difference = serializers.IntegerField(help_text="What neither open picks nor transfers explain.")
    outcome = serializers.ChoiceField(choices=DIFFERENT)
    cause = serializers.ChoiceField(choices=Cause.choices)

    class Meta:
        model = SnapshotRow
        fields = [
            "line", "sku", "location", "reported", "expected", "difference", "outcome", "cause", "value", "decided_by",
            "reason",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An unknown item",
            value={"line": 3, "reason": "No variant has the SKU NOPE.",
                   "row": {"sku": "NOPE", "location": "1004", "quantity": "1"}},
        )
    ]
)  # fmt: skip
class ProblemRowSerializer(serializers.ModelSerializer[SnapshotProblem]):
    """A row that could not be used."""

    row = serializers.DictField(source="raw", child=serializers.CharField())

    class Meta:
        model = SnapshotProblem
        fields = ["line", "reason", "row"]
        read_only_fields = fields


@extend_schema_serializer(
    many=False,
    examples=[
        OpenApiExample(
            "Three where ten were",
            value={"sku": "TEE-RED-M", "location": "1004", "expected": 10, "on_hand": 3, "reason": "cycle count"},
        )
    ],
)
class WantedLevelRequest(StrictSerializer):
    """A shelf that shall hold `on_hand`, where it still holds `expected`."""

    sku = StrictChar(max_length=64)
    location = StrictChar(max_length=40)
    expected = StrictInteger(min_value=-UNITS, max_value=UNITS)
    on_hand = StrictInteger(min_value=0, max_value=UNITS)
    reason = StrictChar(max_length=200, required=False, default="", allow_blank=True)


class LevelSerializer(serializers.Serializer[Any]):
    """A shelf as it is now."""

    sku = serializers.CharField()
    location = serializers.CharField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Set",
            value={"levels": [
                {"sku": "TEE-RED-M", "location": "1004", "on_hand": 3, "reserved": 1, "available": 2},
            ]},
        )
    ]
)  # fmt: skip
class LevelsSerializer(serializers.Serializer[Any]):
    """In the order of the request."""

    levels = LevelSerializer(many=True)
