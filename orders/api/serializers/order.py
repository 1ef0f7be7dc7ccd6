"""An order as it is told to its channel."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from omni.core.api import AmountField, PageQuery, QueryDateTimeField
from omni.core.channels import Channel
from omni.core.currencies import amount_text
from orders.api.actions import ORDER_ACTS, order_actions
from orders.api.serializers import examples
from orders.api.serializers.order_line import KITS, LineSerializer, OrderKitSerializer
from orders.models import FulfillmentLine, Order, OrderLine, Payment, Refund
from orders.operations.place import Placed
from orders.pickup_code import code_of


class OrderQuery(PageQuery):
    """Filters of the list."""

    updated_after = QueryDateTimeField(
        required=False, help_text="Changed later than this. For a feed that misses nothing read /events."
    )
    status = serializers.ChoiceField(choices=Order.Status.choices, required=False)
    customer = serializers.CharField(
        max_length=100, required=False, help_text="An external id; with all that was merged."
    )
    location = serializers.CharField(max_length=40, required=False, help_text="Collected there, or work of it there.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    channel_reference = serializers.CharField(max_length=100, required=False)


def shown(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With everything that `OrderSerializer` tells, in a number of queries that does not grow."""
    shares = FulfillmentLine.objects.select_related("fulfillment_order__location").order_by("pk")
    lines = OrderLine.objects.select_related("pickup_location", "selling_location", "associate", "kit")
    lines = lines.order_by("position")
    lines = lines.prefetch_related(Prefetch("fulfillment_lines", queryset=shares, to_attr="shares"))
    payments = Payment.objects.order_by("pk")
    return orders.select_related("customer").prefetch_related(
        Prefetch("lines", queryset=lines, to_attr="shown_lines"),
        Prefetch("payments", queryset=payments, to_attr="shown_payments"),
        Prefetch("refunds", queryset=Refund.objects.order_by("pk"), to_attr="shown_refunds"),
    )


def shown_new(placed: Placed) -> Order:
    """A new order with the same attributes, without asking the database again."""
    order: Any = placed.order
    order.shown_lines, order.shown_payments, order.shown_refunds = placed.lines, placed.payments, []
    by_line: dict[int, list[FulfillmentLine]] = {}
    for share in placed.shares:
        by_line.setdefault(share.order_line_id, []).append(share)
    line: Any
    for line in placed.lines:
        line.shares = by_line.get(line.pk, [])
    return placed.order


class TotalsSerializer(serializers.Serializer[Any]):
    """As placed; cancellations do not change them."""

    goods = serializers.CharField()
    discounts = serializers.CharField()
    taxes = serializers.CharField()
    shipping = serializers.CharField()
    shipping_taxes = serializers.CharField()
    total = serializers.CharField()


class PaymentSerializer(serializers.Serializer[Payment]):
    """How far the money of a tender moved."""

    method = serializers.CharField()
    reference = serializers.SerializerMethodField(help_text="The provider's; of a store credit only the end.")
    brand = serializers.CharField()
    last4 = serializers.CharField()
    authorized = AmountField(source="authorized_amount", currency="order.currency")
    captured = AmountField(source="captured_amount", currency="order.currency")
    refunded = AmountField(
        source="refunded_amount", currency="order.currency", help_text="What is being given back counts at once."
    )
    released = serializers.SerializerMethodField(help_text="Nothing more will be taken from it.")

    def get_reference(self, payment: Payment) -> str:
        """A store credit's code is as good as money."""
        return payment.reference[-4:] if payment.kind == Payment.Kind.STORE_CREDIT else payment.reference

    @extend_schema_field(serializers.BooleanField())
    def get_released(self, payment: Payment) -> bool:
        """The provider was asked, or has done it."""
        return payment.void_requested_at is not None


class RefundSerializer(serializers.Serializer[Refund]):
    """Money that went back, or is on its way."""

    key = serializers.CharField(source="act_key", help_text="What asked for it; one act may take several tenders.")
    amount = AmountField(currency="order.currency")
    cause = serializers.ChoiceField(choices=Refund.Cause.choices)
    to = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    reason = serializers.CharField(help_text="Why; of a refused one in the provider's words.")
    requested_at = serializers.DateTimeField()
    refunded_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=["original", "store_credit"]))
    def get_to(self, refund: Refund) -> str:
        """The tender that it came from, or new store credit."""
        return "store_credit" if refund.credit_id else "original"

    @extend_schema_field(serializers.ChoiceField(choices=["requested", "refunded", "refused"]))
    def get_status(self, refund: Refund) -> str:
        """A refused one is decided by a person, and followed by another."""
        return "refunded" if refund.refunded_at else "refused" if refund.failed_at else "requested"


