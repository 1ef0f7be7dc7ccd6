"""What an order looks like when it comes in."""

import re
from decimal import Decimal
from typing import Any

from django.core.validators import EmailValidator, RegexValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.serializers import ListSerializer

from omni.core.api import (
    MetadataField,
    MoneyField,
    OffsetDateTimeField,
    StrictBoolean,
    StrictChar,
    StrictInteger,
    StrictSerializer,
)
from omni.core.channels import Channel
from orders.api.serializers import examples
from orders.models import HandOver, Order
from orders.operations.age_check import AgeCheck
from orders.operations.check_request import MAX_LINES, MAX_QUANTITY
from orders.operations.request import Contact, LineRequest, OrderRequest, PaymentRequest
from orders.operations.serials import MAX_SERIAL

METHODS = ["pickup", "ship", "carry_out"]
RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,8})?")


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,10}(\\.[0-9]{1,4})?$", "example": "19.99"})
class PriceField(MoneyField):
    """An amount of zero or more."""


@extend_schema_field({"type": "string", "pattern": f"^{RATE.pattern}$", "example": "0.06875"})
class RateField(StrictChar):
    """A share as a decimal text; kept and returned, never computed with."""

    default_error_messages = {"not_a_rate": _('A rate is a decimal text such as "0.06875".')}

    def to_internal_value(self, data: Any) -> str:
        """The text."""
        text = super().to_internal_value(data)
        if not RATE.fullmatch(text):
            self.fail("not_a_rate")
        return text


class CustomerBody(StrictSerializer):
    """Who buys; all of it optional."""

    external_id = StrictChar(max_length=100, required=False)
    name = StrictChar(max_length=200, required=False, allow_blank=True, default="")
    email = StrictChar(max_length=254, required=False, allow_blank=True, default="", validators=[EmailValidator()])
    phone = StrictChar(max_length=30, required=False, allow_blank=True, default="")


class DiscountBody(StrictSerializer):
    """What is taken off a line, in all its units."""

    code = StrictChar(max_length=60)
    amount = PriceField()


class TaxBody(StrictSerializer):
    """One tax, in all units of a line."""

    name = StrictChar(max_length=60)
    rate = RateField(max_length=12, required=False)
    amount = PriceField()


class FulfillmentBody(StrictSerializer):
    """How the customer gets it."""

    method = serializers.ChoiceField(choices=METHODS, help_text="carry_out leaves its store's shelf at once.")
    location = StrictChar(
        max_length=40, required=False, help_text="The code of the store where it is picked up or carried out."
    )
    service = StrictChar(max_length=20, required=False, allow_blank=True, default="")
    deliver_by = OffsetDateTimeField(required=False, allow_null=True, default=None)


class LineBody(StrictSerializer):
    """Units of one item."""

    reference = StrictChar(max_length=100, help_text="Unique within the order.")
    sku = StrictChar(max_length=64)
    quantity = StrictInteger(min_value=1, max_value=MAX_QUANTITY)
    unit_price = PriceField(required=False, help_text="Without it the catalog's price in the order's currency.")
    discounts: ListSerializer[Any] = ListSerializer(child=DiscountBody(), required=False, max_length=50)
    taxes: ListSerializer[Any] = ListSerializer(child=TaxBody(), required=False, max_length=50)
    gift_message = StrictChar(max_length=500, required=False, allow_blank=True, default="")
    selling_location = StrictChar(max_length=40, required=False, help_text="The code of the store that sold it.")
    associate = StrictChar(max_length=150, required=False, help_text="Who sold it: the user name.")
    serials = serializers.ListField(
        child=StrictChar(max_length=MAX_SERIAL), required=False, max_length=MAX_QUANTITY,
        help_text="Of the pieces of a serial-tracked item that is carried out, one for each unit; of a kit by part.",
    )  # fmt: skip
    fulfillment = FulfillmentBody()

    @staticmethod
    def asked(line: dict[str, Any]) -> LineRequest:
        """The accepted line as plain values."""
        plain = {name: value for name, value in line.items() if name != "fulfillment"}
        return LineRequest(**plain, **line["fulfillment"])


