from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import amount_problem, round_amount, share


@pytest.mark.parametrize(
    ("amount", "currency", "problem"),
    [
        ("19.99", "USD", None), ("19.999", "USD", "too_many_decimals"), ("1e11", "USD", "too_large"),
        ("1999", "JPY", None), ("19.9", "JPY", "too_many_decimals"), ("-1", "USD", "negative"),
        ("NaN", "USD", "not_a_number"), ("Infinity", "USD", "not_a_number"),
        ("1.005", "KWD", None),
    ],
)  # fmt: skip
def test_amounts_fit_their_currency(amount, currency, problem):
    assert amount_problem(Decimal(amount), currency) == problem


def test_halves_round_away_from_zero():
    assert round_amount(Decimal("0.125"), "USD") == Decimal("0.13")


@given(st.integers(0, 10**7), st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_parts_of_a_line_add_up_to_the_whole(cents, parts):
    total, units = Decimal(cents) / 100, sum(parts)
    settled, paid = 0, Decimal(0)
    for part in parts:
        paid += share(total, before=settled, units=part, of=units, currency="USD")
        settled += part
    assert paid == total
