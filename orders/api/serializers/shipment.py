"""A parcel as it is told to shops and partners."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from omni.core.api import PageQuery
from orders.api.serializers import examples
from orders.models import Shipment, ShipmentLine, TrackingEvent


class ShipmentQuery(PageQuery):
    """Filters of the list."""

    location = serializers.CharField(max_length=40, required=False)
    status = serializers.ChoiceField(choices=Shipment.Status.choices, required=False)
    order = serializers.RegexField(r"^[0-9]{1,18}$", required=False, help_text="The order's number.")
    fulfillment_order = serializers.CharField(max_length=40, required=False)
    tracking_number = serializers.CharField(max_length=100, required=False)


def shown_shipments(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """With everything that `ShipmentSerializer` tells: two queries."""
    lines = ShipmentLine.objects.select_related("fulfillment_line__order_line").order_by("pk")
    return shipments.select_related(
        "fulfillment_order__order", "fulfillment_order__location", "carton"
    ).prefetch_related(Prefetch("lines", queryset=lines, to_attr="shown_lines"))


class ShipmentLineSerializer(serializers.Serializer[ShipmentLine]):
    """Units of one order line in this parcel."""

    reference = serializers.CharField(source="fulfillment_line.order_line.reference")
    sku = serializers.CharField(source="fulfillment_line.order_line.sku")
    quantity = serializers.IntegerField()


class ShipmentLinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    order = serializers.CharField()
    fulfillment_order = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A parcel on its way", value=examples.SHIPMENT, response_only=True)])
class ShipmentSerializer(serializers.Serializer[Any]):
    """One parcel: what is in it, with whom it goes, and how far it has come."""

    number = serializers.CharField()
    order = serializers.CharField(source="fulfillment_order.order.number")
    fulfillment_order = serializers.CharField(source="fulfillment_order.number")
    location = serializers.CharField(source="fulfillment_order.location.code")
    status = serializers.ChoiceField(choices=Shipment.Status.choices)
    carrier = serializers.CharField(help_text="Empty until it has a label.")
    service = serializers.CharField()
    tracking_number = serializers.CharField()
    lines = ShipmentLineSerializer(many=True, source="shown_lines")
    carton = serializers.SerializerMethodField()
    size_mm = serializers.SerializerMethodField()
    weight_g = serializers.IntegerField(allow_null=True)
    packed_at = serializers.DateTimeField(allow_null=True)
    handed_over_at = serializers.DateTimeField(allow_null=True, help_text="When it left.")
    deliver_by = serializers.DateTimeField(allow_null=True, help_text="When its carrier says that it arrives.")
    delivered_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_carton(self, shipment: Shipment) -> str | None:
        """The code of the box, where it is one of ours."""
        return shipment.carton.code if shipment.carton else None

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField(), allow_null=True))
    def get_size_mm(self, shipment: Shipment) -> list[int] | None:
        """Length, width and height."""
        return list(shipment.size) if shipment.size else None

    def get_is_late(self, shipment: Shipment) -> bool:
        """On its way, and past the day on which it should have come."""
        return shipment.is_late(timezone.now())

    @extend_schema_field(ShipmentLinksSerializer)
    def get_links(self, shipment: Shipment) -> dict[str, str]:
        """Paths."""
        work = shipment.fulfillment_order
        return {
            "self": reverse("api-shipment", args=[shipment.number]),
            "order": reverse("api-order", args=[work.order.number]),
            "fulfillment_order": reverse("api-fulfillment-order", args=[work.number]),
        }


class TrackingNewsSerializer(serializers.Serializer[TrackingEvent]):
    """One piece of news from the carrier."""

    status = serializers.ChoiceField(choices=TrackingEvent.Status.choices)
    occurred_at = serializers.DateTimeField()
    message = serializers.CharField()
    place = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A parcel and its news", value=examples.SHIPMENT | {"tracking": examples.TRACKING}, response_only=True
        )
    ]
)
class OneShipmentSerializer(ShipmentSerializer):
    """The same with the carrier's news, oldest first."""

    tracking = serializers.SerializerMethodField()

    @extend_schema_field(TrackingNewsSerializer(many=True))
    def get_tracking(self, shipment: Shipment) -> Any:
        """At most the first thousand."""
        told = shipment.tracking_events.order_by("occurred_at", "pk")[:1000]
        return TrackingNewsSerializer(told, many=True).data  # type: ignore[arg-type]