class AddressBody(StrictSerializer):
    """Where parcels go."""

    name = StrictChar(max_length=200, required=False, allow_blank=True, default="")
    line1 = StrictChar(max_length=200)
    line2 = StrictChar(max_length=200, required=False, allow_blank=True, default="")
    city = StrictChar(max_length=100)
    region = StrictChar(max_length=50, required=False, allow_blank=True, default="")
    postal_code = StrictChar(max_length=20, required=False, allow_blank=True, default="")
    country = StrictChar(min_length=2, max_length=2, help_text="ISO 3166-1 alpha-2.")


class CollectorBody(StrictSerializer):
    """Who comes for it, when somebody else than the customer."""

    name = StrictChar(max_length=200)


class AgeCheckBody(StrictSerializer):
    """Somebody looked at an ID; its date of birth is kept nowhere."""

    over = StrictInteger(min_value=1, max_value=120, help_text="The age that was checked.")
    how = serializers.ChoiceField(choices=HandOver.Age.choices)


class PaymentBody(StrictSerializer):
    """A tender at the payment provider; never a card number."""

    method = StrictChar(max_length=40)
    reference = StrictChar(max_length=200, help_text="The provider's; a card number is refused.")
    amount = PriceField()
    status = serializers.ChoiceField(choices=["authorized", "captured"], default="authorized")
    brand = StrictChar(max_length=30, required=False, allow_blank=True, default="", help_text="Of the card: Visa.")
    last4 = StrictChar(
        max_length=4, required=False, allow_blank=True, default="", help_text="Of the card, for the return desk.",
        validators=[RegexValidator(r"^([0-9]{4})?$", _("Four digits."))],
    )  # fmt: skip


@extend_schema_serializer(
    examples=[
        OpenApiExample("Pickup and ship", value=examples.ORDER_REQUEST, request_only=True),
        OpenApiExample("Pickup, as little as possible", value=examples.SMALL_ORDER_REQUEST, request_only=True),
    ]
)
class OrderBody(StrictSerializer):
    """An order of any channel."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    channel_reference = StrictChar(max_length=100, help_text="The channel's own number; one order for each.")
    currency = StrictChar(min_length=3, max_length=3)
    customer = CustomerBody(required=False)
    lines: ListSerializer[Any] = ListSerializer(child=LineBody(), min_length=1, max_length=MAX_LINES)
    shipping_charge = PriceField(required=False)
    shipping_taxes: ListSerializer[Any] = ListSerializer(child=TaxBody(), required=False, max_length=50)
    shipping_address = AddressBody(required=False, allow_null=True, help_text="Needed where a line is shipped.")
    collector = CollectorBody(required=False)
    payments: ListSerializer[Any] = ListSerializer(child=PaymentBody(), required=False, max_length=20)
    prices_include_tax = StrictBoolean(required=False, default=False)
    tags = serializers.ListField(child=StrictChar(max_length=60), required=False, max_length=50)
    metadata = MetadataField(required=False)
    on_shortage = serializers.ChoiceField(choices=Order.OnShortage.choices, default=Order.OnShortage.REFUSE)
    age_check = AgeCheckBody(required=False, help_text="Needed where an age-restricted item is carried out.")
    hold = serializers.UUIDField(required=False, help_text="The cart's hold; its units become the order's.")
    quote = StrictChar(
        max_length=100, required=False,
        help_text="The id of a price quote: its prices, discounts and taxes hold, line by line, by reference.",
    )  # fmt: skip

    @staticmethod
    def asked(said: dict[str, Any]) -> OrderRequest:
        """The accepted body as plain values."""
        hold = said.get("hold")
        return OrderRequest(
            channel=said["channel"], channel_reference=said["channel_reference"], currency=said["currency"],
            lines=[LineBody.asked(line) for line in said["lines"]], contact=Contact(**said.get("customer", {})),
            collector_name=said.get("collector", {}).get("name", ""), shipping_address=said.get("shipping_address"),
            shipping_charge=said.get("shipping_charge", Decimal(0)), shipping_taxes=said.get("shipping_taxes", ()),
            payments=[PaymentRequest(**payment) for payment in said.get("payments", ())], tags=said.get("tags", ()),
            metadata=said.get("metadata", {}), on_shortage=said["on_shortage"],
            prices_include_tax=said["prices_include_tax"], hold_id=str(hold) if hold else None,
            quote_id=said.get("quote", ""),
            age_check=AgeCheck(**said["age_check"]) if "age_check" in said else None,
        )  # fmt: skip
