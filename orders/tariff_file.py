"""A carrier's table as a CSV file: working days and dollars by zone, one row for each weight.

    pounds,zone 1,zone 2,zone 3,zone 4,zone 5,zone 6,zone 7,zone 8
    days,1,2,3,3,4,5,5,6
    1,6.10,6.65,7.20,7.75,8.30,8.85,9.40,9.95
    2,...

A row counts up to its pounds: a weight between two rows costs what the heavier one says. An empty cell, and what is
heavier than the last row, is not offered.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.utils.translation import gettext as _

from orders.routing.batch import UNIT
from orders.routing.cost import MOST_POUNDS, NOT_OFFERED, ZONES

HEADER = ("pounds", *(f"zone {n}" for n in range(1, ZONES + 1)))
DAYS = "days"
MOST_DOLLARS, MOST_DAYS = 10_000, 60
SHOWN = 100


@dataclass
class ReadTariff:
    """`rates` and `days` by zone, as `set_tariff` takes them; only where there are no `problems` (line, sentence)."""

    rates: list[list[int]] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """The first problems, for people."""
        said = [_("Line %(line)d: %(problem)s") % {"line": n, "problem": text} for n, text in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        return [*said, _("… and %d more.") % more] if more > 0 else said


def read_tariff(text: str) -> ReadTariff:
    """Read all of it, and say of every line all that is wrong with it."""
    found, seen = ReadTariff(), set[str]()
    by_pounds: dict[int, list[int]] = {}
    rows = csv.reader(StringIO(text.removeprefix("\ufeff")))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if tuple(each.lower() for each in header) != HEADER:
            found.problems.append((1, _("The header is: %s") % ", ".join(HEADER)))
        if _is_row(header):
            seen.add(_read_row(found, by_pounds, 1, header, len(header)))
        for cells in rows:
            seen.add(_read_row(found, by_pounds, rows.line_num, [cell.strip() for cell in cells], len(header)))
    except csv.Error as trouble:
        found.problems.append((rows.line_num, _("It cannot be read on from here: %s.") % trouble))
        return found
    if DAYS not in seen:
        found.problems.append((rows.line_num, _("There is no row “days” with the working days on the road.")))
    if not seen - {DAYS, ""}:
        found.problems.append((rows.line_num, _("There is no row with rates.")))
    if not found.problems:
        found.rates = _spread(by_pounds)
    return found


def tariff_rows(rates: Sequence[Sequence[int]], days: Sequence[int]) -> Iterator[list[object]]:
    """The same table back as rows of a file, below HEADER."""
    yield [DAYS, *days]
    for pounds in range(1, MOST_POUNDS + 1):
        cells = [rate_words(zone[pounds]) for zone in rates]
        if any(cells):
            yield [pounds, *cells]


def rate_words(rate: int) -> str:
    """Dollars; empty where it is not offered."""
    return "" if rate == NOT_OFFERED else f"{Decimal(rate) / UNIT:.2f}"


def _is_row(cells: list[str]) -> bool:
    """Whether the table begins where its header should be."""
    return bool(cells) and (cells[0].lower() == DAYS or cells[0].isdigit())


def _read_row(found: ReadTariff, by_pounds: dict[int, list[int]], line: int, cells: list[str], wide: int) -> str:
    """What the row is of: "days", or a weight as it is written. That it is as wide as the header, which is wrong, is
    not said again."""
    if not any(cells):
        return ""
    what, *values = cells
    if len(cells) not in {ZONES + 1, wide}:
        problems = [_("%(n)d cells, expected %(all)d.") % {"n": len(cells), "all": ZONES + 1}]
    elif what.lower() == DAYS:
        problems = _take_days(found, values)
    else:
        problems = _take_rates(by_pounds, what, values)
    found.problems += [(line, problem) for problem in problems]
    return what.lower()


def _take_days(found: ReadTariff, values: list[str]) -> list[str]:
    if found.days:
        return [_("A second row “days”.")]
    if not all(value.isascii() and value.isdigit() and int(value[:6]) <= MOST_DAYS for value in values):
        return [_("Working days are whole numbers up to %d.") % MOST_DAYS]
    found.days = [int(value) for value in values]
    return []


def _take_rates(by_pounds: dict[int, list[int]], what: str, values: list[str]) -> list[str]:
    rates = [_rate(value) for value in values]
    problems = [
        _("“%(value)s” in zone %(zone)d is no amount.") % {"value": value, "zone": zone}
        for zone, (value, rate) in enumerate(zip(values, rates, strict=True), start=1) if rate is None
    ]  # fmt: skip
    if not (what.isascii() and what.isdigit() and 1 <= int(what[:6]) <= MOST_POUNDS):
        no_weight = _("“%(what)s” is no weight: whole pounds from 1 to %(most)d.")
        return [no_weight % {"what": what, "most": MOST_POUNDS}, *problems]
    pounds = int(what)
    if pounds in by_pounds:
        problems.insert(0, _("A second row for %d pounds.") % pounds)
    elif by_pounds and pounds < max(by_pounds):
        problems.insert(0, _("Lighter than the row before it."))
    by_pounds.setdefault(pounds, [rate for rate in rates if rate is not None])
    return problems


def _rate(text: str) -> int | None:
    if not text:
        return NOT_OFFERED
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        return None
    return int(amount * UNIT) if amount.is_finite() and 0 <= amount <= MOST_DOLLARS else None


def _spread(by_pounds: dict[int, list[int]]) -> list[list[int]]:
    """By zone and every pound: of the next row that is as heavy."""
    rows, listed = [], sorted(by_pounds)
    for pounds in range(MOST_POUNDS + 1):
        heavier = next((each for each in listed if each >= pounds), None)
        rows.append([NOT_OFFERED] * ZONES if heavier is None else by_pounds[heavier])
    return [list(zone) for zone in zip(*rows, strict=True)]
