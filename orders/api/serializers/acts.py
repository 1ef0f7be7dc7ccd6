"""What is said when something is done to an order or to a piece of work."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.serializers import ListSerializer

from omni.core.api import OffsetDateTimeField, StrictBoolean, StrictChar, StrictInteger, StrictSerializer
from orders.api.serializers.place import AddressBody, AgeCheckBody
from orders.models import HandOver, Order
from orders.operations.check_request import MAX_LINES, MAX_QUANTITY
from orders.operations.pack import HEAVIEST_G, LONGEST_MM


class UnitsBody(StrictSerializer):
    """Units of one line of the order."""

    reference = StrictChar(max_length=100)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY)


@extend_schema_serializer(
    examples=[
        OpenApiExample("All that is open", value={"reason": "changed my mind"}),
        OpenApiExample("One unit", value={"reason": "one too many", "lines": [{"reference": "1", "quantity": 1}]}),
    ]
)
class CancellationBody(StrictSerializer):
    """What is not wanted any more; without lines everything that is still open."""

    reason = StrictChar(max_length=300)
    lines: ListSerializer[Any] = ListSerializer(child=UnitsBody(), required=False, min_length=1, max_length=MAX_LINES)


@extend_schema_serializer(
    examples=[OpenApiExample("Looked at", value={"kind": "fraud_review", "note": "new card, large basket"})]
)
class OrderHoldBody(StrictSerializer):
    """Why the order stays away from its stores."""

    kind = serializers.ChoiceField(choices=Order.Hold.choices)
    note = StrictChar(max_length=500, required=False, allow_blank=True, default="")


@extend_schema_serializer(examples=[OpenApiExample("Confirmed", value={})])
class AcceptanceBody(StrictSerializer):
    """Nothing more to say."""


@extend_schema_serializer(examples=[OpenApiExample("No", value={"reason": "not in stock"})])
class DeclineBody(StrictSerializer):
    """Why the location cannot do it."""

    reason = StrictChar(max_length=200)


class ParcelBody(StrictSerializer):
    """A parcel that left: with whom, and which units; without lines all that is left. `shipment` names a packed one."""

    carrier = StrictChar(max_length=60)
    tracking_number = StrictChar(max_length=100, required=False, allow_blank=True, default="")
    service = StrictChar(max_length=60, required=False, allow_blank=True, default="")
    weight_g = StrictInteger(min_value=1, max_value=HEAVIEST_G, required=False)
    shipment = StrictChar(max_length=50, required=False)
    lines: ListSerializer[Any] = ListSerializer(child=UnitsBody(), required=False, min_length=1, max_length=MAX_LINES)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "shipment" in attrs and ("lines" in attrs or "weight_g" in attrs):
            raise serializers.ValidationError({"shipment": _("What is in a packed parcel is known.")})
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample("A parcel", value={"carrier": "UPS", "tracking_number": "1Z999AA10123456784"}),
        OpenApiExample("Two parcels", value={"parcels": [
            {"carrier": "UPS", "tracking_number": "1Z999AA10123456784", "lines": [{"reference": "2", "quantity": 1}]},
            {"carrier": "UPS", "tracking_number": "1Z999AA10123456785"},
        ]}),
    ]
)  # fmt: skip
class ShipmentBody(StrictSerializer):
    """With whom it left: `carrier` for everything as one parcel, or `parcels`."""

    carrier = StrictChar(max_length=60, required=False)
    tracking_number = StrictChar(max_length=100, required=False, allow_blank=True, default="")
    parcels: ListSerializer[Any] = ListSerializer(child=ParcelBody(), required=False, min_length=1, max_length=50)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("carrier" in attrs) == ("parcels" in attrs):
            code = "invalid" if "carrier" in attrs else "required"
            detail = ErrorDetail(str(_("Name the carrier, or the parcels.")), code)
            raise serializers.ValidationError({"carrier": [detail]})
        return attrs


class PackedBody(StrictSerializer):
    """One closed parcel; without lines all that is left goes into it."""

    carton = StrictChar(max_length=20, required=False, help_text="The code of one of the retailer's cartons.")
    size_mm: ListSerializer[Any] = ListSerializer(
        child=StrictInteger(min_value=1, max_value=LONGEST_MM), required=False, min_length=3, max_length=3
    )
    weight_g = StrictInteger(min_value=1, max_value=HEAVIEST_G, required=False)
    lines: ListSerializer[Any] = ListSerializer(child=UnitsBody(), required=False, min_length=1, max_length=MAX_LINES)


@extend_schema_serializer(examples=[OpenApiExample("One box", value={"parcels": [{"carton": "M", "weight_g": 1240}]})])
class PackBody(StrictSerializer):
    """The parcels of a picked order."""

    parcels: ListSerializer[Any] = ListSerializer(child=PackedBody(), min_length=1, max_length=50)


class CarBody(StrictSerializer):
    """What to look for."""

    model = StrictChar(max_length=60, required=False, allow_blank=True)
    color = StrictChar(max_length=30, required=False, allow_blank=True)


ARRIVAL_STATES = ["on_my_way", "arrived", "called_off"]


@extend_schema_serializer(
    examples=[
        OpenApiExample("There", value={
            "state": "arrived", "bay": "4", "car": {"model": "Honda Civic", "color": "silver"},
        }),
        OpenApiExample("On the way", value={"state": "on_my_way"}),
        OpenApiExample("Not after all", value={"state": "called_off"}),
    ]
)  # fmt: skip
class ArrivalBody(StrictSerializer):
    """What the customer said in the site's own app; said again it changes where to look, never the clock."""

    state = serializers.ChoiceField(choices=ARRIVAL_STATES)
    bay = StrictChar(max_length=20, required=False, allow_blank=True)
    car = CarBody(required=False)
    arrived_at = OffsetDateTimeField(required=False, help_text="When the device says it was; never later than now.")


@extend_schema_serializer(examples=[OpenApiExample("Somebody else", value={"name": "Bea Lee"})])
class CollectorNameBody(StrictSerializer):
    """Who comes for it; an empty name means the customer again."""

    name = StrictChar(max_length=200, allow_blank=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("By code", value={"check": "code", "code": "7K3QX2MD"}),
        OpenApiExample("By photo ID, in part", value={
            "check": "photo_id", "name": "Ada Byron", "lines": [{"reference": "1", "quantity": 1}],
        }),
        OpenApiExample("With an age-restricted item", value={
            "check": "code", "code": "7K3QX2MD", "age_check": {"over": 21, "how": "photo_id"},
        }),
    ]
)  # fmt: skip
class HandOverBody(StrictSerializer):
    """How the collector was checked, and what was given; without lines everything that is ready."""

    check = serializers.ChoiceField(choices=[HandOver.Check.CODE.value, HandOver.Check.PHOTO_ID.value])
    code = StrictChar(max_length=40, required=False, allow_blank=True, default="")
    name = StrictChar(max_length=200, required=False, allow_blank=True, default="")
    note = StrictChar(max_length=300, required=False, allow_blank=True, default="")
    lines: ListSerializer[Any] = ListSerializer(child=UnitsBody(), required=False, min_length=1, max_length=MAX_LINES)
    age_check = AgeCheckBody(required=False, help_text="Needed where an age-restricted item is handed over.")
    cancel_remaining = StrictBoolean(
        required=False, default=False, help_text="The customer does not want the rest; else it stays ready."
    )
    ship_remaining_to = AddressBody(
        required=False, help_text="The rest is sent there instead; age-restricted items stay ready."
    )
