"""A fulfillment order as it is told to the system that does its work."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Location, Transfer
from omni.core.api import PageQuery, ZonedTimeField
from omni.core.channels import Channel
from orders.api.actions import WORK_ACTS, work_actions
from orders.api.serializers import examples
from orders.api.serializers.order import CollectorSerializer, ContactSerializer, OrderHoldSerializer
from orders.api.serializers.order_line import PROMISE, PromiseSerializer, promise
from orders.models import Arrival, FulfillmentLine, FulfillmentOrder, SerialNumber, Shipment
from orders.models.order_line import Method


class WorkQuery(PageQuery):
    """Filters of the list."""

    location = serializers.CharField(max_length=40, required=False)
    status = serializers.ChoiceField(choices=FulfillmentOrder.Status.choices, required=False)
    kind = serializers.ChoiceField(choices=Location.Kind.choices, required=False, help_text="The location's kind.")
    method = serializers.ChoiceField(choices=Method.choices, required=False)
    order = serializers.RegexField(r"^[0-9]{1,18}$", required=False, help_text="The order's number.")


def shown_work(work: QuerySet[FulfillmentOrder]) -> QuerySet[FulfillmentOrder]:
    """With everything that `WorkSerializer` tells: five queries."""
    lines = FulfillmentLine.objects.select_related("order_line", "variant").order_by("pk").prefetch_related(
        Prefetch("serials", queryset=SerialNumber.objects.counted().order_by("pk"), to_attr="shown_serials")
    )  # fmt: skip
    came = Arrival.objects.filter(cancelled_at=None).order_by("-pk")
    parcels = Shipment.objects.real().order_by("pk")
    return work.select_related("order", "location", "transfer__from_location").prefetch_related(
        Prefetch("lines", queryset=lines, to_attr="shown_lines"),
        Prefetch("arrivals", queryset=came, to_attr="shown_arrivals"),
        Prefetch("shipments", queryset=parcels, to_attr="shown_shipments"),
    )


class WorkLineSerializer(serializers.Serializer[FulfillmentLine]):
    """Units of one order line in this work. To do: quantity - short - cancelled - issued."""

    reference = serializers.CharField(source="order_line.reference")
    sku = serializers.CharField(source="order_line.sku")
    title = serializers.CharField(source="order_line.title")
    quantity = serializers.IntegerField()
    picked_quantity = serializers.IntegerField()
    short_quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField()
    packed_quantity = serializers.IntegerField(help_text="In parcels, gone or still here.")
    issued_quantity = serializers.IntegerField(help_text="Handed over or shipped.")
    gift_message = serializers.CharField(source="order_line.gift_message")
    is_age_restricted = serializers.BooleanField(
        source="variant.is_age_restricted", help_text="Hand it over only with an `age_check`."
    )
    serials = serializers.SerializerMethodField()

    def get_serials(self, line: FulfillmentLine) -> list[str]:
        """Of the pieces picked for this line, first scanned first; empty where the item is not tracked."""
        return [each.serial for each in line.shown_serials]  # type: ignore[attr-defined]


class CarSerializer(serializers.Serializer[Arrival]):
    """What to look for."""

    model = serializers.CharField(source="car")
    color = serializers.CharField(source="car_color")


class WaitSerializer(serializers.Serializer[Any]):
    """The clock of somebody outside: from the later of arrived and ready."""

    started_at = serializers.DateTimeField(allow_null=True, help_text="Null until both are true.")
    seconds = serializers.IntegerField()


class ArrivalSerializer(serializers.Serializer[Arrival]):
    """The customer on the way, there, or served; the newest that was not called off."""

    on_my_way_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    served_at = serializers.DateTimeField(allow_null=True)
    bay = serializers.CharField()
    car = CarSerializer(source="*")
    wait = serializers.SerializerMethodField()

    @extend_schema_field(WaitSerializer)
    def get_wait(self, arrival: Arrival) -> Any:
        """Until served, or until now."""
        ready_at = self.context.get("staged_at")
        return WaitSerializer(arrival.wait(ready_at=ready_at, now=timezone.now())).data


class BroughtSerializer(serializers.Serializer[Transfer]):
    """The transfer that brings the units of a pickup to its store; more at `/inventory/transfers/{number}`."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Transfer.Status.choices)
    sender = serializers.CharField(source="from_location.code")
    expected_at = serializers.DateTimeField(allow_null=True)


