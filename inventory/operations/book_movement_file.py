"""A file of movements is booked slice by slice; how far it is stands in the same transaction, so that a worker that
was killed goes on behind its last whole slice."""

from collections.abc import Sequence
from datetime import datetime

from django.db import DataError, transaction
from django.utils.translation import gettext as _

from inventory import events
from inventory.feed_files import Bad, BadFile, read_slice
from inventory.models import MovementFile, MovementProblem
from inventory.models.feed_file import ProblemKind
from inventory.operations.apply_movements import Reported, book_new, sound_moves
from inventory.operations.movement_rows import MOVEMENTS, Happened
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import retried
from omni.core.states import move

BY = Actor.system("movement files")
LINES = 2_000  # their shelves are locked together: a till waits for one slice at most
MOST_KEPT = 100_000  # bad rows that are kept with their reason; all are counted
KIND_OF = {"sku": ProblemKind.SKU, "location": ProblemKind.LOCATION}


@retried
@transaction.atomic
def book_next(*, file_id: int, now: datetime, most: int = LINES) -> bool:
    """Book the next lines; False where another worker is at it or the file has ended."""
    file = _lock(file_id)
    if file is None or not file.is_at_work:
        return False
    try:
        with file.file.open("rb") as content:
            found = read_slice(
                content.file, shape=MOVEMENTS, form=file.format, columns=file.feed.columns, offset=file.bytes_read,
                line=file.lines_read, most=most, location=file.location_code,
            )  # fmt: skip
    except (BadFile, FileNotFoundError) as error:
        _stop(file, str(error), now)
        return False
    try:
        with transaction.atomic():
            unsound = _book(file, found.rows, now)
    except DataError:
        many = _("From line %d on, more units come to one shelf than can be counted.") % (file.lines_read + 1)
        _stop(file, many, now)
        return False
    _tell_bad(file, [*found.bad, *unsound])
    file.bytes_read, file.lines_read = found.offset, found.line
    file.save(update_fields=["bytes_read", "lines_read", "row_count", "repeated_count", "bad_count"])
    if found.is_last:
        _end(file, now)
    return not found.is_last


def _lock(file_id: int) -> MovementFile | None:
    """One worker at a time reads on; another one takes the next file."""
    rows = MovementFile.objects.select_related("feed__group", "feed__api_key")
    return rows.select_for_update(of=("self",), skip_locked=True).filter(pk=file_id).first()


def _book(file: MovementFile, rows: Sequence[Happened], now: datetime) -> list[Bad]:
    """Book what is new and sound; returns the rows that are not sound.

    An event twice is one event: of its sound rows the first counts, whatever stands in the unsound ones.
    """
    reported = [
        Reported(row.event_id or file.event_id(row.line), row.sku, row.location, row.kind, row.quantity,
                 row.occurred_at, row.reason)
        for row in rows
    ]  # fmt: skip
    source = file.feed.source
    moves, problems = sound_moves(reported, source, file.feed.locations, now, cause=f"movement-file:{file.pk}")
    new = book_new(moves, source=source, by=BY, now=now) if moves else set()
    bad = [
        Bad(rows[n].line, KIND_OF.get(found[0]["pointer"].rpartition("/")[2], ProblemKind.FORMAT), found[0]["detail"],
            rows[n].raw)
        for n, found in problems.items() if found[0]["code"] != "repeated_event"
    ]  # fmt: skip
    file.row_count += len(new)
    file.repeated_count += len(rows) - len(new) - len(bad)
    return bad


def _tell_bad(file: MovementFile, bad: Sequence[Bad]) -> None:
    room = max(0, MOST_KEPT - file.bad_count)
    MovementProblem.objects.bulk_create(
        MovementProblem(file=file, line=each.line, kind=each.kind, reason=each.reason[:300], raw=each.raw)
        for each in bad[:room]
    )
    file.bad_count += len(bad)


def _end(file: MovementFile, now: datetime) -> None:
    if not file.all_rows:
        return _stop(file, _("The file is empty."), now)
    move(file, MovementFile.Status.DONE, by=BY, finished_at=now)
    emit(events.MOVEMENTS_BOOKED, aggregate=file.subject, by=BY, payload={
        "feed": file.feed.code, "key": file.key, "booked": file.row_count, "repeated": file.repeated_count,
        "bad": file.bad_count,
    })  # fmt: skip
    return None


def _stop(file: MovementFile, reason: str, now: datetime) -> None:
    """What was booked before stays: it happened."""
    move(file, MovementFile.Status.STOPPED, by=BY, reason=reason[:200], stop_reason=reason[:300], finished_at=now)
    emit(events.MOVEMENTS_STOPPED, aggregate=file.subject, by=BY, payload={
        "feed": file.feed.code, "key": file.key, "reason": reason, "booked": file.row_count,
    })  # fmt: skip
