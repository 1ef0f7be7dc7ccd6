"""What a count says of an item: its units against what the ledger had on the shelf when it was last scanned.

On the shelf is what is on hand less what pickers have in their hands. A unit that came or went between the first scan
of an item and its last one may have been counted or not: nobody can know, so somebody looks again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from inventory.models import CountLine, CountSession
from inventory.models.count_line import LineState

SLICE = 2_000

# What stands of an item's scans: those of its round that nobody took back. A number for what nobody counted speaks of
# the whole time of the count.
TALLY = """
INSERT INTO inventory_countline AS k
       (session_id, variant_id, location_id, state, round, is_second_look, is_recount_wanted, counted, expected, delta,
        value, first_at, last_at, decided_by, reason)
SELECT c.session_id, c.variant_id, n.location_id, 'matches', max(c.round), false, false, sum(c.quantity),
       sum(c.quantity), 0, 0,
       min(CASE WHEN c.area_id IS NULL AND c.round = 0 THEN n.started_at ELSE c.scanned_at END), max(c.scanned_at),
       '', ''
  FROM inventory_countscan c JOIN inventory_countsession n ON n.id = c.session_id
  LEFT JOIN inventory_countline l ON l.session_id = c.session_id AND l.variant_id = c.variant_id
 WHERE c.session_id = %(session)s AND (%(variants)s::bigint[] IS NULL OR c.variant_id = ANY(%(variants)s::bigint[]))
   AND c.round = COALESCE(l.round, 0) AND c.undoes_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM inventory_countscan u WHERE u.undoes_id = c.id) AND l.settled_at IS NULL
 GROUP BY c.session_id, c.variant_id, n.location_id
ON CONFLICT (session_id, variant_id) DO UPDATE
   SET counted = EXCLUDED.counted, expected = EXCLUDED.counted, delta = 0, first_at = EXCLUDED.first_at,
       last_at = EXCLUDED.last_at
 WHERE k.settled_at IS NULL
"""

# Every scan of it was taken back: as if nobody had counted it.
FORGET = """
DELETE FROM inventory_countline k
 WHERE k.session_id = %(session)s AND k.round = 0 AND k.settled_at IS NULL AND k.counted IS NOT NULL
   AND (%(variants)s::bigint[] IS NULL OR k.variant_id = ANY(%(variants)s::bigint[]))
   AND NOT EXISTS (SELECT 1 FROM inventory_countscan c WHERE c.session_id = k.session_id
                      AND c.variant_id = k.variant_id AND c.round = 0 AND c.undoes_id IS NULL
                      AND NOT EXISTS (SELECT 1 FROM inventory_countscan u WHERE u.undoes_id = c.id))
"""

# In their own scope, with something on hand or something that moved since.
LEFT_OUT = """
INSERT INTO inventory_countline
       (session_id, variant_id, location_id, state, round, is_second_look, is_recount_wanted, expected, delta, value,
        first_at, last_at, decided_by, reason)
SELECT %s, s.variant_id, s.location_id, 'uncounted', 0, false, false, 0, 0, 0, %s, %s, '', ''
  FROM inventory_stocklevel s WHERE s.id = ANY(%s)
ON CONFLICT (session_id, variant_id) DO NOTHING
"""

WEIGHED = """
SELECT k.id, k.counted, k.is_second_look, k.is_recount_wanted, k.approved_delta,
       (COALESCE(s.on_hand, 0) - COALESCE(held.units, 0) - COALESCE(changes.later, 0))::int AS expected,
       COALESCE(changes.moved, false) AS is_moved, COALESCE(v.unit_cost, price.amount, 0) AS worth,
       (n.category = '' OR p.category = n.category OR starts_with(p.category, n.category || ' > '))
       AND (n.aisles = '[]'::jsonb OR s.id IS NULL OR n.aisles ? s.aisle)
       AND (n.items = '{}' OR k.variant_id = ANY(n.items)) AS is_inside,
       EXISTS (SELECT 1 FROM inventory_cyclecount c WHERE c.variant_id = k.variant_id
                  AND c.location_id = k.location_id AND c.done_at > k.last_at)
       OR EXISTS (SELECT 1 FROM inventory_countline o WHERE o.variant_id = k.variant_id
                     AND o.location_id = k.location_id AND o.last_at > k.last_at AND o.settled_at IS NOT NULL
                     AND o.state IN ('booked', 'matches'))
       OR EXISTS (SELECT 1 FROM inventory_snapshotrow o JOIN inventory_snapshot t ON t.id = o.snapshot_id
                   WHERE o.variant_id = k.variant_id AND o.location_id = k.location_id AND t.as_of > k.last_at
                     AND (o.outcome IN ('booked', 'explained', 'approved') OR (o.outcome = '' AND t.status = 'done')))
       AS is_outdated,
       GREATEST(0, LEAST(lost.units, lost.units - COALESCE(lost.later, 0)))::int AS lost
  FROM inventory_countline k
  JOIN inventory_countsession n ON n.id = k.session_id
  JOIN inventory_variant v ON v.id = k.variant_id
  JOIN inventory_product p ON p.id = v.product_id
  LEFT JOIN inventory_stocklevel s ON s.variant_id = k.variant_id AND s.location_id = k.location_id
  LEFT JOIN LATERAL (SELECT amount FROM inventory_price r WHERE r.variant_id = k.variant_id
                      ORDER BY r.currency <> 'USD', r.currency LIMIT 1) price ON true
  LEFT JOIN LATERAL (SELECT sum(h.off_shelf_quantity) AS units FROM inventory_reservation h
                      WHERE h.variant_id = k.variant_id AND h.location_id = k.location_id AND h.status = 'held') held
       ON true
  LEFT JOIN LATERAL (
       SELECT sum(m.units) FILTER (WHERE m.at > k.last_at) AS later,
              bool_or(m.units <> 0 AND m.at <= k.last_at + make_interval(secs => n.slack_seconds)) AS moved
         FROM (SELECT one.at, sum(one.units) AS units FROM (
                  SELECT m.occurred_at AS at, m.quantity AS units FROM inventory_stockmovement m
                   WHERE m.variant_id = k.variant_id AND m.location_id = k.location_id AND m.bucket = ''
                     AND m.recorded_at > k.first_at - interval '1 hour'
                     AND m.occurred_at > k.first_at - make_interval(secs => n.slack_seconds)
                  UNION ALL
                  SELECT o.at, -o.quantity FROM inventory_offshelf o
                   WHERE o.variant_id = k.variant_id AND o.location_id = k.location_id
                     AND o.at > k.first_at - make_interval(secs => n.slack_seconds)
                  UNION ALL
                  SELECT c.closed_at, c.off_shelf_quantity FROM inventory_reservation c
                   WHERE c.variant_id = k.variant_id AND c.location_id = k.location_id AND c.off_shelf_quantity > 0
                     AND c.closed_at > k.first_at - make_interval(secs => n.slack_seconds)
              ) one GROUP BY one.at) m) changes ON true
  LEFT JOIN LATERAL (
       SELECT b.quantity AS units, (SELECT sum(m.quantity) FROM inventory_stockmovement m
               WHERE m.variant_id = k.variant_id AND m.location_id = k.location_id AND m.bucket = 'not_found'
                 AND m.recorded_at > k.last_at - interval '1 hour' AND m.occurred_at > k.last_at) AS later
         FROM inventory_stockheld b
        WHERE b.variant_id = k.variant_id AND b.location_id = k.location_id AND b.bucket = 'not_found') lost ON true
 WHERE k.id = ANY(%s) AND k.settled_at IS NULL ORDER BY k.variant_id
