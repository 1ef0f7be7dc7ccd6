"""Units between locations as machines ask for them, send them and receive them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from inventory.models import Transfer, TransferLine, TransferScan
from inventory.operations.request_transfer import MOST_LINES, MOST_UNITS
from omni.core.api import PageQuery, StrictChar, StrictInteger, StrictSerializer

REST = ("expected", "lost")
ARRIVALS = [kind for kind in TransferScan.Kind.values if kind != TransferScan.Kind.PICK]
EXAMPLE = {
    "number": "T5F0C2A91BE", "status": "in_transit", "from": "1004", "to": "1011", "for_orders": False, "note": "",
    "requested_at": "2026-05-01T15:02:11Z", "approved_at": "2026-05-01T15:10:00Z",
    "shipped_at": "2026-05-01T17:30:00Z", "expected_at": "2026-05-04T17:30:00Z", "received_at": None,
    "incomplete_at": None, "closed_reason": "",
    "lines": [{"sku": "TEE-RED-M", "requested": 4, "approved": 4, "picked": 4, "shipped": 4, "received": 1,
               "damaged": 0, "lost": 0, "over": 0, "in_transit": 3, "promised": 0}],
}  # fmt: skip


class TransferQuery(PageQuery):
    """Which of the key's transfers."""

    status = serializers.ChoiceField(choices=Transfer.Status.choices, required=False)
    sender = serializers.CharField(max_length=40, required=False, help_text="Code of the location that sends.")
    receiver = serializers.CharField(max_length=40, required=False, help_text="Code of the location that receives.")


class TransferLineSerializer(serializers.Serializer[TransferLine]):
    """Shipped = received + damaged + lost + in transit, always."""

    sku = serializers.CharField(source="variant.sku")
    requested = serializers.IntegerField(source="requested_quantity")
    approved = serializers.IntegerField(source="approved_quantity", help_text="Reserved at the sender until it leaves.")
    picked = serializers.IntegerField(source="picked_quantity")
    shipped = serializers.IntegerField(source="shipped_quantity")
    received = serializers.IntegerField(source="received_quantity", help_text="In good order.")
    damaged = serializers.IntegerField(source="damaged_quantity")
    lost = serializers.IntegerField(source="lost_quantity")
    over = serializers.IntegerField(source="over_quantity", help_text="Of the received: more than the sender scanned.")
    in_transit = serializers.IntegerField(source="in_transit_quantity")
    promised = serializers.IntegerField(source="owed_quantity", help_text="Still awaited by a customer's order.")


@extend_schema_serializer(examples=[OpenApiExample("On its way", value=EXAMPLE, response_only=True)])
class TransferSerializer(serializers.Serializer[Transfer]):
    """A transfer with its lines."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Transfer.Status.choices)
    to = serializers.CharField(source="to_location.code")
    for_orders = serializers.BooleanField(source="is_for_orders", help_text="Customers collect what arrives.")
    note = serializers.CharField()
    requested_at = serializers.DateTimeField(source="created_at")
    approved_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    expected_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    incomplete_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when its receiver misses units and still expects them."
    )
    closed_reason = serializers.CharField()
    lines = TransferLineSerializer(many=True, source="shown_lines")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python."""
        return {**super().get_fields(), "from": serializers.CharField(source="from_location.code")}


class WantedUnitsRequest(StrictSerializer):
    """Units of one item."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MOST_UNITS)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Four tees",
            value={"sender": "1004", "receiver": "1011", "lines": [{"sku": "TEE-RED-M", "quantity": 4}]},
            request_only=True,
        )
    ]
)
class TransferRequest(StrictSerializer):
    """Who is asked for what; the key covers the receiver."""

    sender = StrictChar(max_length=40)
    receiver = StrictChar(max_length=40)
    lines = serializers.ListField(child=WantedUnitsRequest(), min_length=1, max_length=MOST_LINES)
    note = StrictChar(max_length=200, required=False, default="", allow_blank=True)


class SomeUnitsRequest(StrictSerializer):
    """Units of one item; 0 is none of it."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=0, max_value=MOST_UNITS)


class TransferUnitsRequest(StrictSerializer):
    """Fewer than all; without lines it is everything."""

    lines = serializers.ListField(child=SomeUnitsRequest(), required=False, min_length=1, max_length=MOST_LINES)


class TransferReasonRequest(StrictSerializer):
    """Why."""

    reason = StrictChar(max_length=200)


class ArrivedUnitsRequest(StrictSerializer):
    """Units of one item in one state."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MOST_UNITS)
    kind = serializers.ChoiceField(
        choices=ARRIVALS, required=False, default="good", help_text="`over`: more than the sender scanned."
    )


class TransferReceiptRequest(StrictSerializer):
    """What arrived; `rest` ends it: what is missing is expected or lost."""

    lines = serializers.ListField(child=ArrivedUnitsRequest(), required=False, default=list, max_length=MOST_LINES)
    rest = serializers.ChoiceField(choices=REST, required=False)
