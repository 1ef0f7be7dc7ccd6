"""The worker's part of reconciliation: go on with what is unfinished, slice by slice, for a little while."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from inventory.models import MovementFile, Snapshot
from inventory.operations.book_movement_file import book_next
from inventory.operations.compare_snapshot import compare_next
from inventory.operations.read_snapshot import read_next

PATIENCE = 15.0  # seconds; the clock calls again
log = structlog.get_logger(__name__)


def reconcile(*, now: datetime, patience: float = PATIENCE) -> int:
    """Read and compare until nothing is left or the time is over; returns how many slices that were.

    A snapshot at which something breaks holds no other up: what broke is raised once all had their turn.
    """
    clock, until, slices, broken = _clock(now), time.monotonic() + patience, 0, None
    for pk, status in list(Snapshot.objects.unfinished().values_list("pk", "status")):
        try:
            slices += _go_on(pk, is_reading=status == Snapshot.Status.READING, clock=clock, until=until)
        except Exception as error:
            log.exception("snapshot_broke", snapshot=pk)
            broken = error
    if broken:
        raise broken
    return slices


def book_files(*, now: datetime, patience: float = PATIENCE) -> int:
    """The same for files of movements: one that breaks holds no other up."""
    clock, until, slices, broken = _clock(now), time.monotonic() + patience, 0, None
    for pk in list(MovementFile.objects.unfinished().values_list("pk", flat=True)):
        try:
            while time.monotonic() < until and book_next(file_id=pk, now=clock()):
                slices += 1
        except Exception as error:
            log.exception("movement_file_broke", file=pk)
            broken = error
    if broken:
        raise broken
    return slices


def _clock(now: datetime) -> Callable[[], datetime]:
    """What time it is, if it is `now` now: a turn takes seconds, and what it ends says when that was."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _go_on(pk: int, *, is_reading: bool, clock: Callable[[], datetime], until: float) -> int:
    slices = 0
    for step in (read_next, compare_next) if is_reading else (compare_next,):
        while time.monotonic() < until and step(snapshot_id=pk, now=clock()):
            slices += 1
    return slices
