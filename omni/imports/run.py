"""Run an import: batches of good lines to the operation, bad ones to the report; all or the good ones are kept."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import transaction

from inventory.csv_rows.reading import BadLine, Line, Outcome

T = TypeVar("T")

BATCH = 1000
TELL_EVERY = 2.0  # seconds
Book = Callable[[list[Line[T]]], Outcome]


@dataclass
class Totals:
    """What a whole file came to."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    noted: int = 0
    seconds: float = 0.0
    kept: bool = True

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.unchanged + self.refused

    @property
    def per_second(self) -> float:
        return self.rows / self.seconds if self.seconds else 0.0


@dataclass
class Listener:
    """Who hears of bad lines, of notes on good ones, and of progress."""

    bad: Callable[[BadLine], None]
    note: Callable[[int, str], None]
    progress: Callable[[Totals], None] = field(default=lambda totals: None)


def run(
    *, lines: Iterable[Line[T] | BadLine], book: Book, hear: Listener, strict: bool = False, dry_run: bool = False
) -> Totals:
    """Book all good lines. `strict` keeps nothing where a single line is bad, `dry_run` never keeps anything."""
    whole = strict or dry_run
    totals, began = Totals(), time.monotonic()
    with transaction.atomic() if whole else nullcontext():
        _book_all(lines, book, hear, totals, began)
        totals.kept = not dry_run and not (strict and totals.refused)
        if not totals.kept:
            transaction.set_rollback(True)
    totals.seconds = time.monotonic() - began
    return totals


def _book_all(lines: Iterable[Line[T] | BadLine], book: Book, hear: Listener, totals: Totals, began: float) -> None:
    told = began
    for batch in _batches(lines):
        outcome = Outcome(refused=[line for line in batch if isinstance(line, BadLine)])
        good = [line for line in batch if isinstance(line, Line)]
        if good:
            booked = book(good)
            booked.refused += outcome.refused
            outcome = booked
        _count(outcome, good, hear, totals)
        totals.seconds = time.monotonic() - began
        if time.monotonic() - told >= TELL_EVERY:
            hear.progress(totals)
            told = time.monotonic()


def _batches(lines: Iterable[Line[T] | BadLine]) -> Iterator[list[Line[T] | BadLine]]:
    source = iter(lines)
    while batch := list(islice(source, BATCH)):
        yield batch


def _count(outcome: Outcome, good: list[Line[T]], hear: Listener, totals: Totals) -> None:
    totals.created += outcome.created
    totals.changed += outcome.changed
    totals.unchanged += outcome.unchanged
    totals.refused += len(outcome.refused)
    for bad in sorted(outcome.refused, key=lambda line: line.number):
        hear.bad(bad)
    for line in good:
        totals.noted += bool(line.notes)
        for note in line.notes:
            hear.note(line.number, note)
