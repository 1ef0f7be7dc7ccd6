"""What each part of a kit costs: the kit's price, discounts and taxes, shared out to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal


@dataclass(frozen=True)
class Part:
    """So many units of something in each kit; `weight` is what one of them is worth beside the others."""

    key: str
    units: int
    weight: Decimal


@dataclass(frozen=True)
class Priced:
    """Units in each kit at one price."""

    key: str
    units: int
    unit_price: Decimal


def unit_prices(total: Decimal, parts: Sequence[Part], *, cent: Decimal) -> list[Priced]:
    """Prices in whole cents that add up to `total`, a whole number of them.

    What rounding leaves lands on the part with the fewest units; where it does not divide, some of its units cost one
    cent more than the others and that part comes twice.
    """
    scarce = min(range(len(parts)), key=lambda n: (parts[n].units, -n))
    whole = sum((part.weight * part.units for part in parts), Decimal(0))
    weights = [part.weight if whole else Decimal(1) for part in parts]
    whole = whole or Decimal(sum(part.units for part in parts))
    left = int(total / cent)
    cents: dict[int, int] = {}
    for n, part in enumerate(parts):
        if n != scarce:
            fair = int((total * weights[n] / whole / cent).quantize(Decimal(1), ROUND_HALF_EVEN))
            cents[n] = min(fair, left // part.units)
            left -= cents[n] * part.units
    priced = []
    for n, part in enumerate(parts):
        each, dearer = (cents[n], 0) if n != scarce else divmod(left, part.units)
        if part.units > dearer:
            priced.append(Priced(part.key, part.units - dearer, each * cent))
        if dearer:
            priced.append(Priced(part.key, dearer, (each + 1) * cent))
    return priced


def shares(amount: Decimal, values: Sequence[Decimal], *, cent: Decimal) -> list[Decimal]:
    """`amount` over lines of these values, in whole cents that add up to it."""
    whole = sum(values, Decimal(0))
    weights = list(values) if whole else [Decimal(1)] * len(values)
    whole = whole or Decimal(len(values))
    given, seen, found = Decimal(0), Decimal(0), []
    for weight in weights:
        seen += weight
        until = (amount * seen / whole / cent).quantize(Decimal(1), ROUND_HALF_EVEN) * cent
        found.append(until - given)
        given = until
    return found
