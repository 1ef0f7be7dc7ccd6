"""Money of an order: exact decimals, rounded once per line to the currency's exponent."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units; every other currency has two digits.
EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "ISK": 0,
    "VND": 0,
    "BHD": 3,
    "JOD": 3,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
}
MAX_AMOUNT = Decimal("9999999999")


def exponent(currency: str) -> int:
    return EXPONENTS.get(currency, 2)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """To the currency's minor unit, halves away from zero as on a receipt."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


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