"""

WRITE = """
UPDATE inventory_countline k SET state = t.state, expected = t.expected, delta = t.delta, value = t.value,
       settled_at = t.settled_at
  FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::numeric[], %s::timestamptz[])
       AS t(id, state, expected, delta, value, settled_at) WHERE k.id = t.id
"""


@dataclass(frozen=True)
class Weighed:
    """One item of a count with everything that its verdict needs. `lost`: units that were set aside as not found
    before it was counted."""

    pk: int
    counted: int | None
    is_second_look: bool
    is_recount_wanted: bool
    approved_delta: int | None
    expected: int
    is_moved: bool
    worth: Decimal
    is_inside: bool
    is_outdated: bool
    lost: int | None

    @property
    def delta(self) -> int:
        return 0 if self.counted is None else self.counted - self.expected

    @property
    def value(self) -> Decimal:
        return self.worth * abs(self.expected if self.counted is None else self.delta)

    def verdict(self, session: CountSession) -> LineState:
        """What becomes of it; the order of these questions is that of decision 0014."""
        if self.counted is None:
            return LineState.RECOUNT if self.is_recount_wanted else LineState.UNCOUNTED
        if self.is_outdated:
            return LineState.OUTDATED
        if not self.is_inside:
            return LineState.OUTSIDE
        if self.is_moved:
            return LineState.MOVED
        if self.is_recount_wanted:
            return LineState.RECOUNT
        if self.delta == 0:
            return LineState.MATCHES
        if self.delta == self.approved_delta:
            return LineState.READY
        if not self.is_second_look and (
            abs(self.delta) > session.tolerated_units or self.value > session.tolerated_amount
        ):
            return LineState.RECOUNT
        return LineState.APPROVAL if self.value > session.approved_amount else LineState.READY


def judge_session(session: CountSession, *, now: datetime) -> None:
    """Every item that is not settled, those that nobody counted among them."""
    _tally(session, None)
    left_out = session.shelves().exclude(on_hand=0, moved_at__lt=session.closed_at)
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OUT, [session.pk, session.started_at, session.closed_at,
                                  list(left_out.values_list("pk", flat=True))])  # fmt: skip
    ids = list(session.lines.filter(settled_at=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), SLICE):
        judge(session, ids[start : start + SLICE], now=now)
    session.lines.filter(state=LineState.UNCOUNTED, expected=0, settled_at=None).delete()


def judge_items(session: CountSession, variants: Iterable[int], *, now: datetime) -> None:
    """These items only, where the count is in review already."""
    wanted = list(variants)
    _tally(session, wanted)
    judge(session, list(session.lines.filter(variant__in=wanted).values_list("pk", flat=True)), now=now)


def judge(session: CountSession, ids: list[int], *, now: datetime) -> list[Weighed]:
    """Weigh these lines by the ledger as it is now, and write what becomes of them."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGHED, [ids])
        found = [Weighed(*row) for row in cursor.fetchall()]
        states = [each.verdict(session) for each in found]
        cursor.execute(WRITE, [
            [each.pk for each in found], [str(state) for state in states], [each.expected for each in found],
            [each.delta for each in found], [each.value for each in found],
            [now if state == LineState.OUTDATED else None for state in states],
        ])  # fmt: skip
    return found


def _tally(session: CountSession, variants: list[int] | None) -> None:
    with connection.cursor() as cursor:
        for statement in (FORGET, TALLY):
            cursor.execute(statement, {"session": session.pk, "variants": variants})


def unsettled(session: CountSession) -> dict[str, int]:
    """How many items of it wait, by what they wait for."""
    waits = CountLine.objects.filter(session=session, settled_at=None)
    states = list(waits.values_list("state", flat=True))
    return {state: states.count(state) for state in set(states)}
