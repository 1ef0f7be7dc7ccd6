"""What a basket costs, as its order will freeze it: list prices, promotions, the taxes of each line's place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.models import Location, Price
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Basket, BasketLine, Promotion, TaxRate
from orders.operations.quote_prices import place_of
from orders.pricing import round_amount
from orders.quoting import Item, PricedItem, Rate, price

MONEY_OF = {"US": "USD", "CA": "CAD", "GB": "GBP", "IE": "EUR", "DE": "EUR", "FR": "EUR", "ES": "EUR", "NL": "EUR"}
TAX_ON_TOP = {"US", "CA"}  # where the price at the shelf does not hold the tax


@dataclass(frozen=True)
class PricedLine:
    """A line with what the shopper pays for it; without a list price it cannot be sold."""

    line: BasketLine
    priced: PricedItem | None

    @property
    def unit_price(self) -> Decimal | None:
        return self.priced.unit_price_amount if self.priced else None

    @property
    def goods(self) -> Decimal:
        return (self.unit_price or Decimal(0)) * self.line.quantity

    @property
    def discounts(self) -> list[dict[str, Any]]:
        return _decimals(self.priced.discounts) if self.priced else []

    @property
    def taxes(self) -> list[dict[str, Any]]:
        return _decimals(self.priced.taxes) if self.priced else []

    @property
    def off(self) -> Decimal:
        return sum((each["amount"] for each in self.discounts), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((each["amount"] for each in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.priced.total_amount if self.priced else Decimal(0)


@dataclass(frozen=True)
class Priced:
    """A basket's lines and their sums, in the money of its store."""

    currency: str
    tax_included: bool
    lines: Sequence[PricedLine] = field(default=())

    @property
    def goods(self) -> Decimal:
        return sum((each.goods for each in self.lines), Decimal(0))

    @property
    def off(self) -> Decimal:
        return sum((each.off for each in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((each.tax for each in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return sum((each.total for each in self.lines), Decimal(0))

    @property
    def unpriced(self) -> list[BasketLine]:
        return [each.line for each in self.lines if each.priced is None]


def currency_of(location: Location) -> str:
    """The money of the country, where orders are taken in it; else the first that they are taken in."""
    accepted = setting(preferences.CURRENCIES).split(",")
    own = MONEY_OF.get(location.country, "")
    return own if own in accepted else accepted[0]


def priced(basket: Basket, lines: Sequence[BasketLine], *, now: datetime) -> Priced:
    """Prices of these lines, which come with variant, product and location. Two queries, and one for the taxes of each
    place to which something goes."""
    currency, included = currency_of(basket.location), basket.location.country not in TAX_ON_TOP
    rows = Price.objects.filter(variant__in=[line.variant_id for line in lines], currency=currency)
    amounts = {variant: round_amount(amount, currency) for variant, amount in rows.values_list("variant_id", "amount")}
    offers = [each.offer for each in Promotion.objects.holding(currency=currency, codes=(), now=now)] if lines else []
    rates: dict[tuple, Sequence[Rate]] = {}
    found = []
    for line in lines:
        amount = amounts.get(line.variant_id)
        if amount is None:
            found.append(PricedLine(line, None))
            continue
        place = _taxed_at(basket, line)
        key = tuple(sorted(place.items()))
        if key not in rates:
            rates[key] = TaxRate.objects.at(**place)
        variant = line.variant
        item = Item(
            str(line.position), variant.sku, variant.product.category, variant.tax_category, line.quantity, amount
        )
        (one,) = price([item], offers=offers, rates=rates[key], currency=currency, tax_included=included)
        found.append(PricedLine(line, one))
    return Priced(currency, included, found)


def _taxed_at(basket: Basket, line: BasketLine) -> dict[str, str]:
    """Where the shopper gets it: the store, or the address, and the selling store as long as that is not known."""
    if line.location is not None:
        return place_of(line.location)
    address = basket.shipping_address
    if not address:
        return place_of(basket.location)
    return {name: str(address.get(name, "")) for name in ("country", "region", "postal_code")}


def _decimals(parts: Sequence[Any]) -> list[dict[str, Any]]:
    return [{**part, "amount": Decimal(part["amount"])} for part in parts]
