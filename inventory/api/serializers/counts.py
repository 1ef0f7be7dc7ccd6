"""Counts as machines begin, fill, end and read them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import CountArea, CountLine, CountSession
from inventory.models.count_line import LineState
from inventory.operations.count import MAX_COUNT
from inventory.operations.count_tags import MOST as MOST_TAGS
from omni.core.api import OffsetDateTimeField, PageQuery, StrictChar, StrictInteger, StrictSerializer

MOST_SCANS = 200


class CountQuery(PageQuery):
    """Which counts."""

    location = serializers.CharField(max_length=40, required=False)
    status = serializers.ChoiceField(choices=CountSession.Status.choices, required=False)


class CountLineQuery(PageQuery):
    """Which of its items."""

    state = serializers.ChoiceField(choices=LineState.choices, required=False)


class CountRequest(StrictSerializer):
    """What shall be counted: a department, some aisles, or the whole location."""

    location = StrictChar(max_length=40)
    department = StrictChar(max_length=200, required=False, default="", allow_blank=True)
    aisles = serializers.ListField(child=StrictChar(max_length=20), max_length=100, required=False, default=list)
    areas = serializers.ListField(
        child=StrictChar(max_length=60), max_length=50, required=False, default=list,
        help_text="Besides one area for each aisle, such as: Stockroom.",
    )  # fmt: skip


class CountScanRequest(StrictSerializer):
    """One scan, or a typed number of units."""

    key = StrictChar(max_length=64, help_text="The device's name for it: sent twice it counts once.")
    code = StrictChar(max_length=100, help_text="A barcode or a SKU; a pack counts its units.")
    units = StrictInteger(min_value=0, max_value=MAX_COUNT, required=False, help_text="Default: one.")
    scanned_at = OffsetDateTimeField(
        required=False, help_text="When it was done, for what waited on its device. Default: now."
    )


class CountScansRequest(StrictSerializer):
    """Up to 200 scans of one area."""

    area = StrictChar(max_length=60)
    scans = CountScanRequest(many=True, allow_empty=False, max_length=MOST_SCANS)  # type: ignore[call-arg]


class CountTagsRequest(StrictSerializer):
    """Radio tags read in one area."""

    area = StrictChar(max_length=60)
    epcs = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_TAGS,
        help_text="SGTIN-96, 24 hexadecimal digits each.",
    )  # fmt: skip


class CountAreaSerializer(serializers.ModelSerializer[CountArea]):
    """A part of the location that one person or reader walks."""

    units = serializers.IntegerField(help_text="Counted there so far.")

    class Meta:
        model = CountArea
        fields = ["name", "units", "done_at"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "In review",
            value={
                "id": "01998a4e-7f3a-7c1e-8d57-6f2b1c9e4a10", "location": "1004", "department": "Apparel", "aisles": [],
                "status": "review", "started_at": "2026-05-05T12:00:00Z", "closed_at": "2026-05-05T14:10:00Z",
                "ended_at": None, "areas": [{"name": "Aisle A", "units": 412, "done_at": "2026-05-05T14:02:00Z"}],
                "items": {"matches": 380, "ready": 6, "recount": 2},
            },
        )
    ]
)  # fmt: skip
class CountSerializer(serializers.ModelSerializer[CountSession]):
    """A count, how far each area is, and how many items are in which state."""

    id = serializers.UUIDField(source="public_id")
    location = serializers.CharField(source="location.code")
    department = serializers.CharField(source="category")
    aisles = serializers.ListField(child=serializers.CharField())
    areas = CountAreaSerializer(many=True)
    items = serializers.SerializerMethodField(help_text="State -> items; empty until counting is ended.")

    class Meta:
        model = CountSession
        fields = [
            "id", "location", "department", "aisles", "status", "started_at", "closed_at", "ended_at", "areas", "items",
        ]  # fmt: skip
        read_only_fields = fields

    def get_items(self, session: CountSession) -> dict[str, int]:
        return getattr(session, "states", {})


class CountListedSerializer(serializers.ModelSerializer[CountSession]):
    """A count in a list."""

    id = serializers.UUIDField(source="public_id")
    location = serializers.CharField(source="location.code")
    department = serializers.CharField(source="category")
    aisles = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = CountSession
        fields = ["id", "location", "department", "aisles", "status", "started_at", "closed_at", "ended_at"]
        read_only_fields = fields


class CountedScanSerializer(serializers.Serializer[Any]):
    """What became of one scan."""

    key = serializers.CharField()
    sku = serializers.CharField(allow_null=True)
    quantity = serializers.IntegerField(allow_null=True, help_text="Units that it counts.")
    is_late = serializers.BooleanField(help_text="Its item was settled already: it is on the list to be counted anew.")
    code = serializers.CharField(help_text="Empty; otherwise why it does not count, such as `unknown_code`.")
    detail = serializers.CharField()


class CountedScansSerializer(serializers.Serializer[Any]):
    """In the order of the request; one that cannot be taken leaves the others alone."""

    results = CountedScanSerializer(many=True)


class TagProblemSerializer(serializers.Serializer[Any]):
    """A tag that could not be taken."""

    line = serializers.IntegerField(help_text="Its place in the request, from 1.")
    epc = serializers.CharField()
    detail = serializers.CharField()


class CountedTagsSerializer(serializers.Serializer[Any]):
    """A tag counts once in the whole count."""

    counted = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Counted before.")
    problems = TagProblemSerializer(many=True)


class CountBookedSerializer(serializers.Serializer[Any]):
    """How many items were settled by this call."""

    settled = serializers.IntegerField()
    count = CountSerializer()


class CountLineSerializer(serializers.ModelSerializer[CountLine]):
    """One item of a count: what was counted, what should have been there at that moment, and what became of it."""

    sku = serializers.CharField(source="variant.sku")
    difference = serializers.IntegerField(source="delta")
    value = serializers.DecimalField(max_digits=16, decimal_places=4, help_text="Of the difference, at cost.")

    class Meta:
        model = CountLine
        fields = [
            "sku", "state", "counted", "expected", "difference", "value", "last_at", "decided_by", "reason",
            "settled_at",
        ]  # fmt: skip
        read_only_fields = fields
