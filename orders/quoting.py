"""What a cart costs: list price, the best promotion per line, taxes. Pure; the same on every channel.

Per line one promotion holds, the one that takes most off (on a tie the one with the smaller code); a discount never
exceeds the line. Taxes are computed on what is left and rounded once per line and tax, half away from zero; where
prices include tax, the tax inside is told instead of added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from omni.core.currencies import round_amount


@dataclass(frozen=True)
class Item:
    """One line of a cart with its list price."""

    reference: str
    sku: str
    category: str
    tax_category: str
    quantity: int
    unit_price_amount: Decimal


@dataclass(frozen=True)
class Offer:
    """A promotion that holds now: percent of the price, or an amount off each unit."""

    code: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    skus: frozenset[str] = frozenset()
    category: str = ""

    def covers(self, item: Item) -> bool:
        """True for its SKUs, or its category and all below; without either, for everything."""
        if self.skus or self.category:
            inside = self.category and (
                item.category == self.category or item.category.startswith(f"{self.category} > ")
            )
            return item.sku in self.skus or bool(inside)
        return True

    def off(self, item: Item, currency: str) -> Decimal:
        """What it takes off the line, never more than the line."""
        whole = item.unit_price_amount * item.quantity
        if self.percent is not None:
            return min(whole, round_amount(whole * self.percent / 100, currency))
        return min(whole, (self.amount or Decimal(0)) * item.quantity)


@dataclass(frozen=True)
class Rate:
    """One tax at the customer's place; `rate` is a share, such as 0.06875. Empty `category`: for every item."""

    name: str
    rate: Decimal
    category: str = ""

    @property
    def text(self) -> str:
        """As orders keep it."""
        return f"{self.rate.normalize():f}"


@dataclass(frozen=True)
class PricedItem:
    """The line as an order takes it; has the shape of `unit_money.PricedLine`."""

    item: Item
    discounts: tuple[dict[str, str], ...]
    taxes: tuple[dict[str, str], ...]
    total_amount: Decimal

    @property
    def quantity(self) -> int:
        return self.item.quantity

    @property
    def unit_price_amount(self) -> Decimal:
        return self.item.unit_price_amount


def price(
    items: Iterable[Item], *, offers: Sequence[Offer], rates: Sequence[Rate], currency: str, tax_included: bool
) -> list[PricedItem]:
    """Every line priced by itself: what else is in the cart changes nothing."""
    return [_priced(item, offers, rates, currency, tax_included) for item in items]


def _priced(
    item: Item, offers: Sequence[Offer], rates: Sequence[Rate], currency: str, tax_included: bool
) -> PricedItem:
    best = _best(item, offers, currency)
    off = best.off(item, currency) if best else Decimal(0)
    left = item.unit_price_amount * item.quantity - off
    theirs = [rate for rate in rates if rate.category in ("", item.tax_category)]
    taxes = _taxes(left, theirs, currency, tax_included)
    added = Decimal(0) if tax_included else sum((Decimal(tax["amount"]) for tax in taxes), Decimal(0))
    discounts = ({"code": best.code, "amount": str(off)},) if best else ()
    return PricedItem(item, discounts, taxes, left + added)


def _best(item: Item, offers: Sequence[Offer], currency: str) -> Offer | None:
    helping = [(offer.off(item, currency), offer) for offer in offers if offer.covers(item)]
    helping = [(off, offer) for off, offer in helping if off > 0]
    return min(helping, key=lambda each: (-each[0], each[1].code))[1] if helping else None


def _taxes(left: Decimal, rates: Sequence[Rate], currency: str, tax_included: bool) -> tuple[dict[str, str], ...]:
    net = left / (1 + sum((rate.rate for rate in rates), Decimal(0))) if tax_included else left
    return tuple(
        {"name": rate.name, "rate": rate.text, "amount": str(round_amount(net * rate.rate, currency))} for rate in rates
    )
