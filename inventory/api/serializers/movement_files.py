"""A file of movements, and what became of it."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import MovementFile, MovementProblem
from omni.core.api import StrictQuery


class MovementFileQuery(StrictQuery):
    """Of which location the file speaks where it does not name one."""

    location = serializers.CharField(required=False, max_length=40, help_text="For a file without such a column.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Booked",
            value={
                "id": "01998a4e-7f3a-7c1e-8d57-6f2b1c9e4a11",
                "key": "tills-2026-05-01",
                "status": "done",
                "percent": 100,
                "lines_read": 48211,
                "booked": 48190,
                "known_before": 8,
                "bad_rows": 12,
                "stop_reason": "",
                "received_at": "2026-05-01T04:02:10Z",
                "finished_at": "2026-05-01T04:02:44Z",
            },
        )
    ]
)
class MovementFileSerializer(serializers.ModelSerializer[MovementFile]):
    """A file of movements: how far it is, and what came of it."""

    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(choices=MovementFile.Status.choices)
    percent = serializers.IntegerField(help_text="How far booking is.")
    booked = serializers.IntegerField(source="row_count", help_text="Events that changed stock.")
    known_before = serializers.IntegerField(
        source="repeated_count", help_text="Events heard before, in a file or over the API."
    )
    bad_rows = serializers.IntegerField(source="bad_count", help_text="Rows that cannot be booked; see `/problems`.")
    received_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = MovementFile
        fields = [
            "id", "key", "status", "percent", "lines_read", "booked", "known_before", "bad_rows", "stop_reason",
            "received_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An unknown item",
            value={
                "line": 3,
                "reason": "No variant has the SKU NOPE.",
                "row": {
                    "sku": "NOPE", "location": "1004", "kind": "pos_sale", "quantity": "1",
                    "occurred_at": "2026-05-01T10:02:11-05:00", "event_id": "till-7-42", "reason": "",
                },
            },
        )
    ]
)  # fmt: skip
class MovementProblemSerializer(serializers.ModelSerializer[MovementProblem]):
    """A row that could not be booked."""

    row = serializers.DictField(source="raw", child=serializers.CharField())

    class Meta:
        model = MovementProblem
        fields = ["line", "reason", "row"]
        read_only_fields = fields
