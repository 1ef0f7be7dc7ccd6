"""The changes feed and the digests, as they are asked for and answered."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.api.serializers.availability import CHANNEL_HELP
from omni.core.api import StrictQuery
from omni.core.channels import Channel

MOST = 1000
CHANGE = {
    "sequence": 90211, "sku": "TEE-RED-M", "location": "1004", "on_hand": 7, "reserved": 2, "available": 4,
    "version": 90211, "changed_at": "2026-05-01T15:04:05.120Z", "told_at": "2026-05-01T15:04:05.330Z",
}  # fmt: skip
BUCKETS = {
    "location": "1004", "sequence": 90211, "shelves": 2, "digest": "3b5d5c3712955042212316173ccf37be",
    "buckets": [{"bucket": "0a", "shelves": 2, "digest": "60b725f10c9c85c70d97880dfe8191b3"}],
}  # fmt: skip
ROWS = {"location": "1004", "bucket": "0a", "results": [{"sku": "TEE-RED-M", "on_hand": 7, "available": 4}]}


class ChangesQuery(StrictQuery):
    """After which number, and for whom."""

    after = serializers.IntegerField(min_value=0, default=0, help_text="The last number that you have seen.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=200, help_text="Numbers looked at.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text=CHANNEL_HELP)


class ChangeSerializer(serializers.Serializer):
    """A shelf as it is now; it changed at least once since the number before."""

    sequence = serializers.IntegerField()
    sku = serializers.CharField()
    location = serializers.CharField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField(help_text="What the channel could promise; never less than 0.")
    version = serializers.IntegerField(
        help_text="The number in the feed: of one SKU at one location the larger is the newer, of kits as of shelves."
    )
    changed_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField()


@extend_schema_serializer(examples=[
    OpenApiExample("One change", {"results": [CHANGE], "last_sequence": 90211, "newest_sequence": 90211})
])  # fmt: skip
class ChangesSerializer(serializers.Serializer):
    """What changed, and the number to go on from; equal to `newest_sequence` where nothing is left."""

    results = ChangeSerializer(many=True)
    last_sequence = serializers.IntegerField(help_text="Ask for what comes after this.")
    newest_sequence = serializers.IntegerField()


class DigestQuery(StrictQuery):
    """Of which location; with a bucket, its rows."""

    location = serializers.CharField(max_length=40)
    bucket = serializers.RegexField(r"^[0-9a-f]{2}$", required=False, help_text="The rows of this bucket.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text=CHANNEL_HELP)


class BucketSerializer(serializers.Serializer):
    """Items whose MD5 begins with these two digits."""

    bucket = serializers.CharField()
    shelves = serializers.IntegerField()
    digest = serializers.CharField()


class DigestRowSerializer(serializers.Serializer):
    """One shelf, or what the parts there make of a kit."""

    sku = serializers.CharField()
    on_hand = serializers.IntegerField()
    available = serializers.IntegerField()


@extend_schema_serializer(examples=[OpenApiExample("A location", BUCKETS), OpenApiExample("A bucket", ROWS)])
class DigestSerializer(serializers.Serializer):
    """All buckets of a location, or the rows of the one that was asked for."""

    location = serializers.CharField()
    sequence = serializers.IntegerField(required=False, help_text="Every change up to this number is in it.")
    shelves = serializers.IntegerField(required=False)
    digest = serializers.CharField(required=False)
    buckets = BucketSerializer(many=True, required=False)
    bucket = serializers.CharField(required=False)
    results = DigestRowSerializer(many=True, required=False)