class TrackingSerializer(serializers.Serializer[FulfillmentOrder]):
    """With whom its last parcel left."""

    carrier = serializers.CharField(source="tracking_carrier")
    number = serializers.CharField(source="tracking_number")


class WorkShipmentSerializer(serializers.Serializer[Shipment]):
    """A parcel of this work; more at `/shipments/{number}`."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Shipment.Status.choices)
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()


class WorkLinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    order = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A parcel to pack", value=examples.WORK, response_only=True)])
class WorkSerializer(serializers.Serializer[Any]):
    """Work given to one location."""

    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    channel = serializers.ChoiceField(choices=Channel.choices, source="order.channel")
    method = serializers.ChoiceField(choices=Method.choices)
    status = serializers.ChoiceField(choices=FulfillmentOrder.Status.choices)
    location = serializers.CharField(source="location.code")
    transfer = BroughtSerializer(allow_null=True, help_text="Of a pickup whose units are sent to its store.")
    lines = WorkLineSerializer(many=True, source="shown_lines")
    promise = serializers.SerializerMethodField()
    contact = ContactSerializer(source="order")
    collector = CollectorSerializer(source="order")
    shipping_address = serializers.SerializerMethodField()
    hold = serializers.SerializerMethodField()
    released_at = serializers.DateTimeField(allow_null=True)
    begin_by = serializers.SerializerMethodField()
    cutoff_at = serializers.DateTimeField(allow_null=True, help_text="When the carrier leaves; null for pickups.")
    offered = serializers.BooleanField(
        source="is_offered", help_text="Asked and not answered: accept or decline it until `confirm_by`."
    )
    confirm_by = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    staged_at = serializers.DateTimeField(allow_null=True)
    collect_by = serializers.SerializerMethodField()
    closed_at = serializers.DateTimeField(allow_null=True)
    tracking = serializers.SerializerMethodField()
    arrival = serializers.SerializerMethodField()
    shipments = WorkShipmentSerializer(many=True, source="shown_shipments")
    actions = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @extend_schema_field(PromiseSerializer)
    def get_promise(self, work: FulfillmentOrder) -> Any:
        """`ready_by` or `ship_by`."""
        return PROMISE.to_representation(promise(work))

    @extend_schema_field(ZonedTimeField(allow_null=True))
    def get_begin_by(self, work: FulfillmentOrder) -> str | None:
        """The latest safe time to begin a parcel; null for pickups."""
        if work.cutoff_at is None:
            return None
        return ZonedTimeField().to_representation(work.due_at.astimezone(work.location.zone))

    @extend_schema_field(serializers.DictField(child=serializers.CharField(), allow_null=True))
    def get_shipping_address(self, work: FulfillmentOrder) -> dict[str, str] | None:
        """Only where something is sent."""
        return work.order.shipping_address if work.method == Method.SHIP else None

    @extend_schema_field(OrderHoldSerializer(allow_null=True))
    def get_hold(self, work: FulfillmentOrder) -> Any:
        """Null where nothing keeps the order."""
        return OrderHoldSerializer(work.order).data if work.order.hold else None

    @extend_schema_field(ZonedTimeField(allow_null=True))
    def get_collect_by(self, work: FulfillmentOrder) -> str | None:
        """Until when it waits for its customer."""
        if work.collect_by is None:
            return None
        return ZonedTimeField().to_representation(work.collect_by.astimezone(work.location.zone))

    @extend_schema_field(TrackingSerializer(allow_null=True))
    def get_tracking(self, work: FulfillmentOrder) -> Any:
        """Null until it left."""
        return TrackingSerializer(work).data if work.tracking_carrier else None

    @extend_schema_field(ArrivalSerializer(allow_null=True))
    def get_arrival(self, work: FulfillmentOrder) -> Any:
        """Null until the customer says that they come."""
        arrival = next(iter(work.shown_arrivals), None)  # type: ignore[attr-defined]
        return ArrivalSerializer(arrival, context={"staged_at": work.staged_at}).data if arrival else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=WORK_ACTS)))
    def get_actions(self, work: FulfillmentOrder) -> list[str]:
        """What would not be refused now."""
        return work_actions(work)

    @extend_schema_field(WorkLinksSerializer)
    def get_links(self, work: FulfillmentOrder) -> dict[str, str]:
        """Paths."""
        return {
            "self": reverse("api-fulfillment-order", args=[work.number]),
            "order": reverse("api-order", args=[work.order.number]),
        }
