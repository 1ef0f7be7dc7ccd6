"""A cart and what it costs."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from omni.core.api import StrictBoolean, StrictChar, StrictInteger, StrictSerializer
from omni.core.channels import Channel
from omni.core.currencies import amount_text
from orders.api.serializers import examples
from orders.api.serializers.place import RateField
from orders.operations.check_request import MAX_LINES, MAX_QUANTITY
from orders.operations.quote_prices import Quote
from orders.quoting import PricedItem
from orders.unit_money import Part, UnitMoney, alike


class QuoteLineBody(StrictSerializer):
    """Units of one item."""

    reference = StrictChar(max_length=100, help_text="Unique within the cart; the order uses the same.")
    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY)


class ShipToBody(StrictSerializer):
    """Where it is taxed."""

    country = StrictChar(min_length=2, max_length=2)
    region = StrictChar(max_length=50, required=False, allow_blank=True, default="")
    postal_code = StrictChar(max_length=20, required=False, allow_blank=True, default="")


class TaxRateBody(StrictSerializer):
    """A tax that the caller knows better."""

    name = StrictChar(max_length=60)
    rate = RateField(max_length=12, help_text="A share below 1, such as 0.06875.")


@extend_schema_serializer(
    examples=[OpenApiExample("Three mugs with a code", value=examples.QUOTE_REQUEST, request_only=True)]
)
class QuoteBody(StrictSerializer):
    """A cart. Taxes come from `taxes` where given, else from HQ's table for `ship_to` or the store `location`."""

    channel = serializers.ChoiceField(
        choices=Channel.choices, required=False, default=Channel.WEB, help_text="Told back; prices are the same on all."
    )
    currency = StrictChar(min_length=3, max_length=3)
    lines: ListSerializer[Any] = ListSerializer(child=QuoteLineBody(), min_length=1, max_length=MAX_LINES)
    codes = serializers.ListField(child=StrictChar(max_length=60), required=False, max_length=20)
    ship_to = ShipToBody(required=False)
    location = StrictChar(max_length=40, required=False, help_text="The store where it is collected or carried out.")
    taxes: ListSerializer[Any] = ListSerializer(child=TaxRateBody(), required=False, max_length=20)
    prices_include_tax = StrictBoolean(required=False, default=False)


class QuotedPartSerializer(serializers.Serializer[Any]):
    """A discount by its code, or a tax by its name."""

    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    rate = serializers.CharField(required=False)
    amount = serializers.CharField()


class QuotedUnitsSerializer(serializers.Serializer[Any]):
    """Units that cost the same, each of them this much."""

    quantity = serializers.IntegerField()
    discounts = QuotedPartSerializer(many=True)
    taxes = QuotedPartSerializer(many=True)
    total = serializers.CharField()


class QuotedLineSerializer(serializers.Serializer[Any]):
    """A line as an order takes it, and how it falls on its units."""

    reference = serializers.CharField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    discounts = QuotedPartSerializer(many=True)
    taxes = QuotedPartSerializer(many=True)
    total = serializers.CharField()
    units = QuotedUnitsSerializer(many=True)


class QuoteTotalsSerializer(serializers.Serializer[Any]):
    """Of all lines."""

    goods = serializers.CharField()
    discounts = serializers.CharField()
    taxes = serializers.CharField()
    total = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("Three mugs", value=examples.QUOTE, response_only=True)])
class QuoteSerializer(serializers.Serializer[Any]):
    """Prices that hold until `expires_at` for an order that names the `id`."""

    id = serializers.CharField()
    expires_at = serializers.DateTimeField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    currency = serializers.CharField()
    prices_include_tax = serializers.BooleanField()
    lines = QuotedLineSerializer(many=True)
    totals = QuoteTotalsSerializer()


def quote_answer(made: Quote, channel: str) -> dict[str, Any]:
    """As `QuoteSerializer` documents it."""
    lines = [_line(each, made) for each in made.lines]
    return {
        "id": made.id, "expires_at": made.expires_at, "channel": channel, "currency": made.currency,
        "prices_include_tax": made.tax_included, "lines": lines, "totals": _totals(made),
    }  # fmt: skip


def _line(each: PricedItem, made: Quote) -> dict[str, Any]:
    runs = alike(each, currency=made.currency, tax_included=made.tax_included)
    return {
        "reference": each.item.reference, "sku": each.item.sku, "quantity": each.quantity,
        "unit_price": amount_text(each.unit_price_amount, made.currency), "discounts": _texts(each.discounts, made),
        "taxes": _texts(each.taxes, made), "total": amount_text(each.total_amount, made.currency),
        "units": [_unit(count, unit, made.currency) for count, unit in runs],
    }  # fmt: skip


def _texts(parts: Any, made: Quote) -> list[dict[str, str]]:
    return [part | {"amount": amount_text(Decimal(part["amount"]), made.currency)} for part in parts]


def _unit(count: int, unit: UnitMoney, currency: str) -> dict[str, Any]:
    def told(parts: tuple[Part, ...], called: str) -> list[dict[str, str]]:
        return [{called: part.name, "amount": amount_text(part.amount, currency)} for part in parts]

    return {
        "quantity": count, "discounts": told(unit.discounts, "code"), "taxes": told(unit.taxes, "name"),
        "total": amount_text(unit.total_amount, currency),
    }  # fmt: skip


def _totals(made: Quote) -> dict[str, str]:
    sums = {
        "goods": sum((each.unit_price_amount * each.quantity for each in made.lines), Decimal(0)),
        "discounts": _sum(made, "discounts"), "taxes": _sum(made, "taxes"),
        "total": sum((each.total_amount for each in made.lines), Decimal(0)),
    }  # fmt: skip
    return {name: amount_text(amount, made.currency) for name, amount in sums.items()}


def _sum(made: Quote, parts: str) -> Decimal:
    return sum((Decimal(part["amount"]) for each in made.lines for part in getattr(each, parts)), Decimal(0))
