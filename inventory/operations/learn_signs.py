"""Read what happened at shelves since the last look: pickers' visits, sales and counts, span by span.

A visit is written down with the signs that its shelf had before the span began, and only then do the signs take up what
happened in it: nothing that came later can leak into what is learned from it.
"""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from inventory.models import OffShelf, SignsKnown, StockMovement
from inventory.models.kept_back import PATH
from inventory.models.shelf_sign import FADE_LOOKED, FADE_SOLD, LONGEST, faded, signs
from inventory.models.sure_enough import OF_VISIT, chance
from inventory.operations.forget_off_shelf import KEPT

SPAN = timedelta(minutes=15)
LONG_SPAN = timedelta(days=1)  # of the time before pickers' scans are kept: there are no visits to tell apart
SETTLED = timedelta(minutes=5)  # whoever writes about a span has committed by then
SECONDS = 15.0

# Units of the ledger and of pickers' hands, and counts that hold from a moment, each within one span.
HAPPENED = """
WITH happened AS (
    SELECT variant_id, location_id, NULL::timestamptz AS counted, 0 AS found, quantity AS missed, 0 AS sold
      FROM inventory_stockmovement
     WHERE recorded_at >= %(since)s AND recorded_at < %(until)s AND kind = 'set_aside' AND bucket = 'not_found'
       AND quantity > 0 AND cause LIKE 'reservation:%%'
    UNION ALL
    SELECT variant_id, location_id, NULL, 0, 0, -quantity FROM inventory_stockmovement
     WHERE recorded_at >= %(since)s AND recorded_at < %(until)s AND bucket = '' AND quantity < 0
       AND kind IN ('pos_sale', 'ship', 'pickup', 'carry_out')
    UNION ALL
    SELECT variant_id, location_id, NULL, quantity, 0, 0 FROM inventory_offshelf
     WHERE at >= %(since)s AND at < %(until)s AND is_pick
    UNION ALL
    SELECT variant_id, location_id, done_at, 0, 0, 0 FROM inventory_cyclecount
     WHERE done_at >= %(since)s AND done_at < %(until)s
    UNION ALL
    SELECT variant_id, location_id, last_at, 0, 0, 0 FROM inventory_countline
     WHERE settled_at >= %(since)s AND settled_at < %(until)s AND state IN ('booked', 'matches')
), shelf AS MATERIALIZED (
    SELECT variant_id, location_id, max(counted) AS counted_at, GREATEST(0, sum(found))::int AS found,
           sum(missed)::int AS missed, sum(sold)::int AS sold
      FROM happened GROUP BY 1, 2
)"""

VISITS = """{happened}, visit AS MATERIALIZED (
    SELECT shelf.variant_id, shelf.location_id, shelf.found, shelf.missed, {path} AS path,
           ARRAY[{signs}]::float8[] AS signs
      FROM shelf JOIN inventory_variant v ON v.id = shelf.variant_id JOIN inventory_product c ON c.id = v.product_id
      LEFT JOIN inventory_shelfsign f ON f.location_id = shelf.location_id AND f.variant_id = shelf.variant_id
      LEFT JOIN LATERAL (
           SELECT m.on_hand_after FROM inventory_stockmovement m
            WHERE m.variant_id = shelf.variant_id AND m.location_id = shelf.location_id AND m.bucket = ''
              AND m.recorded_at < %(since)s
            ORDER BY m.recorded_at DESC, m.id DESC LIMIT 1) book ON true
     WHERE shelf.found > 0 OR shelf.missed > 0
)
INSERT INTO inventory_pickvisit
       (variant_id, location_id, at, is_found, found, missed, signs, path, said, said_by_id)
SELECT w.variant_id, w.location_id, %(since)s, w.missed = 0, w.found, w.missed, w.signs, w.path,
       CASE WHEN m.id IS NOT NULL THEN {chance} END, m.id
  FROM visit w
  LEFT JOIN inventory_confidencemodel m ON m.is_active AND m.fitted_at <= %(since)s
ON CONFLICT (variant_id, location_id, at) DO NOTHING
"""
VISITS = VISITS.format(
    happened=HAPPENED, path=PATH.format("c.category"),
    signs=", ".join(signs("f", "COALESCE(book.on_hand_after, 0)", "%(since)s::timestamptz")),
    chance=chance(OF_VISIT),
)  # fmt: skip

