"""Unit money adds up: for any line, any currency, any way of taking its units apart."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.core.currencies import exponent
from orders.unit_money import divide, first_units_total, total_of, unit_of, units_of

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "EUR"])


@dataclass
class Line:
    quantity: int
    unit_price_amount: Decimal
    discounts: list = field(default_factory=list)
    taxes: list = field(default_factory=list)

    def total(self, *, tax_included: bool) -> Decimal:
        off = sum((Decimal(each["amount"]) for each in self.discounts), Decimal(0))
        tax = sum((Decimal(each["amount"]) for each in self.taxes), Decimal(0))
        return self.unit_price_amount * self.quantity - off + (0 if tax_included else tax)


@st.composite
def lines(draw):
    currency = draw(CURRENCIES)
    minor = Decimal(1).scaleb(-exponent(currency))
    amounts = st.integers(0, 10**7).map(lambda n: n * minor)
    parts = st.lists(amounts.map(str), max_size=4)
    return currency, Line(
        draw(st.integers(1, 60)), draw(amounts),
        [{"code": f"D{n}", "amount": amount} for n, amount in enumerate(draw(parts))],
        [{"name": f"T{n}", "rate": "0.07", "amount": amount} for n, amount in enumerate(draw(parts))],
    )  # fmt: skip


@given(lines(), st.booleans(), st.randoms(use_true_random=False))
def test_units_add_up_to_the_line_part_by_part_and_in_any_partition(drawn, tax_included, random):
    currency, line = drawn
    how = {"currency": currency, "tax_included": tax_included}
    units = units_of(line, **how)

    assert total_of(units) == line.total(tax_included=tax_included)
    for n, part in enumerate(line.discounts):
        assert sum(unit.discounts[n].amount for unit in units) == Decimal(part["amount"])
    for n, part in enumerate(line.taxes):
        assert sum(unit.taxes[n].amount for unit in units) == Decimal(part["amount"])

    shuffled = list(range(1, line.quantity + 1))
    random.shuffle(shuffled)
    cut = random.randint(0, line.quantity)
    parts = [sum((unit_of(line, k, **how).total_amount for k in some), Decimal(0))
             for some in (shuffled[:cut], shuffled[cut:])]  # fmt: skip
    assert sum(parts) == line.total(tax_included=tax_included)


@given(lines(), st.booleans())
def test_each_amount_is_whole_minor_units_and_the_first_units_are_what_is_due(drawn, tax_included):
    currency, line = drawn
    how = {"currency": currency, "tax_included": tax_included}
    minor = Decimal(1).scaleb(-exponent(currency))
    running = Decimal(0)
    for k, unit in enumerate(units_of(line, **how), start=1):
        assert unit == unit_of(line, k, **how)
        assert unit.total_amount % minor == 0
        running += unit.total_amount
        assert first_units_total(line, k, **how) == running


@given(CURRENCIES, st.integers(0, 10**9), st.integers(1, 500))
def test_parts_differ_by_one_minor_unit_at_most(currency, minor_units, among):
    minor = Decimal(1).scaleb(-exponent(currency))
    parts = divide(minor_units * minor, among, currency)
    assert sum(parts) == minor_units * minor
    assert max(parts) - min(parts) <= minor
    assert parts == sorted(parts, reverse=True)


def test_a_dollar_in_three():
    assert divide(Decimal("1.00"), 3, "USD") == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert divide(Decimal("100"), 3, "JPY") == [34, 33, 33]
    assert divide(Decimal("0.100"), 3, "KWD") == [Decimal("0.034"), Decimal("0.033"), Decimal("0.033")]


def test_an_amount_finer_than_its_currency_loses_nothing():
    assert sum(divide(Decimal("1.0001"), 3, "USD")) == Decimal("1.0001")


@pytest.mark.parametrize("index", [0, -1, 3])
def test_units_that_a_line_does_not_have(index):
    with pytest.raises(ValueError, match="units 1 to 2"):
        unit_of(Line(2, Decimal("1.00")), index, currency="USD", tax_included=False)
