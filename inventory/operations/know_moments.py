"""At which moment a shelf was known as a whole: a report of something before it tells nothing new about the number.

A count or a snapshot of 10:00 holds everything that happened until then, also what is reported afterwards. Such a late
report is booked for the story, together with its opposite, so that it does not count twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

LOCK_SPACE = 7_301_004  # first half of the advisory lock's name; the second is the location's
LOCKS = 1_024  # locations that share a lock wait for each other; so many fit into PostgreSQL's table of locks

LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(%s, n) FROM unnest(%s::int[]) AS t(n)"
LOCK_ALONE = "SELECT pg_advisory_xact_lock(%s, n) FROM unnest(%s::int[]) AS t(n)"

KNOWN_AT = """
SELECT t.n, GREATEST(
    (SELECT max(c.done_at) FROM inventory_cyclecount c
      WHERE c.variant_id = t.v AND c.location_id = t.l AND c.done_at >= t.at),
    (SELECT max(l.last_at) FROM inventory_countline l
      WHERE l.variant_id = t.v AND l.location_id = t.l AND l.last_at >= t.at AND l.settled_at IS NOT NULL
        AND l.state IN ('booked', 'matches')),
    (SELECT max(s.as_of) FROM inventory_snapshotrow r JOIN inventory_snapshot s ON s.id = r.snapshot_id
      WHERE r.variant_id = t.v AND r.location_id = t.l AND s.as_of >= t.at
        AND (r.outcome IN ('booked', 'explained', 'approved')
             OR (r.outcome = '' AND (s.status = 'done' OR (s.status = 'comparing'
                 AND (r.location_id, r.variant_id) <= (s.at_location, s.at_variant)))))))
  FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::timestamptz[]) AS t(n, v, l, at)
"""


def lock_locations(ids: Iterable[int], *, alone: bool) -> None:
    """Until the transaction ends: many may report about a location at once, or one compares it."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ALONE if alone else LOCK_SHARED, [LOCK_SPACE, sorted({each % LOCKS for each in ids})])


def known_at(reports: Sequence[tuple[int, int, datetime]]) -> dict[int, datetime]:
    """Of each (variant, location, moment) that was known as a whole at that moment or later: when, by its place."""
    if not reports:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_AT, [
            list(range(len(reports))), [each[0] for each in reports], [each[1] for each in reports],
            [each[2] for each in reports],
        ])  # fmt: skip
        return {n: moment for n, moment in cursor.fetchall() if moment is not None}
