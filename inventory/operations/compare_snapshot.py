"""A snapshot against the ledger: what it can explain stays, small differences are booked, large ones wait for a person.

A slice is one transaction: its shelves are compared, booked and passed together, so that a killed worker leaves
nothing half done and nothing is booked twice. Reports of sales wait for the slice of their location
(`know_moments.py`): a report is either part of the comparison or sees its result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from inventory import events
from inventory.models import Feed, Snapshot, SnapshotRow, StockLevel, StockMovement
from inventory.models.snapshot import Cause, Outcome
from inventory.operations.know_moments import lock_locations
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.states import move

BY = Actor.system("reconciliation")
SHELVES = 10_000

NEXT_SHELVES = """
SELECT id, location_id, variant_id FROM inventory_snapshotrow
 WHERE snapshot_id = %s AND (location_id, variant_id) > (%s, %s) ORDER BY location_id, variant_id LIMIT %s
"""

# What the ledger says lay there at the moment of the snapshot: what lies there now, less what happened since.
LATER = """
SELECT sum(m.quantity) AS units FROM inventory_stockmovement m
 WHERE m.variant_id = r.variant_id AND m.location_id = r.location_id AND m.bucket = ''
   AND m.recorded_at > %(as_of)s - interval '1 hour' AND m.occurred_at > %(as_of)s
"""

# Most shelves hold what was reported, and nothing moved since: they need no more than this.
IN_QUESTION = """
SELECT r.id FROM inventory_snapshotrow r
  LEFT JOIN inventory_stocklevel s ON s.variant_id = r.variant_id AND s.location_id = r.location_id
 WHERE r.id = ANY(%(ids)s::bigint[])
   AND (COALESCE(s.on_hand, 0) <> r.quantity OR s.moved_at > %(as_of)s - interval '1 hour')
"""

WEIGHED = f"""
SELECT r.id, r.line, r.variant_id, r.location_id, r.quantity,
       COALESCE(s.on_hand, 0) - COALESCE(later.units, 0) AS expected,
       COALESCE(picked.units, 0) AS picked, COALESCE(coming.units, 0) AS coming,
       COALESCE(v.unit_cost, price.amount, 0) AS worth,
       EXISTS (SELECT 1 FROM inventory_cyclecount c WHERE c.variant_id = r.variant_id
                  AND c.location_id = r.location_id AND c.done_at > %(as_of)s)
       OR EXISTS (SELECT 1 FROM inventory_countline k WHERE k.variant_id = r.variant_id
                     AND k.location_id = r.location_id AND k.last_at > %(as_of)s AND k.settled_at IS NOT NULL
                     AND k.state IN ('booked', 'matches'))
       OR EXISTS (SELECT 1 FROM inventory_snapshotrow o JOIN inventory_snapshot n ON n.id = o.snapshot_id
                   WHERE o.variant_id = r.variant_id AND o.location_id = r.location_id AND n.as_of > %(as_of)s
                     AND (o.outcome IN ('booked', 'explained', 'approved') OR (o.outcome = '' AND n.status = 'done')))
       AS is_outdated
  FROM inventory_snapshotrow r
  JOIN inventory_variant v ON v.id = r.variant_id
  LEFT JOIN LATERAL (SELECT amount FROM inventory_price p WHERE p.variant_id = r.variant_id
                      ORDER BY p.currency <> 'USD', p.currency LIMIT 1) price ON true
  LEFT JOIN inventory_stocklevel s ON s.variant_id = r.variant_id AND s.location_id = r.location_id
  LEFT JOIN LATERAL ({LATER}) later ON true
  LEFT JOIN LATERAL (SELECT sum(h.off_shelf_quantity) AS units FROM inventory_reservation h
                      WHERE h.variant_id = r.variant_id AND h.location_id = r.location_id AND h.status = 'held') picked
       ON true
  LEFT JOIN LATERAL (SELECT sum(l.in_transit_quantity) AS units
                       FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
                      WHERE l.variant_id = r.variant_id AND t.to_location_id = r.location_id
                        AND l.in_transit_quantity > 0) coming ON true
 WHERE r.id = ANY(%(ids)s) ORDER BY r.variant_id, r.location_id
"""  # noqa: S608


@dataclass(frozen=True)
class Weighed:
    """One difference with everything that may explain it. `worth` is what one unit costs."""

    pk: int
    line: int
    variant_id: int
    location_id: int
    quantity: int
    expected: int
    picked: int
    coming: int
    worth: Decimal
    is_outdated: bool

    @property
    def gap(self) -> int:
        return self.quantity - self.expected

    @property
    def rest(self) -> int:
        """The part of the gap that neither open picks nor transfers on their way explain."""
        if self.gap < 0:
            return min(0, self.gap + self.picked)
        return max(0, self.gap - self.coming)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a difference, and why."""

    outcome: str
    cause: str = Cause.NONE


def judge(found: Weighed, feed: Feed) -> Verdict:
    """Within tolerance it is booked, beyond it waits; a shelf that the file leaves out always waits."""
    if found.is_outdated:
        return Verdict(Outcome.OUTDATED, Cause.LATER)
    if found.rest == 0:
        return Verdict(Outcome.EXPLAINED, Cause.PICKS if found.gap < 0 else Cause.TRANSFER)
    if found.line == 0:
        return Verdict(Outcome.REVIEW, Cause.LEFT_OUT)
    if abs(found.rest) > feed.tolerance_units:
        return Verdict(Outcome.REVIEW, Cause.UNITS)
    if abs(found.rest) * found.worth > feed.tolerance_value:
        return Verdict(Outcome.REVIEW, Cause.VALUE)
    return Verdict(Outcome.BOOKED)


