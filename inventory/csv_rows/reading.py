"""Read a file line by line, whatever its size; a line that cannot be understood says why and holds nobody up."""

import csv
import gzip
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TextIO, TypeVar

from django.utils.translation import gettext as _

T = TypeVar("T")

Raw = Mapping[str, str]

# A report of refused rows can be corrected and read again: these two columns of it say nothing new.
OF_A_REPORT = {"line", "reason"}


class BadFile(Exception):
    """The file as a whole cannot be read."""


class BadRow(Exception):
    """One row cannot be taken; the message says why."""


@dataclass(frozen=True)
class Line(Generic[T]):
    """A row as it was understood. `notes` say what was put right on the way."""

    number: int
    row: T
    raw: Raw = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BadLine:
    """A row that cannot be taken, and why."""

    number: int
    reason: str
    raw: Raw = field(default_factory=dict)


@dataclass
class Outcome:
    """What became of a batch of lines."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[BadLine] = field(default_factory=list)


def lines(
    path: Path, parse: Callable[[Raw], T], *, required: Collection[str], known: Collection[str] | None = None
) -> Iterator[Line[T] | BadLine]:
    """Every row of a CSV file (`.csv` or `.csv.gz`, UTF-8, with a header) as `parse` understands it.

    Raises BadFile for a header without the `required` columns, or with one that is not `known`.
    """
    with opened(path) as file:
        reader = csv.DictReader(file, restkey="", strict=True)
        try:
            _check_header(reader.fieldnames or [], required, known)
            yield from _parsed(reader, parse)
        except UnicodeDecodeError as error:
            raise BadFile(_("After line %d the file is not UTF-8.") % reader.line_num) from error
        except (EOFError, zlib.error) as error:
            raise BadFile(_("After line %d the packed file is broken.") % reader.line_num) from error


def opened(path: Path) -> TextIO:
    """The file as text, unpacked where its name ends in .gz; a byte order mark is none of the header's."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _check_header(header, required: Collection[str], known: Collection[str] | None) -> None:
    if missing := sorted(set(required) - set(header)):
        raise BadFile(_("The header lacks: %s.") % ", ".join(missing))
    if len(set(header)) != len(header):
        raise BadFile(_("A column occurs twice in the header."))
    strange = sorted(set(header) - set(known) - OF_A_REPORT) if known is not None else []
    if strange:
        raise BadFile(_("Unknown columns: %(strange)s. Known are: %(known)s.")
                      % {"strange": ", ".join(strange), "known": ", ".join(sorted(known or []))})  # fmt: skip


def _parsed(reader: csv.DictReader, parse: Callable[[Raw], T]) -> Iterator[Line[T] | BadLine]:
    while True:
        try:
            raw = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadLine(reader.line_num, _("This is no CSV: %s.") % error)
            continue
        yield _one(reader.line_num, raw, parse)


def _one(number: int, raw: dict[str, str], parse: Callable[[Raw], T]) -> Line[T] | BadLine:
    if "" in raw or None in raw.values():
        raw.pop("", None)
        return BadLine(number, _("The row has more or fewer columns than the header."), _whole(raw))
    if any("\0" in value for value in raw.values()):
        return BadLine(number, _("The row holds a NUL character."), raw)
    try:
        return Line(number, parse(raw), raw)
    except BadRow as bad:
        return BadLine(number, str(bad), raw)


def _whole(raw: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value or "" for name, value in raw.items()}