class ContactSerializer(serializers.Serializer[Order]):
    """Whom to write to."""

    name = serializers.CharField(source="contact_name")
    email = serializers.CharField(source="contact_email")
    phone = serializers.CharField(source="contact_phone")


class BuyerSerializer(ContactSerializer):
    """Who bought."""

    external_id = serializers.CharField(source="customer.external_id", default=None, allow_null=True)


class CollectorSerializer(serializers.Serializer[Order]):
    """Who comes for it; empty: the customer."""

    name = serializers.CharField(source="collector_name")


class OrderHoldSerializer(serializers.Serializer[Order]):
    """Why no store has it yet."""

    kind = serializers.ChoiceField(choices=Order.Hold.choices, source="hold")
    note = serializers.CharField(source="hold_note")


class PickupSerializer(serializers.Serializer[Any]):
    """For the customer only."""

    code = serializers.CharField(help_text="What the customer shows at the desk, typed or as a QR code.")


class OrderLinksSerializer(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    fulfillment_orders = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("Pickup and ship", value=examples.ORDER, response_only=True)])
class OrderSerializer(serializers.Serializer[Order]):
    """An order, its lines and what may be done with it."""

    number = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    channel_reference = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    currency = serializers.CharField()
    customer = BuyerSerializer(source="*")
    collector = CollectorSerializer(source="*")
    lines = LineSerializer(many=True, source="shown_lines")
    kits = serializers.SerializerMethodField()
    totals = serializers.SerializerMethodField()
    prices_include_tax = serializers.BooleanField()
    shipping_address = serializers.DictField(child=serializers.CharField(), allow_null=True)
    payments = PaymentSerializer(many=True, source="shown_payments")
    refunds = RefundSerializer(many=True, source="shown_refunds")
    on_shortage = serializers.ChoiceField(choices=Order.OnShortage.choices)
    hold = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField())
    metadata = serializers.DictField()
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    pickup = serializers.SerializerMethodField(
        help_text="Only where something is collected, and only for keys with orders:write."
    )
    actions = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @extend_schema_field(OrderKitSerializer(many=True))
    def get_kits(self, order: Any) -> Any:
        """In the order in which they were asked for."""
        kits = {line.kit.reference: line.kit for line in order.shown_lines if line.kit}
        for kit in kits.values():
            kit.order = order
        return KITS.to_representation(list(kits.values()))

    @extend_schema_field(TotalsSerializer)
    def get_totals(self, order: Any) -> dict[str, str]:
        """In the order's currency."""
        lines: list[OrderLine] = order.shown_lines
        sums = {
            "goods": sum((line.unit_price_amount * line.quantity for line in lines), Decimal(0)),
            "discounts": sum((line.discount_amount for line in lines), Decimal(0)),
            "taxes": sum((line.tax_amount for line in lines), Decimal(0)),
            "shipping": order.shipping_amount,
            "shipping_taxes": order.shipping_tax_amount,
            "total": order.total_amount,
        }
        return {name: amount_text(amount, order.currency) for name, amount in sums.items()}

    @extend_schema_field(OrderHoldSerializer(allow_null=True))
    def get_hold(self, order: Order) -> Any:
        """Null where nothing keeps it from its stores."""
        return OrderHoldSerializer(order).data if order.hold else None

    @extend_schema_field(PickupSerializer(allow_null=True))
    def get_pickup(self, order: Order) -> dict[str, str] | None:
        """The code, for whoever may place orders and so writes to the customer."""
        if not order.pickup_code_digest or not self.context["may_write"]:
            return None
        return {"code": code_of(order.code_seed, order.pickup_code_digest)}

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=ORDER_ACTS)))
    def get_actions(self, order: Any) -> list[str]:
        """What would not be refused now."""
        return order_actions(order, order.shown_lines)

    @extend_schema_field(OrderLinksSerializer)
    def get_links(self, order: Order) -> dict[str, str]:
        """Paths."""
        return {
            "self": reverse("api-order", args=[order.number]),
            "fulfillment_orders": f"{reverse('api-fulfillment-orders')}?order={order.number}",
        }


@cache
def order_serializer(*, may_write: bool) -> OrderSerializer:
    """The serializer for keys that may, or may not, place orders; it keeps nothing of what it tells."""
    return OrderSerializer(context={"may_write": may_write})
