"""What a basket costs, as its order will freeze it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from inventory.models import Price
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Basket, BasketLine
from orders.pricing import round_amount


@dataclass(frozen=True)
class PricedLine:
    """A line with its unit price; None where the catalog has none, and it cannot be sold."""

    line: BasketLine
    unit_price: Decimal | None
    total: Decimal


@dataclass(frozen=True)
class Priced:
    """A basket's lines and their sum, in the currency in which this store sells."""

    currency: str
    lines: Sequence[PricedLine] = field(default=())

    @property
    def total(self) -> Decimal:
        return sum((each.total for each in self.lines), Decimal(0))

    @property
    def unpriced(self) -> list[BasketLine]:
        return [each.line for each in self.lines if each.unit_price is None]


def currency_of(basket: Basket | None = None) -> str:
    """The currency of the shop's counters: the first that orders are taken in."""
    return setting(preferences.CURRENCIES).split(",")[0]


def priced(basket: Basket, lines: Sequence[BasketLine]) -> Priced:
    """The catalog's prices of these lines; one query."""
    currency = currency_of(basket)
    rows = Price.objects.filter(variant__in=[line.variant_id for line in lines], currency=currency)
    prices = {variant: round_amount(amount, currency) for variant, amount in rows.values_list("variant_id", "amount")}
    return Priced(currency, [_line(line, prices.get(line.variant_id)) for line in lines])


def _line(line: BasketLine, price: Decimal | None) -> PricedLine:
    return PricedLine(line, price, (price or Decimal(0)) * line.quantity)
