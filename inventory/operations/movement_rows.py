"""What a row of a movement file says: one event."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from inventory.feed_files import Bad, Shape, quantity
from inventory.models import StockMovement
from inventory.models.feed_file import ProblemKind
from inventory.operations.apply_movements import MAX_UNITS, SIGN

LONGEST_EVENT = LONGEST_REASON = 200
FIRST_YEAR, LAST_YEAR = 2000, 2200


class Happened(NamedTuple):
    """One event as the source reports it."""

    line: int
    sku: str
    location: str
    kind: str
    quantity: int
    occurred_at: datetime
    event_id: str
    reason: str

    @property
    def raw(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in MOVEMENTS.names}


def _event(line: int, cells: Sequence[Any]) -> Happened | Bad:
    units = cells[MOVEMENTS.names.index("quantity")]
    sku, location, kind, _units, moment, event_id, reason = (str(cell).strip() for cell in cells)
    problem, number = quantity(units)
    at = _moment(moment)
    if not sku or not location:
        return _bad(line, cells, ProblemKind.EMPTY, _("SKU or location is empty."))
    if kind not in SIGN:
        return _bad(line, cells, ProblemKind.KIND, _("Kinds are %s.") % ", ".join(sorted(SIGN)))
    if not problem and (not number or (number < 0 and SIGN[StockMovement.Kind(kind)])):
        problem = _("Between 1 and %d units; only adjust is signed.") % MAX_UNITS
    if problem:
        return _bad(line, cells, ProblemKind.QUANTITY, problem)
    if at is None:
        told = _("Write when it happened as 2026-05-01T10:02:11-05:00, with the offset.")
        return _bad(line, cells, ProblemKind.TIME, told)
    if len(event_id) > LONGEST_EVENT:
        return _bad(
            line, cells, ProblemKind.EVENT, _("The number of an event has up to %d characters.") % LONGEST_EVENT
        )
    return Happened(line, sku, location, kind, number, at, event_id, reason[:LONGEST_REASON])


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year < LAST_YEAR:
        return None
    return moment.astimezone(UTC)


def _bad(line: int, cells: Sequence[Any], kind: str, reason: str) -> Bad:
    return Bad(line, kind, reason, MOVEMENTS.raw(cells))


MOVEMENTS = Shape(
    needed=("sku", "location", "kind", "quantity", "occurred_at"), optional=("event_id", "reason"), take=_event
)
