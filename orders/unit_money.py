"""The money of one unit of a line: list price, its share of each discount and each tax, frozen with the line.

Every part is divided by largest remainder: each unit gets the whole minor units that fall on it, and what is left goes,
one minor unit each, to the first units. All remainders of one part are equal, so the order of the units decides. The
units of a line therefore always add up to the line, part by part, in every currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Protocol

from omni.core.currencies import exponent


@dataclass(frozen=True)
class Part:
    """A discount (`name` is its code) or a tax, with what of it falls on the unit."""

    name: str
    amount: Decimal
    rate: str = ""


@dataclass(frozen=True)
class UnitMoney:
    """What the customer paid for one unit, and of what it is made."""

    list_amount: Decimal
    discounts: tuple[Part, ...]
    taxes: tuple[Part, ...]
    tax_included: bool

    @property
    def discount_amount(self) -> Decimal:
        return sum((part.amount for part in self.discounts), Decimal(0))

    @property
    def tax_amount(self) -> Decimal:
        return sum((part.amount for part in self.taxes), Decimal(0))

    @property
    def total_amount(self) -> Decimal:
        """Tax included, however prices are shown."""
        return self.list_amount - self.discount_amount + (Decimal(0) if self.tax_included else self.tax_amount)


class PricedLine(Protocol):
    """Whatever has the frozen price of an order line."""

    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_amount(self) -> Decimal: ...
    @property
    def discounts(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def taxes(self) -> Sequence[Mapping[str, Any]]: ...


def units_of(line: PricedLine, *, currency: str, tax_included: bool) -> list[UnitMoney]:
    """Every unit of the line, unit 1 first."""
    discounts = [_parted(each, "code", line.quantity, currency) for each in line.discounts]
    taxes = [_parted(each, "name", line.quantity, currency) for each in line.taxes]
    return [
        UnitMoney(
            list_amount=line.unit_price_amount, discounts=tuple(parts[n] for parts in discounts),
            taxes=tuple(parts[n] for parts in taxes), tax_included=tax_included,
        )
        for n in range(line.quantity)
    ]  # fmt: skip


def unit_of(line: PricedLine, index: int, *, currency: str, tax_included: bool) -> UnitMoney:
    """Unit `index`, counted from 1 to the line's quantity; raises ValueError for any other."""
    if not 1 <= index <= line.quantity:
        raise ValueError(f"The line has units 1 to {line.quantity}, not {index}.")
    return UnitMoney(
        list_amount=line.unit_price_amount,
        discounts=tuple(_on_unit(each, "code", index, line.quantity, currency) for each in line.discounts),
        taxes=tuple(_on_unit(each, "name", index, line.quantity, currency) for each in line.taxes),
        tax_included=tax_included,
    )


def alike(line: PricedLine, *, currency: str, tax_included: bool) -> list[tuple[int, UnitMoney]]:
    """Units of the same money together: (how many, one of them), from unit 1 on; a handful, however long the line."""
    turns = {0, line.quantity}
    for part in (*line.discounts, *line.taxes):
        _each, larger, _minor = _division(Decimal(part["amount"]), line.quantity, currency)
        turns.add(larger)
    ends = sorted(turns)
    how = {"currency": currency, "tax_included": tax_included}
    return [
        (until - start, unit_of(line, start + 1, **how))  # type: ignore[arg-type]
        for start, until in pairwise(ends)
    ]


def first_units_total(line: PricedLine, units: int, *, currency: str, tax_included: bool) -> Decimal:
    """What the first `units` units cost together: what is due once so many have left."""
    total = line.unit_price_amount * units
    total -= sum((_first(each, units, line.quantity, currency) for each in line.discounts), Decimal(0))
    if not tax_included:
        total += sum((_first(each, units, line.quantity, currency) for each in line.taxes), Decimal(0))
    return total


def divide(amount: Decimal, among: int, currency: str) -> list[Decimal]:
    """`amount` in `among` parts that differ by one minor unit at most, the larger ones first."""
    each, larger, minor = _division(amount, among, currency)
    return [(each + (n < larger)) * minor for n in range(among)]


def total_of(units: Iterable[UnitMoney]) -> Decimal:
    """What these units cost together."""
    return sum((unit.total_amount for unit in units), Decimal(0))


def _division(amount: Decimal, among: int, currency: str) -> tuple[int, int, Decimal]:
    """Minor units for each, how many get one more, and the minor unit; an amount that is finer than its currency (an
    import may bring one) is divided in its own last digit, so that nothing is lost."""
    digits = int(amount.normalize().as_tuple().exponent)
    minor = Decimal(1).scaleb(-max(exponent(currency), -digits))
    each, larger = divmod(int(amount / minor), among)
    return each, larger, minor


def _parted(part: Mapping[str, Any], name: str, among: int, currency: str) -> list[Part]:
    amounts = divide(Decimal(part["amount"]), among, currency)
    return [Part(part[name], amount, part.get("rate", "")) for amount in amounts]


def _on_unit(part: Mapping[str, Any], name: str, index: int, among: int, currency: str) -> Part:
    each, larger, minor = _division(Decimal(part["amount"]), among, currency)
    return Part(part[name], (each + (index <= larger)) * minor, part.get("rate", ""))


def _first(part: Mapping[str, Any], units: int, among: int, currency: str) -> Decimal:
    each, larger, minor = _division(Decimal(part["amount"]), among, currency)
    return (each * units + min(units, larger)) * minor
