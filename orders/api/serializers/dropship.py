"""A partner's orders as its own system gets and answers them: what to ship where, and nothing else of the customer."""

from datetime import date
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from omni.core.api import PageQuery, StrictChar, StrictInteger, StrictSerializer, ZonedTimeField
from orders.api.serializers import examples
from orders.models import FulfillmentLine, FulfillmentOrder, Shipment, ShipmentLine
from orders.operations.check_request import MAX_LINES, MAX_QUANTITY
from orders.operations.partner_work import confirmed_quantity
from orders.partner_orders import ACTS, STATES, partner_actions, state_of

ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country")


class DropshipQuery(PageQuery):
    """Filters of the list."""

    location = serializers.CharField(max_length=40, required=False)
    state = serializers.ChoiceField(choices=list(STATES.items()), required=False)


class DropshipLineSerializer(serializers.Serializer[FulfillmentLine]):
    """Units of one line: ordered = refused + cancelled + shipped + open; of the open ones some are confirmed."""

    reference = serializers.CharField(source="order_line.reference")
    sku = serializers.CharField(source="order_line.sku")
    barcode = serializers.SerializerMethodField()
    title = serializers.CharField(source="order_line.title")
    gift_message = serializers.CharField(source="order_line.gift_message")
    ordered_quantity = serializers.IntegerField(source="quantity")
    refused_quantity = serializers.IntegerField(source="short_quantity")
    cancelled_quantity = serializers.IntegerField()
    shipped_quantity = serializers.IntegerField(source="issued_quantity")
    open_quantity = serializers.IntegerField()
    confirmed_quantity = serializers.SerializerMethodField()
    ships_on = serializers.SerializerMethodField()

    def get_barcode(self, line: FulfillmentLine) -> str:
        """Of a single unit; empty where we know none."""
        return next((each.code for each in line.variant.barcodes.all() if each.pack_quantity == 1), "")

    def get_confirmed_quantity(self, line: FulfillmentLine) -> int:
        """Of the open units."""
        return confirmed_quantity(line)

    def get_ships_on(self, line: FulfillmentLine) -> date | None:
        """The day that was confirmed for it."""
        return line.confirmation.ships_on if hasattr(line, "confirmation") else None


class ShipToSerializer(serializers.Serializer[Any]):
    """Where the parcels go."""

    name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()


class ParcelLineSerializer(serializers.Serializer[ShipmentLine]):
    """Units of one line in a parcel."""

    reference = serializers.CharField(source="fulfillment_line.order_line.reference")
    quantity = serializers.IntegerField()


class DropshipParcelSerializer(serializers.Serializer[Shipment]):
    """A parcel that left."""

    number = serializers.CharField()
    reference = serializers.CharField(source="sender_reference")
    status = serializers.ChoiceField(choices=Shipment.Status.choices)
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_at = serializers.DateTimeField(source="handed_over_at", allow_null=True)
    lines = ParcelLineSerializer(many=True, source="shown_lines")


class DropshipLinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("New", value=examples.DROPSHIP_ORDER, response_only=True)])
class DropshipOrderSerializer(serializers.Serializer[Any]):
    """An order for a partner."""

    number = serializers.CharField()
    location = serializers.CharField(source="location.code")
    state = serializers.SerializerMethodField()
    reference = serializers.SerializerMethodField()
    acknowledged_at = serializers.SerializerMethodField()
    released_at = serializers.DateTimeField()
    confirm_by = serializers.DateTimeField(allow_null=True)
    ship_by = serializers.SerializerMethodField()
    packs_as_us = serializers.SerializerMethodField()
    ship_to = serializers.SerializerMethodField()
    lines = DropshipLineSerializer(many=True, source="shown_lines")
    shipments = DropshipParcelSerializer(many=True, source="shown_shipments")
    actions = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=list(STATES.items())))
    def get_state(self, work: FulfillmentOrder) -> str:
        """Where it stands."""
        return state_of(work)

    def get_reference(self, work: FulfillmentOrder) -> str:
        """Its number at the partner."""
        return work.partner_order.reference if hasattr(work, "partner_order") else ""

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_acknowledged_at(self, work: FulfillmentOrder) -> Any:
        """Null until its system said that it has it."""
        said = work.partner_order.acknowledged_at if hasattr(work, "partner_order") else None
        return serializers.DateTimeField().to_representation(said) if said else None

    @extend_schema_field(ZonedTimeField())
    def get_ship_by(self, work: FulfillmentOrder) -> Any:
        """When the carrier leaves, on the partner's clock."""
        return ZonedTimeField().to_representation((work.cutoff_at or work.due_at).astimezone(work.location.zone))

    def get_packs_as_us(self, work: FulfillmentOrder) -> bool:
        """Whether the slip in the parcel names us only."""
        return work.location.partner.packs_as_us if hasattr(work.location, "partner") else True

    @extend_schema_field(ShipToSerializer)
    def get_ship_to(self, work: FulfillmentOrder) -> dict[str, str]:
        """Nothing but the address: no mail, no phone, no prices."""
        address = work.order.shipping_address or {}
        return {name: str(address.get(name) or "") for name in ADDRESS}

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ACTS)))
    def get_actions(self, work: FulfillmentOrder) -> list[str]:
        """What would not be refused now."""
        return partner_actions(work)

    @extend_schema_field(DropshipLinksSerializer)
    def get_links(self, work: FulfillmentOrder) -> dict[str, str]:
        """Paths."""
        return {"self": reverse("api-dropship-order", args=[work.number])}


@extend_schema_serializer(examples=[OpenApiExample("Got it", value={"reference": "SO-4711"})])
class AcknowledgementBody(StrictSerializer):
    """That it arrived."""

    reference = StrictChar(max_length=100, required=False, allow_blank=True, default="")


class ConfirmedUnitsBody(StrictSerializer):
    """Units of one line; without a quantity all that are open."""

    reference = StrictChar(max_length=100)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY, required=False)
    ships_on = serializers.DateField(required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample("All of it, as promised", value={}),
        OpenApiExample("One line later", value={"lines": [
            {"reference": "1", "quantity": 2}, {"reference": "2", "ships_on": "2026-12-04"},
        ]}),
    ]
)  # fmt: skip
class ConfirmationBody(StrictSerializer):
    """What will leave, and when; without a day on the promised one."""

    ships_on = serializers.DateField(required=False)
    lines: ListSerializer[Any] = ListSerializer(
        child=ConfirmedUnitsBody(), required=False, min_length=1, max_length=MAX_LINES
    )


class RefusedUnitsBody(StrictSerializer):
    """Units of one line; without a quantity all that are open."""

    reference = StrictChar(max_length=100)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY, required=False)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Nothing of it", value={"reason": "out-of-stock"}),
        OpenApiExample("One unit", value={"reason": "out-of-stock", "lines": [{"reference": "1", "quantity": 1}]}),
    ]
)
class RefusalBody(StrictSerializer):
    """Why, by one of the retailer's codes; and what, all that is open without lines."""

    reason = StrictChar(max_length=40, help_text="The code of a reason for declining.")
    lines: ListSerializer[Any] = ListSerializer(
        child=RefusedUnitsBody(), required=False, min_length=1, max_length=MAX_LINES
    )


class LeftUnitsBody(RefusedUnitsBody):
    """Units of one line in this parcel."""


class LeftParcelBody(StrictSerializer):
    """One parcel; without lines all that is open."""

    reference = StrictChar(
        max_length=150, required=False, help_text="Your name for the parcel; without it carrier and tracking number."
    )
    carrier = StrictChar(max_length=60)
    tracking_number = StrictChar(max_length=100)
    service = StrictChar(max_length=60, required=False, allow_blank=True, default="")
    weight_g = StrictInteger(min_value=1, max_value=70_000, required=False)
    lines: ListSerializer[Any] = ListSerializer(
        child=LeftUnitsBody(), required=False, min_length=1, max_length=MAX_LINES
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("One parcel", value={"parcels": [{"carrier": "UPS", "tracking_number": "1Z999AA10123456784"}]}),
    ]
)
class DropshipShipmentBody(StrictSerializer):
    """Parcels that left; each counts once, however often it is told."""

    parcels: ListSerializer[Any] = ListSerializer(child=LeftParcelBody(), min_length=1, max_length=50)
