"""Numbers, money and local time as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from omni.core.ui.words import ago_words, local_words, money_words, named_words, unit_words, zone_of, zone_words

PORTLAND = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 18, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("1234.5000"), "USD", "$1,234.50"),
        (Decimal("-3"), "USD", "\u2212$3.00"),
        (Decimal("1234"), "JPY", "¥1,234"),
        (Decimal("1.5"), "KWD", "1.500\u00a0KWD"),
        (Decimal("0"), "EUR", "€0.00"),
    ],
)
def test_money_has_as_many_decimals_as_its_currency(amount, currency, text):
    assert money_words(amount, currency=currency) == text


def test_one_unit_is_not_units():
    assert [unit_words(count) for count in (0, 1, 1200)] == ["0 units", "1 unit", "1,200 units"]


def test_the_day_is_named_once_it_was_not_today():
    moments = [NOW, NOW - timedelta(days=1), NOW - timedelta(days=400)]
    assert [local_words(when, zone=PORTLAND, now=NOW) for when in moments] == [
        "10:44",
        "Nov 22, 10:44",
        "Oct 19, 2025, 11:44",
    ]


def test_somebody_waiting_is_counted_from_the_minute():
    waits = [timedelta(seconds=40), timedelta(minutes=4), timedelta(minutes=100), timedelta(days=3)]
    assert [ago_words(NOW - wait, now=NOW) for wait in waits] == ["now", "4 min", "1 h 40", "3 d"]


def test_a_store_a_zone_and_a_name_all_give_the_clock_on_the_wall():
    store = SimpleNamespace(timezone="America/Los_Angeles")
    assert [zone_of(place) for place in (store, PORTLAND, "America/Los_Angeles")] == [PORTLAND] * 3


def test_who_reads_of_places_elsewhere_is_told_whose_clock_it_is():
    assert named_words(NOW, zone=PORTLAND, now=NOW) == "10:44 PST"
    assert named_words(NOW, zone=UTC, now=NOW) == "18:44 UTC"
    assert zone_words(NOW, zone=ZoneInfo("America/Sao_Paulo")) == "UTC-03", "a zone without a name of its own"
