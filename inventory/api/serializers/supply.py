"""Orders to suppliers, ship notices and what was received, as machines write and read them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from inventory.models import Carton, Delivery, DeliveryLine, PurchaseOrder, PurchaseOrderLine
from inventory.models.delivery import Decision, Difference
from omni.core.api import OffsetDateTimeField, PageQuery, StrictBoolean, StrictChar, StrictInteger, StrictSerializer

UNITS = 1_000_000
MOST = 500
NUMBER = r"^[\w.\-]{1,60}\Z"


class SupplyQuery(PageQuery):
    """Which of them."""

    location = serializers.CharField(required=False, max_length=40)
    status = serializers.CharField(required=False, max_length=10)


class OrderedRequest(StrictSerializer):
    """Units of one item."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=UNITS)
    expected_on = serializers.DateField(required=False, help_text="Default: the order's day.")


class LinesRequest(StrictSerializer):
    """Other quantities or days; items that are not named stay as they are."""

    expected_on = serializers.DateField()
    lines: ListSerializer[Any] = ListSerializer(child=OrderedRequest(), min_length=1, max_length=MOST)
    reason = StrictChar(max_length=200, required=False, default="")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two items",
            value={
                "number": "PO-4711", "supplier": "Acme Textiles", "location": "1004", "expected_on": "2026-05-04",
                "lines": [{"sku": "TEE-RED-M", "quantity": 24}, {"sku": "TEE-RED-L", "quantity": 12}],
            },
        )
    ]
)  # fmt: skip
class PurchaseOrderRequest(StrictSerializer):
    """What was ordered, for which location."""

    number = serializers.RegexField(NUMBER, max_length=60)
    supplier = StrictChar(max_length=120)
    location = StrictChar(max_length=40)
    expected_on = serializers.DateField()
    lines: ListSerializer[Any] = ListSerializer(child=OrderedRequest(), min_length=1, max_length=MOST)


class ClosingRequest(StrictSerializer):
    """Why the rest does not come."""

    reason = StrictChar(max_length=200)


class PurchaseOrderLineSerializer(serializers.ModelSerializer[PurchaseOrderLine]):
    """One item of an order."""

    sku = serializers.CharField(source="variant.sku")
    quantity = serializers.IntegerField(source="ordered_quantity")
    received = serializers.IntegerField(source="received_quantity", help_text="Damaged units too; may be more.")
    closed = serializers.IntegerField(source="closed_quantity", help_text="Nobody waits for these any more.")
    open = serializers.IntegerField(source="open_quantity", help_text="What should still come.")

    class Meta:
        model = PurchaseOrderLine
        fields = ["sku", "quantity", "received", "closed", "open", "expected_on"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Half of it came",
            value={
                "number": "PO-4711", "supplier": "Acme Textiles", "location": "1004", "status": "open",
                "expected_on": "2026-05-04", "closed_reason": "",
                "lines": [
                    {"sku": "TEE-RED-M", "quantity": 24, "received": 12, "closed": 0, "open": 12,
                     "expected_on": "2026-05-04"}
                ],
                "actions": ["change", "close"],
            },
        )
    ]
)  # fmt: skip
class PurchaseOrderSerializer(serializers.ModelSerializer[PurchaseOrder]):
    """An order, and how much of it came."""

    location = serializers.CharField(source="location.code")
    lines = PurchaseOrderLineSerializer(many=True)
    actions = serializers.SerializerMethodField(help_text="Acts that are legal now.")

    class Meta:
        model = PurchaseOrder
        fields = ["number", "supplier", "location", "status", "expected_on", "closed_reason", "lines", "actions"]
        read_only_fields = fields

    def get_actions(self, order: PurchaseOrder) -> list[str]:
        return ["change", "close"] if order.is_open else []


class ContentRequest(StrictSerializer):
    """Units of one item."""

    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=UNITS)


class CartonRequest(StrictSerializer):
    """A box, its code and what is in it."""

    code = StrictChar(max_length=64, help_text="Its SSCC, or what the label says.")
    contents: ListSerializer[Any] = ListSerializer(child=ContentRequest(), min_length=1, max_length=MOST)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A carton and loose units",
            value={
                "number": "ASN-9001", "purchase_order": "PO-4711", "location": "1004", "expected_on": "2026-05-04",
                "cartons": [{"code": "006141411234567890", "contents": [{"sku": "TEE-RED-M", "quantity": 12}]}],
                "loose": [{"sku": "TEE-RED-L", "quantity": 3}],
            },
        )
    ]
)  # fmt: skip
class ShipNoticeRequest(StrictSerializer):
    """What is on its way, in which cartons."""

    number = serializers.RegexField(NUMBER, max_length=60)
    supplier = StrictChar(max_length=120, required=False, default="")
    location = StrictChar(max_length=40)
    purchase_order = StrictChar(max_length=60, required=False)
    expected_on = serializers.DateField()
    cartons: ListSerializer[Any] = ListSerializer(child=CartonRequest(), max_length=MOST, required=False)
    loose: ListSerializer[Any] = ListSerializer(child=ContentRequest(), max_length=MOST, required=False)


