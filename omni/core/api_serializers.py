"""The shapes of the kernel's own resources."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from omni.core.models import Event, WebhookDelivery, WebhookEndpoint
from omni.core.rest.fields import StrictChar, StrictInteger
from omni.core.rest.queries import StrictQuery
from omni.core.rest.serializers import StrictSerializer
from omni.core.webhooks import message_id

EVENT_EXAMPLE = {
    "id": "evt_01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11",
    "position": 4711,
    "type": "orders.placed",
    "timestamp": "2026-05-01T10:00:00Z",
    "sequence": 1,
    "aggregate": {"type": "order", "id": "100234"},
    "data": {"number": "100234", "channel": "web"},
}
ENDPOINT_EXAMPLE = {
    "id": "01980d4c-7a52-7f0e-9d4b-0d8f3b6d1c11",
    "url": "https://shop.example.com/hooks/omni",
    "description": "Web shop",
    "topics": ["orders.*", "fulfillment.handed_over"],
    "created_at": "2026-05-01T10:00:00Z",
}


class AggregateSerializer(serializers.Serializer[Any]):
    """What an event is about."""

    type = serializers.CharField()
    id = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("An order was placed", value=EVENT_EXAMPLE)])
class EventSerializer(serializers.Serializer[Event]):
    """One event as the feed shows it; webhooks carry the same without the position."""

    id = serializers.SerializerMethodField(help_text="The same in the feed, in each webhook and each repetition.")
    position = serializers.IntegerField(help_text="The place in the feed; pass the last one as `after`.")
    type = serializers.CharField(source="topic")
    timestamp = serializers.DateTimeField(source="occurred_at")
    sequence = serializers.IntegerField(help_text="1, 2, 3 ... within the aggregate.")
    aggregate = serializers.SerializerMethodField()
    data = serializers.JSONField(source="payload")  # type: ignore[assignment]

    def get_id(self, event: Event) -> str:
        """The public id."""
        return message_id(event)

    @extend_schema_field(AggregateSerializer)
    def get_aggregate(self, event: Event) -> dict[str, str]:
        """Its kind and number."""
        return {"type": event.aggregate_type, "id": event.aggregate_id}


class EventPageSerializer(serializers.Serializer[Any]):
    """A page of the feed."""

    results = EventSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="Where more waits already; null at the end of the feed.")
    last_position = serializers.IntegerField(help_text="Pass it as `after` the next time.")


class FeedQuery(StrictQuery):
    """Where in the feed to begin."""

    after = serializers.IntegerField(default=0, min_value=0, max_value=2**63 - 1)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=500)
    type = serializers.CharField(required=False, max_length=100, help_text="Only this topic.")


@extend_schema_serializer(examples=[OpenApiExample("A web shop", value=ENDPOINT_EXAMPLE)])
class EndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """One address that is told."""

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "description", "topics", "place", "created_at"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[OpenApiExample("A web shop", value=ENDPOINT_EXAMPLE | {"secret": "whsec_bm90IGEgcmVhbCBzZWNyZXQ="})]
)
class EndpointWithSecretSerializer(EndpointSerializer):
    """The same with the signing secret, shown once."""

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Everything about orders",
            value={"url": ENDPOINT_EXAMPLE["url"], "topics": ["orders.*"], "description": "Web shop"},
        )
    ]
)
class NewEndpointSerializer(StrictSerializer):
    """What to tell whom."""

    url = StrictChar(max_length=2000)
    topics = serializers.ListField(child=StrictChar(max_length=100), min_length=1, max_length=50)
    description = StrictChar(max_length=200, required=False, allow_blank=True, default="")
    place = StrictChar(
        max_length=40, required=False, allow_blank=True, default="", help_text="Only of this location, by its code."
    )


@extend_schema_serializer(examples=[OpenApiExample("From the beginning", value={"after": 0})])
class ReplaySerializer(StrictSerializer):
    """From where to send again."""

    after = StrictInteger(min_value=0, max_value=2**63 - 1)


@extend_schema_serializer(examples=[OpenApiExample("All in", value={"queued": 12, "last_position": 4711})])
class ReplayedSerializer(serializers.Serializer[Any]):
    """What was queued."""

    queued = serializers.IntegerField()
    last_position = serializers.IntegerField(
        allow_null=True, help_text="At most 20,000 events are looked at; go on from here."
    )


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One line of the delivery log."""

    event = serializers.SerializerMethodField()
    type = serializers.CharField(source="event.topic")

    class Meta:
        model = WebhookDelivery
        fields = [
            "event",
            "type",
            "position",
            "status",
            "attempts",
            "available_at",
            "response_status",
            "response_excerpt",
            "duration_ms",
            "last_error",
            "finished_at",
        ]
        read_only_fields = fields

    def get_event(self, delivery: WebhookDelivery) -> str:
        """The event's public id."""
        return message_id(delivery.event)
