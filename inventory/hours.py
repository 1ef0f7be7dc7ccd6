"""Opening hours: pure arithmetic on a location's week, closures and time zone.

A week is {"mon": [["10:00", "21:00"]], ...}; a missing or empty day is closed. Times are wall-clock times of the
location; a span that ends at "24:00" runs to midnight. Results are aware datetimes in UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS = 60  # a location closed for longer than this promises nothing
MOST_KNOWN_DAYS = 2 * HORIZON_DAYS  # worked out before; schedules that processes share live long

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Schedule:
    """When one location works: its week, the dates on which it is closed, its zone and its last-order time."""

    week: Mapping[str, Sequence[Sequence[str]]]
    zone: str
    closed: Sequence[tuple[date, date]] = ()
    last_order_at: time | None = None
    _known: dict[date, list[Span]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def spans(self, day: date) -> list[Span]:
        """Opening spans of a local day, in UTC, earliest first; empty when closed."""
        spans = self._known.get(day)  # one question about a carrier asks several times for the same day
        if spans is None:
            if len(self._known) > MOST_KNOWN_DAYS:
                self._known.clear()
            spans = self._known[day] = self._spans(day)
        return spans

    def _spans(self, day: date) -> list[Span]:
        if any(first <= day <= last for first, last in self.closed):
            return []
        return [
            (self._moment(day, start), self._moment(day, end)) for start, end in self.week.get(DAYS[day.weekday()], ())
        ]

    def is_open(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self.spans(self.local_day(now)))

    def opens_today(self, now: datetime) -> bool:
        """Whether it is open at any time of its local day."""
        return bool(self.spans(self.local_day(now)))

    def closes_at(self, now: datetime) -> datetime | None:
        """The end of the span that `now` falls into, None when closed."""
        return next((end for start, end in self.spans(self.local_day(now)) if start <= now < end), None)

    def opens_at(self, now: datetime) -> datetime | None:
        """The next opening after `now`, None within the horizon."""
        return next((start for start, _ in self._from(now) if start > now), None)

    def local_day(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def ready_by(self, now: datetime, preparation: timedelta, not_before: date | None = None) -> datetime | None:
        """When work ordered at `now` is ready: within open hours, `preparation` after it could be started.

        Work ordered after the day's last-order time, or that could not be finished before closing, counts from the
        next opening. `not_before` skips days whose capacity is used up. None when nothing opens within the horizon.
        """
        for start, end in self._from(now):
            day = self.local_day(start)
            if not_before and day < not_before:
                continue
            begin = max(start, now)
            if self.last_order_at and begin > start and begin >= self._at(day, self.last_order_at):
                continue
            ready = begin + preparation
            # A preparation longer than the day still starts at opening.
            if begin == start or self._is_open_through(end, ready):
                return ready
        return None

    def open_days_after(self, now: datetime, count: int) -> datetime | None:
        """Closing time of the `count`-th open day after the local day of `now` (a collection deadline)."""
        today = self.local_day(now)
        for offset in range(1, HORIZON_DAYS):
            spans = self.spans(today + timedelta(days=offset))
            count -= bool(spans)
            if spans and count <= 0:
                return spans[-1][1]
        return None

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the location is open between two moments; none where the second is not later."""
        open_for = timedelta()
        for opens, closes in self._from(start):
            if opens >= end:
                break
            open_for += min(closes, end) - max(opens, start)
        return open_for

    def after(self, now: datetime, length: timedelta) -> datetime | None:
        """The moment at which `length` of open time will have passed since `now`; None within the horizon."""
        for opens, closes in self._from(now):
            begin = max(opens, now)
            if closes - begin >= length:
                return begin + length
            length -= closes - begin
        return None

    def before(self, moment: datetime, length: timedelta) -> datetime | None:
        """The latest moment from which `length` of open time is left until `moment`; None within the horizon."""
        for opens, closes in self._back(moment):
            end = min(closes, moment)
            if end - opens >= length:
                return end - length
            length -= end - opens
        return None

    def at(self, day: date, clock: time) -> datetime:
        """A wall-clock time of a local day."""
        return self._at(day, clock)

    def _is_open_through(self, end: datetime, until: datetime) -> bool:
        """Whether a span that ends at `end` goes on until then: midnight closes nothing that opens at midnight."""
        while end < until:
            following = [span_end for start, span_end in self.spans(self.local_day(end)) if start == end]
            if not following:
                return False
            end = following[0]
        return True

    def _from(self, now: datetime) -> Iterator[Span]:
        today = self.local_day(now)
        for offset in range(HORIZON_DAYS):
            for start, end in self.spans(today + timedelta(days=offset)):
                if end > now:
                    yield start, end

    def _back(self, moment: datetime) -> Iterator[Span]:
        today = self.local_day(moment)
        for offset in range(HORIZON_DAYS):
            for start, end in reversed(self.spans(today - timedelta(days=offset))):
                if start < moment:
                    yield start, end

    def _moment(self, day: date, text: str) -> datetime:
        if text == "24:00":
            return self._at(day + timedelta(days=1), time())
        return self._at(day, time.fromisoformat(text))

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


def week_problems(week: object) -> str | None:
    """What is wrong with a week as stored, in one sentence; None when it is sound."""
    if not isinstance(week, dict) or set(week) - set(DAYS):
        return "Hours are an object with the keys mon to sun."
    for day, spans in week.items():
        last = "00:00"
        if not isinstance(spans, list):
            return f"Hours of {day} are a list of [start, end] pairs."
        for span in spans:
            problem = _span_problem(span, last)
            if problem:
                return f"{day}: {problem}"
            last = span[1]
    return None


def _span_problem(span: object, last: str) -> str | None:
    if not (isinstance(span, list) and len(span) == 2 and all(isinstance(part, str) for part in span)):
        return 'a span is a pair like ["10:00", "21:00"].'
    for part in span:
        if part == "24:00":
            continue
        try:
            parsed = time.fromisoformat(part)
        except ValueError:
            return f"{part!r} is no time."
        if len(part) != 5 or parsed.tzinfo:
            return f"{part!r} is not written as HH:MM."
    if span[0] >= span[1]:
        return "a span ends after it starts."
    if span[0] < last:
        return "spans follow one another without overlap."
    return None