class NoticedCartonSerializer(serializers.ModelSerializer[Carton]):
    """A box."""

    is_received = serializers.SerializerMethodField()

    class Meta:
        model = Carton
        fields = ["code", "is_received"]
        read_only_fields = fields

    def get_is_received(self, carton: Carton) -> bool:
        return any(scan.kind == "carton" and not scan.is_undone for scan in carton.scans.all())


class ShipNoticeLineSerializer(serializers.ModelSerializer[DeliveryLine]):
    """One item: what should have come, what came, what was decided."""

    sku = serializers.CharField(source="variant.sku")
    expected = serializers.IntegerField(source="expected_quantity")
    received = serializers.IntegerField(source="received_quantity", help_text="Damaged units too.")
    damaged = serializers.IntegerField(source="damaged_quantity", help_text="Held apart, not for sale.")
    difference = serializers.SerializerMethodField()
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True, help_text="Empty: undecided.")

    class Meta:
        model = DeliveryLine
        fields = ["sku", "expected", "received", "damaged", "difference", "decision", "reason"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Difference.choices))
    def get_difference(self, line: DeliveryLine) -> str:
        return str(line.difference)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Being received",
            value={
                "number": "ASN-9001", "supplier": "Acme Textiles", "location": "1004", "purchase_order": "PO-4711",
                "status": "receiving", "expected_on": "2026-05-04", "started_at": "2026-05-04T13:00:00Z",
                "finished_at": None, "cartons": [{"code": "006141411234567890", "is_received": True}],
                "lines": [
                    {"sku": "TEE-RED-M", "expected": 12, "received": 12, "damaged": 1, "difference": "",
                     "decision": "", "reason": ""}
                ],
            },
        )
    ]
)  # fmt: skip
class ShipNoticeSerializer(serializers.ModelSerializer[Delivery]):
    """A delivery, announced or begun where it stood."""

    location = serializers.CharField(source="location.code")
    purchase_order = serializers.CharField(source="purchase_order.number", default=None, allow_null=True)
    cartons = NoticedCartonSerializer(many=True)
    lines = ShipNoticeLineSerializer(many=True)

    class Meta:
        model = Delivery
        fields = [
            "number", "supplier", "location", "purchase_order", "status", "expected_on", "started_at", "finished_at",
            "cartons", "lines",
        ]  # fmt: skip
        read_only_fields = fields


class BeginReceiptRequest(StrictSerializer):
    """Receive without a notice: of an order, or whatever stands there."""

    location = StrictChar(max_length=40)
    purchase_order = StrictChar(max_length=60, required=False, default="")
    supplier = StrictChar(max_length=120, required=False, default="")


class ReceiptScanRequest(StrictSerializer):
    """One scan under the key of its device."""

    key = StrictChar(max_length=64)
    code = StrictChar(max_length=200, help_text="Of a carton, a barcode or a SKU.")
    quantity = StrictInteger(min_value=1, max_value=UNITS, required=False, help_text="Of an item, if more than one.")
    is_damaged = StrictBoolean(required=False, default=False)
    at = OffsetDateTimeField(required=False, help_text="When it was done. Default: now.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A carton and a broken unit",
            value={"scans": [{"key": "gun-3-1", "code": "006141411234567890"},
                             {"key": "gun-3-2", "code": "TEE-RED-L", "is_damaged": True}]},
        )
    ]
)  # fmt: skip
class ReceiptsRequest(StrictSerializer):
    """Up to 500 scans, all or none."""

    scans: ListSerializer[Any] = ListSerializer(child=ReceiptScanRequest(), min_length=1, max_length=MOST)


class ReceiptResultSerializer(serializers.Serializer[dict[str, str]]):
    """What became of one scan."""

    key = serializers.CharField()
    result = serializers.ChoiceField(choices=["received", "repeat"])


@extend_schema_serializer(
    examples=[OpenApiExample("Received", value={"results": [{"key": "gun-3-1", "result": "received"}]})]
)
class ReceiptResultsSerializer(serializers.Serializer[dict[str, Any]]):
    """In the order of the request."""

    results = ReceiptResultSerializer(many=True)


class DecisionRequest(StrictSerializer):
    """What is done about the difference of one item."""

    sku = StrictChar(max_length=64)
    decision = serializers.ChoiceField(choices=Decision.choices)


@extend_schema_serializer(
    examples=[
        OpenApiExample("All came but two", value={"decisions": [{"sku": "TEE-RED-M", "decision": "wait"}]})
    ]
)  # fmt: skip
class CompletionRequest(StrictSerializer):
    """All was scanned; nothing stays undecided."""

    decisions: ListSerializer[Any] = ListSerializer(child=DecisionRequest(), max_length=MOST, required=False)
    reason = StrictChar(max_length=200, required=False, default="", allow_blank=True)
