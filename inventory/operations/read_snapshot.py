"""The file of a snapshot becomes rows, slice by slice; each slice is whole or was never read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from inventory import events
from inventory.feed_files import SHELVES, Bad, BadFile, Reported, Slice, read_slice
from inventory.models import Snapshot, SnapshotProblem, Variant
from inventory.models.feed_file import ProblemKind
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.states import move

BY = Actor.system("reconciliation")
LINES = 20_000
MOST_KEPT = 100_000  # bad rows that are kept with their reason; all are counted

COPY = "COPY inventory_snapshotrow (snapshot_id, line, location_id, variant_id, quantity) FROM STDIN"

# A shelf twice in one file says two things: its first row counts, the others are told.
TAKE_REPEATS = """
WITH twice AS (
    SELECT id, line, location_id, variant_id, quantity,
           first_value(line) OVER (PARTITION BY location_id, variant_id ORDER BY line, id) AS first,
           row_number() OVER (PARTITION BY location_id, variant_id ORDER BY line, id) AS n
      FROM inventory_snapshotrow WHERE snapshot_id = %(snapshot)s
), gone AS (
    DELETE FROM inventory_snapshotrow r USING twice t WHERE r.id = t.id AND t.n > 1
    RETURNING t.line, t.first, t.location_id, t.variant_id, t.quantity
)
INSERT INTO inventory_snapshotproblem (snapshot_id, line, kind, reason, raw)
SELECT %(snapshot)s, g.line, 'repeated', format(%(reason)s, g.first),
       jsonb_build_object('sku', v.sku, 'location', l.code, 'quantity', g.quantity::text)
  FROM gone g JOIN inventory_variant v ON v.id = g.variant_id JOIN inventory_location l ON l.id = g.location_id
"""

# What a complete snapshot leaves out is empty, it says: in the locations that it speaks of at all.
ADD_LEFT_OUT = """
INSERT INTO inventory_snapshotrow (snapshot_id, line, location_id, variant_id, quantity)
SELECT %(snapshot)s, 0, s.location_id, s.variant_id, 0
  FROM inventory_stocklevel s
 WHERE s.on_hand <> 0
   AND s.location_id IN (SELECT DISTINCT location_id FROM inventory_snapshotrow WHERE snapshot_id = %(snapshot)s)
   AND NOT EXISTS (SELECT 1 FROM inventory_snapshotrow r WHERE r.snapshot_id = %(snapshot)s
                    AND r.location_id = s.location_id AND r.variant_id = s.variant_id)
"""


@transaction.atomic
def read_next(*, snapshot_id: int, now: datetime, most: int = LINES) -> bool:
    """Read the next lines; False where another worker is at it or the reading has ended."""
    snapshot = _lock(snapshot_id)
    if snapshot is None or snapshot.status != Snapshot.Status.READING:
        return False
    try:
        with snapshot.file.open("rb") as file:
            found = read_slice(
                file.file, shape=SHELVES,
                form=snapshot.format, columns=snapshot.feed.columns, offset=snapshot.bytes_read,
                line=snapshot.lines_read, most=most, location=snapshot.location_code,
            )  # fmt: skip
    except (BadFile, FileNotFoundError) as error:
        _stop(snapshot, str(error), now)
        return False
    _keep(snapshot, found)
    if found.is_last:
        _end(snapshot, now)
    return True


def _lock(snapshot_id: int) -> Snapshot | None:
    rows = Snapshot.objects.select_related("feed__group", "feed__api_key").select_for_update(
        of=("self",), skip_locked=True
    )
    return rows.filter(pk=snapshot_id).first()


def _keep(snapshot: Snapshot, found: Slice) -> None:
    good, bad = _known(snapshot, found.rows)
    bad += found.bad
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(f"{snapshot.pk}\t{line}\t{place}\t{variant}\t{units}\n"
                           for line, place, variant, units in good))  # fmt: skip
    room = max(0, MOST_KEPT - snapshot.bad_count)
    SnapshotProblem.objects.bulk_create(
        SnapshotProblem(snapshot=snapshot, line=each.line, kind=each.kind, reason=each.reason[:300], raw=each.raw)
        for each in bad[:room]
    )
    snapshot.bytes_read, snapshot.lines_read = found.offset, found.line
    snapshot.row_count += len(good)
    snapshot.bad_count += len(bad)
    snapshot.save(update_fields=["bytes_read", "lines_read", "row_count", "bad_count"])


def _known(snapshot: Snapshot, rows: Sequence[Reported]) -> tuple[list[tuple[int, int, int, int]], list[Bad]]:
    """(line, location, variant, units) of the rows whose location and SKU we know; and those of which we do not."""
    places: dict[str, int] = dict(
        snapshot.feed.locations.filter(code__in={row.location for row in rows}).values_list("code", "pk")
    )
    variants: dict[str, int] = dict(
        Variant.objects.filter(sku__in={row.sku for row in rows}).values_list("sku", "pk")
    )  # fmt: skip
    good, bad = [], []
    for row in rows:
        place, variant = places.get(row.location), variants.get(row.sku)
        if place is None:
            reason = _("This source has no location with the code %s.") % row.location[:40]
            bad.append(_unknown(row, ProblemKind.LOCATION, reason))
        elif variant is None:
            bad.append(_unknown(row, ProblemKind.SKU, _("No variant has the SKU %s.") % row.sku[:64]))
        else:
            good.append((row.line, place, variant, row.quantity))
    return good, bad


def _unknown(row: Reported, kind: str, reason: str) -> Bad:
    raw = {"sku": row.sku[:200], "location": row.location[:200], "quantity": str(row.quantity)}
    return Bad(row.line, kind, reason, raw)


def _end(snapshot: Snapshot, now: datetime) -> None:
    """Everything is read: repeated shelves are told, what was left out is added, and a bad file stops here."""
    with connection.cursor() as cursor:
        reason = _("The shelf stands in line %s already.")
        cursor.execute(TAKE_REPEATS, {"snapshot": snapshot.pk, "reason": reason})
        repeated = cursor.rowcount
        snapshot.bad_count += repeated
        snapshot.row_count -= repeated
        if not snapshot.row_count:
            return _stop(snapshot, _("No row of it can be used."), now)
        percent = 100 * snapshot.bad_count / (snapshot.row_count + snapshot.bad_count)
        if percent > snapshot.feed.most_bad_percent:
            return _stop(snapshot, _("%(percent).1f %% of its rows are bad; %(most)d %% are tolerated.")
                         % {"percent": percent, "most": snapshot.feed.most_bad_percent}, now)  # fmt: skip
        if snapshot.is_complete:
            cursor.execute(ADD_LEFT_OUT, {"snapshot": snapshot.pk})
            snapshot.row_count += cursor.rowcount
    snapshot.save(update_fields=["row_count", "bad_count"])
    move(snapshot, Snapshot.Status.COMPARING, by=BY)
    return None


def _stop(snapshot: Snapshot, reason: str, now: datetime) -> None:
    """Nothing of it was compared, so nothing of it changed any stock."""
    snapshot.save(update_fields=["row_count", "bad_count"])
    move(snapshot, Snapshot.Status.STOPPED, by=BY, reason=reason[:200], stop_reason=reason[:300], finished_at=now)
    emit(events.SNAPSHOT_STOPPED, aggregate=snapshot.subject, by=BY, payload={
        "feed": snapshot.feed.code, "key": snapshot.key, "reason": reason, "bad": snapshot.bad_count,
    })  # fmt: skip
