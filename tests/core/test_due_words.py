"""How a promise reads on a badge."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from omni.core.ui.due import due_words

PORTLAND = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 18, 44, tzinfo=UTC)  # Monday 10:44 at the store


@pytest.mark.parametrize(
    ("left", "text", "tone"),
    [
        (timedelta(minutes=24), "24 min", "warn"),
        (timedelta(minutes=60), "1 h 00", "warn"),
        (timedelta(minutes=60, seconds=1), "1 h 00", ""),
        (timedelta(minutes=70), "1 h 10", ""),
        (timedelta(seconds=30), "now", "warn"),
        (timedelta(seconds=-30), "now", "stop"),
        (timedelta(minutes=-14), "\u221214 min", "stop"),
        (timedelta(minutes=-14, seconds=-59), "\u221214 min", "stop"),
        (timedelta(minutes=-125), "\u22122 h 05", "stop"),
        (timedelta(days=-2), "\u22122 d", "stop"),
        (timedelta(days=1, minutes=-14), "Tue 10:30", ""),
        (timedelta(days=8), "Dec 1", ""),
    ],
)
def test_a_badge_says_what_is_left_and_how_worried_to_be(left, text, tone):
    due = due_words(NOW + left, now=NOW, zone=PORTLAND)
    assert (due.text, due.tone) == (text, tone)


def test_a_badge_shows_the_clock_on_the_wall_of_the_store():
    due = due_words(NOW + timedelta(minutes=24), now=NOW, zone=PORTLAND)
    assert (due.clock, due.iso) == ("11:08", "2026-11-23T19:08:00+00:00")


def test_due_just_after_midnight_counts_down_and_names_the_day():
    night = datetime(2026, 11, 24, 7, 50, tzinfo=UTC)  # 23:50 at the store
    due = due_words(night + timedelta(hours=2), now=night, zone=PORTLAND)
    assert (due.text, due.clock, due.counts) == ("2 h 00", "Tue 01:50", True)


def test_due_tomorrow_morning_is_named_not_counted():
    evening = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 21:00 at the store
    due = due_words(evening + timedelta(hours=11), now=evening, zone=PORTLAND)
    assert (due.text, due.counts) == ("Tue 08:00", False)
