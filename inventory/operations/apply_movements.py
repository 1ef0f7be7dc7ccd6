"""Book what tills, warehouses and partners report: each event once, whatever it does to promises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from inventory.models import StockMovement, Variant
from inventory.operations.know_moments import known_at, lock_locations
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid

Kind = StockMovement.Kind
MAX_UNITS = 1_000_000

# The sign that a kind of report has; adjustments carry their own.
SIGN = {Kind.POS_SALE: -1, Kind.POS_RETURN: 1, Kind.RECEIPT: 1, Kind.DAMAGE: -1, Kind.ADJUST: 0}

# The unique index makes a twin in another transaction wait, then skip: an event is new for one of them only.
REMEMBER = """
INSERT INTO inventory_appliedevent (source, event_id, applied_at)
SELECT %s, e, now() FROM unnest(%s::text[]) AS t(e) ORDER BY e ON CONFLICT (source, event_id) DO NOTHING
RETURNING event_id
"""


@dataclass(frozen=True)
class Reported:
    """One reported change: `quantity` is a positive number of units, except for `adjust`, which is signed."""

    event_id: str
    sku: str
    location: str
    kind: str
    quantity: int
    occurred_at: datetime
    reason: str = ""


@operation
def apply_movements(
    *, reported: Sequence[Reported], source: str, locations, by: Actor, now: datetime
) -> dict[str, str]:
    """Book the reports; returns event id -> "applied" or "duplicate". Refuses all when one is unsound (422).

    `locations` is what the reporter may write to, a Location queryset.
    """
    moves, problems = sound_moves(reported, source, locations, now)
    if problems:
        raise Invalid("invalid_movements", _("Some movements cannot be booked; none was."),
                      errors=[problem for found in problems.values() for problem in found])  # fmt: skip
    new = book_new(moves, source=source, by=by, now=now)
    return {event_id: "applied" if event_id in new else "duplicate" for event_id in moves}


def book_new(moves: dict[str, Move], *, source: str, by: Actor, now: datetime) -> set[str]:
    """Book those whose event was never heard of, in the caller's transaction; returns their event ids."""
    lock_locations((move.location_id for move in moves.values()), alone=False)
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, [source, sorted(moves)])
        new = {row[0] for row in cursor.fetchall()}
    fresh = [move for event_id, move in moves.items() if event_id in new]
    if fresh:
        move_stock(moves=with_opposites(fresh), by=by, now=now)
    return new


def with_opposites(moves: Sequence[Move]) -> list[Move]:
    """What a later count or snapshot of its shelf holds already is booked for the story, and taken back at once."""
    moments = known_at([(move.variant_id, move.location_id, move.occurred_at) for move in moves if move.occurred_at])
    told = list(moves)
    for n, moment in moments.items():
        move = moves[n]
        told.append(
            replace(
                move,
                kind=Kind.RECONCILE,
                quantity=-move.quantity,
                reserved=0,
                occurred_at=moment,
                reason=_("Reported late: the number of %s held it already.") % f"{moment:%Y-%m-%d %H:%M}",
            )
        )
    return told


def sound_moves(
    reported: Sequence[Reported], source: str, locations, now: datetime, cause: str = ""
) -> tuple[dict[str, Move], dict[int, list[dict]]]:
    """The moves of the sound reports by event id, and what is wrong with the others by their place."""
    skus = {each.sku for each in reported}
    codes = {each.location for each in reported}
    variants = dict(Variant.objects.filter(sku__in=skus).values_list("sku", "pk"))
    places: dict[str, int] = dict(locations.filter(code__in=codes).values_list("code", "pk"))
    problems: dict[int, list[dict]] = {}
    moves: dict[str, Move] = {}
    for n, each in enumerate(reported):
        found = _problems(n, each, variants, places, now)
        if each.event_id in moves:
            found.append(_problem(n, "event_id", "repeated_event", _("This event id occurs twice in the batch.")))
        if found:
            problems[n] = found
        else:
            moves[each.event_id] = Move(
                variants[each.sku], places[each.location], each.kind, each.quantity * (SIGN[Kind(each.kind)] or 1),
                cause=cause, reason=each.reason, source=source, source_event_id=each.event_id,
                occurred_at=min(each.occurred_at, now),  # a clock that runs ahead
            )  # fmt: skip
    return moves, problems


def _problems(n: int, each: Reported, variants: dict, places: dict, now: datetime) -> list[dict]:
    found = []
    if each.sku not in variants:
        found.append(_problem(n, "sku", "unknown_sku", _("No variant has the SKU %s.") % each.sku))
    if each.location not in places:
        found.append(_problem(n, "location", "unknown_location", _("No location has the code %s.") % each.location))
    if each.kind not in SIGN:
        found.append(_problem(n, "kind", "unknown_kind", _("Kinds are %s.") % ", ".join(sorted(SIGN))))
    elif not 0 < abs(each.quantity) <= MAX_UNITS or (SIGN[Kind(each.kind)] and each.quantity < 0):
        found.append(
            _problem(n, "quantity", "bad_quantity", _("Between 1 and %d units; only adjust is signed.") % MAX_UNITS)
        )
    return found


def _problem(n: int, name: str, code: str, detail: str) -> dict:
    return {"pointer": f"/{n}/{name}", "code": code, "detail": detail}
