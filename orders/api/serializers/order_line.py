"""The lines of an order as they are told to its channel: what was promised of each, by whom, at what price."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from omni.core.api import AmountField, ZonedTimeField
from orders.api.line_status import STATUSES, line_status
from orders.models import FulfillmentLine, FulfillmentOrder, OrderLine
from orders.models.order_line import Method


class PromiseSerializer(serializers.Serializer[Any]):
    """On the location's own clock; empty where it was carried out at once."""

    ready_by = ZonedTimeField(required=False, help_text="Pickup: ready for its customer.")
    ship_by = ZonedTimeField(required=False, help_text="Ship: leaves the location.")


def promise(work: FulfillmentOrder) -> dict[str, Any]:
    """What was promised for this work."""
    if work.method == Method.CARRY_OUT:
        return {}
    name = "ready_by" if work.method == Method.PICKUP else "ship_by"
    return {name: (work.cutoff_at or work.due_at).astimezone(work.location.zone)}


class ShareSerializer(serializers.Serializer[Any]):
    """Units of a line that one location gives."""

    number = serializers.CharField(source="fulfillment_order.number")
    location = serializers.CharField(source="fulfillment_order.location.code")
    quantity = serializers.IntegerField(source="wanted_quantity")
    status = serializers.ChoiceField(choices=FulfillmentOrder.Status.choices, source="fulfillment_order.status")
    promise = serializers.SerializerMethodField()

    @extend_schema_field(PromiseSerializer)
    def get_promise(self, share: FulfillmentLine) -> Any:
        """`ready_by` or `ship_by`."""
        return PROMISE.to_representation(promise(share.fulfillment_order))


# Made once: building its fields anew for each line took longer than telling the line.
PROMISE, SHARES = PromiseSerializer(), ShareSerializer(many=True)


class DiscountSerializer(serializers.Serializer[Any]):
    """As it came in."""

    code = serializers.CharField()
    amount = serializers.CharField()


class TaxSerializer(serializers.Serializer[Any]):
    """As it came in."""

    name = serializers.CharField()
    rate = serializers.CharField(required=False)
    amount = serializers.CharField()


class MethodSerializer(serializers.Serializer[OrderLine]):
    """What the customer chose."""

    method = serializers.ChoiceField(choices=Method.choices)
    location = serializers.CharField(source="pickup_location.code", default=None, allow_null=True)
    service = serializers.CharField()
    deliver_by = serializers.DateTimeField(allow_null=True)


class LineSerializer(serializers.Serializer[OrderLine]):
    """One line: its units, where they are, and its frozen price."""

    reference = serializers.CharField()
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField()
    fulfilled_quantity = serializers.IntegerField()
    waiting_quantity = serializers.IntegerField(
        source="unallocated_quantity", help_text="Units that no location has promised yet."
    )
    expected_on = serializers.DateField(
        allow_null=True,
        help_text="When what waits for a supplier should be here; null: nobody knows, or nothing waits.",
    )
    status = serializers.SerializerMethodField()
    kit = serializers.CharField(
        source="kit.reference", default=None, allow_null=True, help_text="The kit that it is a part of: see `kits`."
    )
    unit_price = AmountField(source="unit_price_amount", currency="order.currency")
    discounts = DiscountSerializer(many=True)
    taxes = TaxSerializer(many=True)
    total = AmountField(source="total_amount", currency="order.currency")
    gift_message = serializers.CharField()
    selling_location = serializers.CharField(
        source="selling_location.code", default=None, allow_null=True, help_text="The store that sold it."
    )
    associate = serializers.CharField(
        source="associate.username", default=None, allow_null=True, help_text="Who sold it."
    )
    fulfillment = MethodSerializer(source="*")
    fulfillments = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=STATUSES))
    def get_status(self, line: Any) -> str:
        """Where its units are."""
        return line_status(line, line.shares)

    @extend_schema_field(ShareSerializer(many=True))
    def get_fulfillments(self, line: Any) -> Any:
        """Who gives them; work that was declined, short or cancelled has no units left and is not told."""
        return SHARES.to_representation([share for share in line.shares if share.wanted_quantity])


class OrderKitSerializer(serializers.Serializer[Any]):
    """A kit as it was ordered; its lines add up to it."""

    reference = serializers.CharField(help_text="May be named where lines are: so many kits are cancelled or returned.")
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = AmountField(source="unit_price_amount", currency="order.currency")
    total = AmountField(source="total_amount", currency="order.currency")


KITS = OrderKitSerializer(many=True)
