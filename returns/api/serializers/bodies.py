"""What is said when something is to come back, when it arrived, and when it will not come."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from omni.core.api import StrictBoolean, StrictChar, StrictInteger, StrictSerializer
from returns.api.serializers import examples
from returns.models import Disposition, Grade, ReturnOrder

MOST_LINES, MOST_UNITS = 200, 1000
CHANNELS = [ReturnOrder.Channel.MAIL.value, ReturnOrder.Channel.STORE.value, ReturnOrder.Channel.UNANNOUNCED.value]


class ReturnLineBody(StrictSerializer):
    """Units of one line of the order by its `reference`; or, without an order, of an item by its `sku`."""

    reference = StrictChar(max_length=100, required=False)
    sku = StrictChar(max_length=64, required=False)
    quantity = StrictInteger(min_value=1, max_value=MOST_UNITS, required=False, default=1)
    reason = StrictChar(max_length=40, required=False, allow_blank=True, default="")
    serial = StrictChar(max_length=100, required=False, allow_blank=True, default="")


@extend_schema_serializer(
    examples=[
        OpenApiExample("By mail, with a label", value=examples.REQUEST),
        OpenApiExample("A parcel that nobody announced", value=examples.BLIND),
    ]
)
class ReturnBody(StrictSerializer):
    """What comes back, of which order, and how."""

    order = serializers.RegexField(r"^[0-9]{1,18}$", required=False, help_text="Its number; without: unannounced.")
    channel = serializers.ChoiceField(choices=CHANNELS, required=False, default=CHANNELS[0])
    location = StrictChar(max_length=40, required=False, help_text="Where it is received; by mail any may.")
    lines: ListSerializer[Any] = ListSerializer(child=ReturnLineBody(), min_length=1, max_length=MOST_LINES)
    note = StrictChar(max_length=300, required=False, allow_blank=True, default="")


class ReceivedUnitBody(StrictSerializer):
    """One unit as it was found; without a disposition the policy decides."""

    id = StrictInteger(min_value=1, max_value=2**62)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False, default=Grade.A.value)
    disposition = serializers.ChoiceField(choices=Disposition.choices, required=False)
    reason = StrictChar(max_length=40, required=False, allow_blank=True, default="")
    serial = StrictChar(max_length=100, required=False, allow_blank=True, default="")


@extend_schema_serializer(examples=[OpenApiExample("It arrived", value=examples.RECEIPT)])
class ReceiptBody(StrictSerializer):
    """What arrived where; the rest is still expected. Without units: everything that is expected, like new."""

    location = StrictChar(max_length=40)
    units: ListSerializer[Any] = ListSerializer(
        child=ReceivedUnitBody(), required=False, min_length=1, max_length=MOST_UNITS
    )
    refund = StrictBoolean(
        required=False, default=True,
        help_text="Give the money back at once; what a second person must approve waits for them.",
    )  # fmt: skip


@extend_schema_serializer(examples=[OpenApiExample("Kept after all", value={"reason": "keeps it"})])
class ReturnCancellationBody(StrictSerializer):
    """Why nothing more of it will come."""

    reason = StrictChar(max_length=300)
