"""Promises in a store's own hours and zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from inventory.hours import MOST_KNOWN_DAYS, Schedule, week_problems

CHICAGO = ZoneInfo("America/Chicago")
WEEK = {day: [["10:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}  # closed on Sundays
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Chicago; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("ordered", "ready"),
    [
        (at(20, 12), at(20, 13)),
        (at(20, 8), at(20, 11)),  # before opening
        (at(20, 20), at(20, 21)),  # ready at the last minute
        (at(20, 20, 1), at(21, 11)),  # would not be ready before closing
        (at(21, 22), at(23, 11)),  # Saturday evening, closed on Sunday: Monday, at opening plus preparation
        (at(22, 12), at(23, 11)),
    ],
)
def test_ready_by_counts_open_hours(ordered, ready):
    assert Schedule(WEEK, "America/Chicago").ready_by(ordered.astimezone(UTC), HOUR) == ready


def test_an_order_after_the_last_order_time_counts_from_the_next_open_day():
    schedule = Schedule(WEEK, "America/Chicago", last_order_at=time(18))
    assert schedule.ready_by(at(20, 17, 59), HOUR) == at(20, 18, 59)
    assert schedule.ready_by(at(20, 18), HOUR) == at(21, 11)
    assert schedule.ready_by(at(21, 18, 30), HOUR) == at(23, 11)


def test_closures_move_the_promise():
    schedule = Schedule(WEEK, "America/Chicago", closed=[(date(2026, 11, 23), date(2026, 11, 24))])
    assert schedule.ready_by(at(21, 22), HOUR) == at(25, 11)
    assert not schedule.is_open(at(23, 12))


def test_a_location_that_never_opens_promises_nothing():
    assert Schedule({}, "America/Chicago").ready_by(at(20, 12), HOUR) is None
    assert Schedule({}, "America/Chicago").open_days_after(at(20, 12), 5) is None


def test_preparation_longer_than_the_day_starts_at_opening():
    assert Schedule(WEEK, "America/Chicago").ready_by(at(20, 12), timedelta(hours=12)) == at(21, 22)


def test_local_days_are_of_the_location():
    moment = datetime(2026, 11, 21, 3, tzinfo=UTC)  # still Friday evening in Chicago
    assert Schedule(WEEK, "America/Chicago").local_day(moment) == date(2026, 11, 20)


def test_the_clock_change_keeps_wall_clock_hours():
    schedule = Schedule(WEEK, "America/Chicago")
    before = datetime(2026, 10, 31, 12, tzinfo=CHICAGO)  # the clocks go back on November 1
    (span,) = schedule.spans(date(2026, 10, 31))
    (after,) = schedule.spans(date(2026, 11, 2))
    assert (span[0].hour, after[0].hour) == (15, 16)
    assert schedule.ready_by(before + timedelta(hours=12), HOUR) == datetime(2026, 11, 2, 11, tzinfo=CHICAGO)


def test_collection_ends_with_the_fifth_open_day():
    assert Schedule(WEEK, "America/Chicago").open_days_after(at(20, 12), 5) == at(26, 21)


def test_a_store_open_until_midnight():
    schedule = Schedule({"fri": [["18:00", "24:00"]], "sat": [["00:00", "02:00"]]}, "America/Chicago")
    assert schedule.is_open(at(20, 23, 59))
    assert schedule.is_open(at(21, 0, 0))
    assert schedule.opens_at(at(20, 12)) == at(20, 18)


@pytest.mark.parametrize(
    "week",
    [
        [], {"mo": []}, {"mon": "10-21"}, {"mon": [["10:00"]]}, {"mon": [["21:00", "10:00"]]},
        {"mon": [["9:00", "10:00"]]},
        {"mon": [["10:00", "25:00"]]}, {"mon": [["10:00", "14:00"], ["13:00", "18:00"]]}, {"mon": [[10, 21]]},
    ],
)  # fmt: skip
def test_unsound_hours_are_named(week):
    assert week_problems(week)


def test_sound_hours_pass():
    assert week_problems({"mon": [["09:00", "12:00"], ["13:00", "24:00"]], "sun": []}) is None


def test_a_store_that_is_open_around_the_clock_does_not_start_anew_at_midnight():
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    late = {**always, "sat": [["02:00", "24:00"]]}
    assert Schedule(always, "America/Chicago").ready_by(at(20, 23, 30), HOUR) == at(21, 0, 30)
    assert Schedule(late, "America/Chicago").ready_by(at(20, 23, 30), HOUR) == at(21, 3)


def test_a_schedule_that_is_asked_for_a_year_knows_few_days():
    schedule = Schedule({"mon": [["10:00", "18:00"]]}, "America/Chicago")
    first = date(2026, 1, 5)
    asked = [schedule.spans(first + timedelta(days=n)) for n in range(365)]
    assert [n for n, spans in enumerate(asked) if spans] == list(range(0, 365, 7))
    assert len(schedule._known) <= MOST_KNOWN_DAYS + 1
