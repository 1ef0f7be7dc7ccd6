"""Money of an order: exact decimals, rounded once per line to the currency's exponent."""

from decimal import Decimal

from omni.core.currencies import exponent, round_amount

__all__ = ["MAX_AMOUNT", "amount_problem", "exponent", "line_amount", "round_amount", "share"]

MAX_AMOUNT = Decimal("9999999999")


def amount_problem(amount: Decimal, currency: str) -> str | None:
    """A code for what is wrong with an amount: `not_a_number`, `negative`, `too_large`, `too_many_decimals`."""
    if not amount.is_finite():
        return "not_a_number"
    if amount < 0:
        return "negative"
    if amount > MAX_AMOUNT:
        return "too_large"
    if amount != round_amount(amount, currency):
        return "too_many_decimals"
    return None


def line_amount(*, unit_price: Decimal, quantity: int, discount: Decimal, tax: Decimal, tax_included: bool) -> Decimal:
    """What a customer pays for a line."""
    return unit_price * quantity - discount + (Decimal(0) if tax_included else tax)


def share(total: Decimal, *, before: int, units: int, of: int, currency: str) -> Decimal:
    """The part of a line's total that falls on `units` units when `before` of `of` were settled already.

    Differences of rounded running totals, so that the parts always add up to the whole.
    """
    until = round_amount(total * (before + units) / of, currency)
    return until - round_amount(total * before / of, currency)
