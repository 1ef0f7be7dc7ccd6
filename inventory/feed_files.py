"""Rows of a source's file, from any byte on: a worker that was killed goes on where its last slice ended."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from inventory.models.feed_file import ProblemKind

LONGEST_LINE = 64 * 1024  # bytes; longer is no row of anything
MOST_UNITS = 1_000_000
SHOWN = 200  # characters of a bad cell that are kept


class BadFile(Exception):
    """The file as a whole cannot be read; the message says why."""


class Reported(NamedTuple):
    """One shelf as the source sees it; a tuple, because a file has a million."""

    line: int
    sku: str
    location: str
    quantity: int


@dataclass(frozen=True)
class Bad:
    """A row that cannot be taken."""

    line: int
    kind: str
    reason: str
    raw: dict[str, str] = field(default_factory=dict)


# A line and its cells as they stand in the file, in the order of the shape's names; or what is wrong with it.
Record = Bad | tuple[int, Sequence[Any]]


@dataclass(frozen=True)
class Shape:
    """What a kind of file says in each row: columns that it must and that it may have, and what they make together."""

    needed: tuple[str, ...]
    take: Callable[[int, Sequence[Any]], Any]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.needed + self.optional

    def raw(self, cells: Sequence[Any]) -> dict[str, str]:
        """The cells of a bad row, as they are kept."""
        return {name: plain(value)[:SHOWN] for name, value in zip(self.names, cells, strict=True)}


@dataclass
class Slice:
    """Some rows, and where the next ones begin (`offset` in bytes, `line` counted from 1)."""

    offset: int
    line: int
    rows: list[Any] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    is_last: bool = False


def read_slice(
    file: BinaryIO, *, shape: Shape, form: str, columns: Mapping[str, str], offset: int, line: int, most: int,
    location: str = "",
) -> Slice:  # fmt: skip
    """Up to `most` rows from `offset` on. `columns` says what the file calls ours; `location` is the one that a file
    without such a column speaks of.

    Raises BadFile where the header lacks a column, or where the file is empty.
    """
    read = _csv_rows if form == "csv" else _json_rows
    found = Slice(offset, line)
    for record in read(file, shape, columns, found, location):
        taken = record if isinstance(record, Bad) else shape.take(*record)
        (found.bad if isinstance(taken, Bad) else found.rows).append(taken)
        if len(found.rows) + len(found.bad) >= most:
            return found
    found.is_last = True
    return found


def _shelf(line: int, cells: Sequence[Any]) -> Reported | Bad:
    sku, location, units = cells
    kind, (problem, number) = ProblemKind.QUANTITY, quantity(units)
    sku, location = sku.strip(), location.strip()
    if not sku or not location:
        kind, problem = ProblemKind.EMPTY, _("SKU or location is empty.")
    if problem:
        return Bad(line, kind, problem, SHELVES.raw(cells))
    return Reported(line, sku, location, number)


SHELVES = Shape(("sku", "location", "quantity"), _shelf)


def plain(value: Any) -> str:
    """As the database can keep it: JSON may escape what no text of ours can hold."""
    return str(value).encode(errors="replace").decode().replace("\0", "\ufffd").strip()


def quantity(value: Any) -> tuple[str, int]:
    """The problem, or none; and the number. 12 and 12.0 are twelve units; 1.5 is none."""
    try:
        if isinstance(value, str) and "_" in value:  # 1_000 is a number to Python, not to a till
            raise ValueError
        number = int(value) if isinstance(value, str) and "." not in value else _whole(value)
    except (ValueError, TypeError, OverflowError):
        return _("The quantity is no whole number."), 0
    if abs(number) > MOST_UNITS:
        return _("More than a million units are a mistake."), 0
    return "", number


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    number = float(value)
    if not number.is_integer():
        raise ValueError
    return int(number)


def _csv_rows(
    file: BinaryIO, shape: Shape, columns: Mapping[str, str], found: Slice, location: str
) -> Iterator[Record]:
    file.seek(0)
    try:
        header = next(csv.reader(_texts(file), strict=True), [])
    except csv.Error as error:
        raise BadFile(_("The first line is no CSV: %s.") % error) from error
    names = [name.strip().removeprefix("\ufeff") for name in header]
    places = _places(names, shape, columns, location)
    chosen, beside = itemgetter(*places), ["", location]  # what is in no column of the file stands behind them
    if found.offset:
        file.seek(found.offset)
    else:
        found.line = 1
    width, tell = len(header), file.tell
    reader = csv.reader(_texts(file), strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = None
            problem = _("This is no CSV: %s.") % error
        found.line += reader.line_num - before
        found.offset = tell()
        if cells is None:
            yield Bad(found.line, ProblemKind.FORMAT, problem)
        elif not cells:
            continue
        elif len(cells) != width:
            yield Bad(found.line, ProblemKind.COLUMNS, _("The row has more or fewer columns than the header."))
        else:
            yield found.line, chosen(cells + beside)


def _json_rows(
    file: BinaryIO, shape: Shape, columns: Mapping[str, str], found: Slice, location: str
) -> Iterator[Record]:
    file.seek(found.offset)
    names = [columns.get(ours, ours) for ours in shape.names]
    place, units, needed = shape.names.index("location"), shape.names.index("quantity"), len(shape.needed)
    for text in _texts(file):
        found.line += 1
        found.offset = file.tell()
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            yield Bad(found.line, ProblemKind.FORMAT, _("This line is no JSON."))
            continue
        if not isinstance(row, dict):
            yield Bad(found.line, ProblemKind.FORMAT, _("This line is no JSON object."))
            continue
        raw = [row.get(name) for name in names]
        if raw[place] is None and location:
            raw[place] = location
        if missing := [name for name, value in zip(names[:needed], raw, strict=False) if value in (None, "")]:
            yield Bad(found.line, ProblemKind.COLUMNS, _("It lacks: %s.") % ", ".join(missing))
            continue
        yield (
            found.line,
            [value if n == units else "" if value is None else plain(value) for n, value in enumerate(raw)],
        )


def _places(header: list[str], shape: Shape, columns: Mapping[str, str], location: str) -> list[int]:
    """Where each of our columns stands, from the left; what it lacks stands behind them."""
    if not any(header):
        raise BadFile(_("The file is empty."))
    places: list[int] = []
    missing = []
    for ours in shape.names:
        name = columns.get(ours, ours)
        if name in header:
            places.append(header.index(name))
        elif ours == "location" and location:
            places.append(len(header) + 1)
        elif ours in shape.optional:
            places.append(len(header))
        else:
            missing.append(name)
    if missing:
        raise BadFile(_("The header lacks: %(missing)s. It has: %(header)s.")
                      % {"missing": ", ".join(missing), "header": ", ".join(header)[:SHOWN]})  # fmt: skip
    return places


def _texts(file: BinaryIO) -> Iterator[str]:
    """Line by line; what is no UTF-8 becomes a mark that no code contains."""
    while raw := file.readline(LONGEST_LINE):
        yield raw.decode("utf-8", errors="replace").replace("\0", "\ufffd")
