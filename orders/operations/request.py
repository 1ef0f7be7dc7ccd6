"""What an order asks for, as plain values: the door has checked shapes, `place` checks the world."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.operations.age_check import AgeCheck


@dataclass(frozen=True)
class Contact:
    external_id: str | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class LineRequest:
    reference: str
    sku: str
    quantity: int
    method: str
    location: str | None = None
    unit_price: Decimal | None = None
    discounts: Sequence[dict[str, Any]] = ()
    taxes: Sequence[dict[str, Any]] = ()
    service: str = ""
    deliver_by: datetime | None = None
    gift_message: str = ""
    selling_location: str | None = None
    associate: str | None = None
    serials: Sequence[str] = ()  # of the pieces that are carried out
    kit: str = ""  # the reference of the kit that it is a part of, and its units in each
    kit_units: int = 0


@dataclass(frozen=True)
class PaymentRequest:
    method: str
    reference: str
    amount: Decimal
    status: str = "authorized"
    brand: str = ""
    last4: str = ""
    intent_key: str = ""  # of a payment that was approved before the order: it becomes this tender


@dataclass(frozen=True)
class OrderRequest:
    channel: str
    channel_reference: str
    currency: str
    lines: Sequence[LineRequest]
    contact: Contact = field(default_factory=Contact)
    collector_name: str = ""
    shipping_address: dict[str, Any] | None = None
    shipping_charge: Decimal = Decimal(0)
    shipping_taxes: Sequence[dict[str, Any]] = ()
    payments: Sequence[PaymentRequest] = ()
    tags: Sequence[str] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    on_shortage: str = "refuse"
    prices_include_tax: bool = False
    hold_id: str | None = None
    hold_owner: str = ""  # whose the hold is, when not the caller's
    quote_id: str = ""
    age_check: AgeCheck | None = None  # of whoever carries something out
