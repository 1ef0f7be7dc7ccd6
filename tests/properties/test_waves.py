"""Whatever a store's hours, waves and minutes: work comes early enough for a second store, never before its time."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from inventory.departures import next_departure
from inventory.hours import DAYS, Schedule
from orders.waves import MARGIN, SHORTEST_OFFER, Rhythm, latest_release, offer_until, release_time, waves

START = datetime(2026, 3, 1, tzinfo=UTC)  # the clock of the zone below springs forward a week later
ZONE = "America/Chicago"
MINUTE = timedelta(minutes=1)


@st.composite
def schedules(draw) -> Schedule:
    week = {}
    for day in DAYS:
        marks = sorted(draw(st.sets(st.integers(0, 47), min_size=0, max_size=4)))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        week[day] = [[f"{a // 2:02}:{a % 2 * 30:02}", f"{b // 2:02}:{b % 2 * 30:02}"] for a, b in pairs]
    assume(any(week.values()))
    closed = [(date(2026, 3, d), date(2026, 3, d)) for d in draw(st.sets(st.integers(1, 20), max_size=3))]
    return Schedule(week, ZONE, closed)


@st.composite
def rhythms(draw) -> Rhythm:
    hours = st.integers(0, 23).map(time)
    times = draw(st.one_of(st.just(()), st.lists(hours, min_size=1, max_size=4, unique=True).map(tuple)))
    every = draw(st.integers(10, 240)) * MINUTE
    return Rhythm(draw(schedules()), tuple(sorted(times)), every, draw(st.integers(5, 120)) * MINUTE)


moments = st.integers(0, 14 * 24 * 60).map(lambda n: START + n * MINUTE)
lengths = st.integers(1, 600).map(lambda n: n * MINUTE)


@given(schedules(), moments, lengths)
def test_open_time_goes_forth_and_back(schedule, now, length):
    then = schedule.after(now, length)
    assume(then is not None)
    assert schedule.open_time(now, then) == length
    begin = schedule.before(then, length)
    assert begin >= now
    assert schedule.open_time(begin, then) == length


@given(schedules(), moments, lengths, st.integers(0, 23).map(time))
def test_a_carrier_comes_while_somebody_is_there_and_leaves_time_for_the_work(schedule, now, work, cut_off):
    departure = next_departure(schedule, cut_off=cut_off, work=work, ready_at=now)
    assume(departure is not None)
    assert now <= departure.begin_by < departure.leaves_at
    assert schedule.open_time(departure.begin_by, departure.leaves_at) == work
    day = schedule.local_day(departure.leaves_at - MINUTE)
    assert any(opens < departure.leaves_at <= closes for opens, closes in schedule.spans(day))
    assert departure.leaves_at <= schedule.at(day, cut_off)


@given(schedules(), moments, lengths, st.integers(0, 23).map(time))
def test_an_earlier_order_never_leaves_later(schedule, now, work, cut_off):
    def leaves(at):
        return next_departure(schedule, cut_off=cut_off, work=work, ready_at=at)

    one, two = leaves(now), leaves(now + timedelta(hours=3))
    assume(one and two)
    assert one.leaves_at <= two.leaves_at


@given(rhythms(), moments, st.integers(0, 600), st.integers(0, 4000))
def test_work_is_released_in_time_for_a_second_store(rhythm, now, grace, left):
    earliest, begin_by = now + grace * MINUTE, now + left * MINUTE
    at = release_time(rhythm, now=now, earliest=earliest, begin_by=begin_by)
    latest = latest_release(rhythm, begin_by)
    assert at >= now
    if earliest <= latest:
        assert earliest <= at <= latest
        assert at == earliest or at in list(waves(rhythm, earliest, latest))
    else:
        assert at == max(now, latest)  # late: at once, or just in time
    if at <= latest and rhythm.schedule.before(begin_by, 2 * rhythm.offer) is not None:
        first_ends = offer_until(rhythm, now=at, begin_by=begin_by)
        assert rhythm.schedule.open_time(first_ends, begin_by) >= rhythm.offer


@given(rhythms(), moments, st.integers(0, 4000))
def test_an_offer_takes_open_minutes_and_leaves_half_to_the_next(rhythm, now, left):
    begin_by = now + left * MINUTE
    until = offer_until(rhythm, now=now, begin_by=begin_by)
    there = rhythm.schedule.open_time(now, begin_by)
    taken = rhythm.schedule.open_time(now, until)
    assert taken <= rhythm.offer
    if there >= MARGIN:
        assert taken <= there / 2
    else:
        assert taken <= max(there, SHORTEST_OFFER)


@given(rhythms(), moments)
def test_waves_begin_while_the_store_is_open_and_in_order(rhythm, now):
    found = list(waves(rhythm, now, now + timedelta(days=3)))
    assert found == sorted(set(found))
    assert all(rhythm.schedule.is_open(wave) for wave in found)
