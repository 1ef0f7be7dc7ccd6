"""How many decimals a currency has, and how an amount of it is written for machines."""

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


def exponent(currency: str) -> int:
    """Digits after the point."""
    return EXPONENTS.get(currency, 2)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """To the currency's minor unit, halves away from zero as on a receipt."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)


def amount_text(amount: Decimal | int, currency: str) -> str:
    """`19.99` for dollars, `1999` for yen."""
    return f"{round_amount(Decimal(amount), currency):f}"