@transaction.atomic
def compare_next(*, snapshot_id: int, now: datetime, most: int = SHELVES) -> bool:
    """Compare the next shelves; False where another worker is at it or everything is compared."""
    rows = Snapshot.objects.select_related("feed").select_for_update(of=("self",), skip_locked=True)
    snapshot = rows.filter(pk=snapshot_id, status=Snapshot.Status.COMPARING).first()
    if snapshot is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(NEXT_SHELVES, [snapshot.pk, snapshot.at_location, snapshot.at_variant, most])
        shelves = cursor.fetchall()
    if not shelves:
        _finish(snapshot, now)
        return False
    lock_locations({location for _, location, _ in shelves}, alone=True)
    _settle(snapshot, [pk for pk, _, _ in shelves], now)
    snapshot.at_location, snapshot.at_variant = shelves[-1][1:]
    snapshot.compared_count += len(shelves)
    snapshot.save(update_fields=["at_location", "at_variant", "compared_count"])
    return True


def weigh(snapshot: Snapshot, ids: Sequence[int]) -> list[Weighed]:
    """These rows beside the ledger, in lock order; the caller holds the locks that make it last."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGHED, {"ids": list(ids), "as_of": snapshot.as_of})
        return [Weighed(*row) for row in cursor.fetchall()]


def book(snapshot: Snapshot, found: Sequence[Weighed], *, by: Actor, now: datetime, reason: str = "") -> None:
    """The unexplained part becomes a movement of the moment at which it was seen."""
    moves = [
        Move(each.variant_id, each.location_id, StockMovement.Kind.RECONCILE, each.rest,
             cause=f"snapshot:{snapshot.pk}", reason=reason, source=snapshot.feed.source,
             source_event_id=f"{each.line}:{snapshot.key}"[:200],
             occurred_at=snapshot.as_of)
        for each in found if each.rest
    ]  # fmt: skip
    if moves:
        move_stock(moves=moves, by=by, now=now)


def _settle(snapshot: Snapshot, ids: list[int], now: datetime) -> None:
    # As a text: the driver would look at each of thousands of numbers, several times.
    about: dict[str, str | datetime] = {"ids": f"{{{','.join(map(str, ids))}}}", "as_of": snapshot.as_of}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_OLDER, about)
        cursor.execute(IN_QUESTION, about)
        in_question = [row[0] for row in cursor.fetchall()]
    if not in_question:
        return
    shelves = SnapshotRow.objects.filter(pk__in=in_question).values_list("variant_id", "location_id")
    StockLevel.objects.lock(shelves)
    found = [each for each in weigh(snapshot, in_question) if each.gap]
    verdicts = {each.pk: judge(each, snapshot.feed) for each in found}
    write_verdicts(found, verdicts)
    book(snapshot, [each for each in found if verdicts[each.pk].outcome == Outcome.BOOKED], by=BY, now=now)


# The newer word about a shelf is the one to decide about; how long the shelf has been in question goes on.
CLOSE_OLDER = """
WITH older AS (
    UPDATE inventory_snapshotrow o SET outcome = 'outdated', cause = 'later'
      FROM inventory_snapshotrow r, inventory_snapshot s
     WHERE r.id = ANY(%(ids)s::bigint[]) AND o.variant_id = r.variant_id AND o.location_id = r.location_id
       AND o.outcome = 'review' AND s.id = o.snapshot_id AND s.as_of < %(as_of)s
    RETURNING r.id, COALESCE(o.in_question_since, s.as_of) AS since
)
UPDATE inventory_snapshotrow r SET in_question_since = older.since
  FROM (SELECT id, min(since) AS since FROM older GROUP BY id) older WHERE r.id = older.id
"""


WRITE = """
UPDATE inventory_snapshotrow r SET outcome = t.o, cause = t.c, expected = t.e, difference = t.d, value = t.w
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[], %s::numeric[]) AS t(id, o, c, e, d, w)
 WHERE r.id = t.id
"""


def write_verdicts(found: Sequence[Weighed], verdicts: dict[int, Verdict]) -> None:
    """One statement for all."""
    if not found:
        return
    rows = [
        (each.pk, str(verdicts[each.pk].outcome), str(verdicts[each.pk].cause), each.expected, each.rest,
         abs(each.rest) * each.worth)
        for each in found
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def _finish(snapshot: Snapshot, now: datetime) -> None:
    move(snapshot, Snapshot.Status.DONE, by=BY, finished_at=now)
    waiting = snapshot.rows.filter(outcome=Outcome.REVIEW).count()
    emit(events.SNAPSHOT_RECONCILED, aggregate=snapshot.subject, by=BY, payload={
        "feed": snapshot.feed.code, "key": snapshot.key, "as_of": snapshot.as_of.isoformat(),
        "rows": snapshot.row_count, "bad": snapshot.bad_count, "waiting": waiting,
    })  # fmt: skip