TAKE_UP = """{happened}
INSERT INTO inventory_shelfsign AS f
       (variant_id, location_id, counted_at, missed, missed_at, found, found_at, sold, sold_at)
SELECT variant_id, location_id, counted_at, missed, CASE WHEN missed > 0 THEN %(until)s::timestamptz END,
       found, CASE WHEN found > 0 THEN %(until)s::timestamptz END,
       sold, CASE WHEN sold > 0 THEN %(until)s::timestamptz END
  FROM shelf WHERE counted_at IS NOT NULL OR missed > 0 OR found > 0 OR sold > 0
 ORDER BY location_id, variant_id
ON CONFLICT (location_id, variant_id) DO UPDATE SET
    counted_at = GREATEST(f.counted_at, EXCLUDED.counted_at),
    missed = CASE WHEN EXCLUDED.missed > 0 THEN EXCLUDED.missed
             + {missed} ELSE f.missed END,
    missed_at = COALESCE(EXCLUDED.missed_at, f.missed_at),
    found = CASE WHEN EXCLUDED.found > 0 THEN EXCLUDED.found
            + {found} ELSE f.found END,
    found_at = COALESCE(EXCLUDED.found_at, f.found_at),
    sold = CASE WHEN EXCLUDED.sold > 0 THEN EXCLUDED.sold
           + {sold} ELSE f.sold END,
    sold_at = COALESCE(EXCLUDED.sold_at, f.sold_at)
"""
TAKE_UP = TAKE_UP.format(happened=HAPPENED, **{
    name: faded(f"f.{name}", f"f.{name}_at", "%(until)s::timestamptz", over=over)
    for name, over in (("missed", FADE_LOOKED), ("found", FADE_LOOKED), ("sold", FADE_SOLD))
})  # fmt: skip

# Where nothing happened for long there is nothing to read span by span.
NEXT = """
SELECT LEAST(
    (SELECT min(recorded_at) FROM inventory_stockmovement WHERE recorded_at >= %(since)s AND recorded_at < %(soon)s),
    (SELECT min(at) FROM inventory_offshelf WHERE at >= %(since)s AND at < %(soon)s),
    (SELECT min(done_at) FROM inventory_cyclecount WHERE done_at >= %(since)s AND done_at < %(soon)s),
    (SELECT min(settled_at) FROM inventory_countline WHERE settled_at >= %(since)s AND settled_at < %(soon)s))
"""


def learn_signs(*, now: datetime, seconds: float = SECONDS) -> int:
    """Take up whole spans until `now`, for so many seconds; returns how many. Killed anywhere, it goes on behind the
    last whole span."""
    ends, spans = time.monotonic() + seconds, 0
    while time.monotonic() < ends and _take_up_next(now):
        spans += 1
    return spans


@transaction.atomic
def _take_up_next(now: datetime) -> bool:
    """One span in one transaction; a second worker does nothing."""
    known = SignsKnown.objects.select_for_update(skip_locked=True).first()
    if known is None:
        return _begin(now)
    since = _skip(known.until, now)
    until = since + _length(since, now)
    if until > now - SETTLED:
        return False
    # Of a time whose scans are let go only the misses would be left: that is nothing to learn from.
    statements = (VISITS, TAKE_UP) if since >= now - KEPT else (TAKE_UP,)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"since": since, "until": until})
    known.until = until
    known.save(update_fields=["until"])
    return True


def _begin(now: datetime) -> bool:
    """With the ledger's first row of the last year; false where another worker is at it."""
    if SignsKnown.objects.exists():
        return False
    lately = StockMovement.objects.filter(recorded_at__gte=now - timedelta(days=LONGEST))
    first = [lately.aggregate(at=Min("recorded_at"))["at"], OffShelf.objects.aggregate(at=Min("at"))["at"]]
    began = min([now, *(at for at in first if at)])
    return SignsKnown.objects.bulk_create([SignsKnown(pk=1, until=_floor(began))], ignore_conflicts=True) != []


def _skip(since: datetime, now: datetime) -> datetime:
    """The beginning of the first span from then on in which anything happened; a day on where it is all quiet."""
    soon = min(since + LONG_SPAN, now)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"since": since, "soon": soon})
        found = cursor.fetchone()[0]
    return max(since, _floor(found or max(since, min(soon, now - SETTLED) - SPAN)))


def _length(since: datetime, now: datetime) -> timedelta:
    is_long_ago = since < now - KEPT - LONG_SPAN and since == since.replace(hour=0, minute=0, second=0, microsecond=0)
    return LONG_SPAN if is_long_ago else SPAN


def _floor(at: datetime) -> datetime:
    seconds = int(SPAN.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=UTC)
