"""Best Buy's free-text hours ("Mon: 10-9:30; Thurs: 12-6; ..."), which name no AM and no PM."""

import re

from django.utils.translation import gettext as _

from inventory.csv_rows.reading import BadRow
from inventory.hours import DAYS

DAY_NAMES = dict(zip(("Mon", "Tue", "Wed", "Thurs", "Fri", "Sat", "Sun"), DAYS, strict=True))
SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")
EARLIEST_OPENING = 7  # "1-6" on a Sunday is the afternoon: no shop of theirs opens between midnight and seven
MINUTE_BEFORE_TWELVE = (11, 59)

Week = dict[str, list[list[str]]]


def week(hours: str) -> tuple[Week, list[str]]:
    """The week, and what had to be guessed; a day that is not named is closed. Raises BadRow."""
    found: Week = {}
    notes = []
    for part in filter(None, (part.strip() for part in hours.split(";"))):
        name, _colon, span = part.partition(":")
        if name not in DAY_NAMES:
            raise BadRow(_("hours name no day: %s.") % part[:40])
        opens, closes, guessed = _span(span.strip())
        found[DAY_NAMES[name]] = [[opens, closes]]
        if guessed:
            notes.append(_("hours %(part)s taken as %(opens)s-%(closes)s")
                         % {"part": part, "opens": opens, "closes": closes})  # fmt: skip
    if found and (closed := [name for name, day in DAY_NAMES.items() if day not in found]):
        notes.append(_("no hours for %s: closed") % ", ".join(closed))
    return found, notes


def _span(text: str) -> tuple[str, str, bool]:
    match = SPAN.fullmatch(text)
    if not match:
        raise BadRow(_("hours are not readable: %s.") % text[:40])
    opens = int(match[1]), int(match[2] or 0)
    closes = int(match[3]), int(match[4] or 0)
    if max(opens[0], closes[0]) > 12 or max(opens[1], closes[1]) > 59:
        raise BadRow(_("hours are not readable: %s.") % text[:40])
    until_midnight = closes == MINUTE_BEFORE_TWELVE
    guessed = 0 < opens[0] < EARLIEST_OPENING or (opens[0] == 12 and until_midnight)
    return _opening(opens, until_midnight), "24:00" if until_midnight else _evening(closes), guessed


def _opening(at: tuple[int, int], until_midnight: bool) -> str:
    hour, minute = at
    if hour == 12 and until_midnight:
        hour = 0  # "12-11:59" is around the clock: a shop open to midnight does not open at noon
    elif 0 < hour < EARLIEST_OPENING:
        hour += 12
    return f"{hour:02}:{minute:02}"


def _evening(at: tuple[int, int]) -> str:
    hour, minute = at
    return f"{hour % 12 + 12:02}:{minute:02}"
