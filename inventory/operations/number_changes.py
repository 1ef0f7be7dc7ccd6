"""Give committed changes of shelves their numbers in the feed, and tell of shelves that ran low, out or in again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from inventory import events, preferences
from inventory.models import Location, Variant
from inventory.models.kept_back import OWN
from inventory.models.stock_change import STEPS
from omni.core.events import NewEvent, emit_many
from omni.core.settings_store import setting

ONE_AT_A_TIME = 0x73746F63  # "stoc"
AT_ONCE = 5_000
SLICE = 20_000
LAGS_ARE_KEPT = timedelta(days=35)

# A shelf that changed several times gets one number: what it could give before the first change and after the last.
# Rows of one shelf ascend in commit order, because its row lock is held when they are written. What moved nothing (a
# rule) says nothing where something else did.
#
# Kits change with their parts, at that location: what the parts made of a kit before the first change, and make after
# the last. Of a part whose news are not all taken yet, what it could give before the next of them; else what it can
# give now. The next one is looked up part by part (index `news_of_shelf`), and a slice ends at an id that the planner
# knows: however long the backlog is and however old the table's statistics are, a slice costs the same.
NUMBER = f"""
WITH taken AS (
    DELETE FROM inventory_shelfnews WHERE id <= %(until)s
    RETURNING id, variant_id, location_id, was, becomes, made_at
), shelf AS (
    SELECT variant_id, location_id, (array_agg(was ORDER BY was = becomes, id))[1] AS was,
           (array_agg(becomes ORDER BY was = becomes, id DESC))[1] AS becomes, min(made_at) AS made_at
      FROM taken GROUP BY 1, 2
), lag AS (
    INSERT INTO inventory_changelag AS g (hour, source, step, changes)
    SELECT date_trunc('hour', now(), 'UTC'), m.source,
           width_bucket(extract(epoch FROM greatest(clock_timestamp() - t.made_at, interval '0')),
                        %(steps)s::numeric[]), count(*)
      FROM taken t JOIN inventory_stockmovement m
        ON m.variant_id = t.variant_id AND m.location_id = t.location_id AND m.recorded_at = t.made_at
     WHERE m.bucket = '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (hour, source, step) DO UPDATE SET changes = g.changes + EXCLUDED.changes
), kit AS (
    SELECT variant_id, location_id, min(made_at) AS made_at FROM (
        SELECT k.kit_id AS variant_id, s.location_id, s.made_at FROM shelf s
          JOIN inventory_kitcomponent k ON k.component_id = s.variant_id
        UNION ALL
        SELECT s.variant_id, s.location_id, s.made_at FROM shelf s
         WHERE EXISTS (SELECT 1 FROM inventory_kitcomponent k WHERE k.kit_id = s.variant_id)) AS each GROUP BY 1, 2
), later AS (
    SELECT p.variant_id, p.location_id, n.was
      FROM (SELECT DISTINCT k.component_id AS variant_id, kit.location_id
              FROM kit JOIN inventory_kitcomponent k ON k.kit_id = kit.variant_id) p
      CROSS JOIN LATERAL (SELECT was FROM inventory_shelfnews
                           WHERE variant_id = p.variant_id AND location_id = p.location_id
                             AND id > %(until)s AND id > 0
                           ORDER BY id LIMIT 1) n
), part AS (
    SELECT k.kit_id, kit.location_id, k.quantity,
           COALESCE(n.was, f.was, {OWN.format("l")}, 0) AS was,
           COALESCE(f.was, {OWN.format("l")}, 0) AS becomes
      FROM kit JOIN inventory_kitcomponent k ON k.kit_id = kit.variant_id
      LEFT JOIN shelf n ON n.variant_id = k.component_id AND n.location_id = kit.location_id
      LEFT JOIN later f ON f.variant_id = k.component_id AND f.location_id = kit.location_id
      LEFT JOIN inventory_stocklevel l ON l.variant_id = k.component_id AND l.location_id = kit.location_id
), crossing AS (
    SELECT variant_id, location_id, was, becomes FROM shelf s
     WHERE NOT EXISTS (SELECT 1 FROM inventory_kitcomponent k WHERE k.kit_id = s.variant_id)
    UNION ALL
    SELECT p.kit_id, p.location_id, COALESCE(min(own.was), min(GREATEST(0, p.was) / p.quantity)),
           min(GREATEST(0, p.becomes) / p.quantity)
      FROM part p LEFT JOIN shelf own ON own.variant_id = p.kit_id AND own.location_id = p.location_id
     GROUP BY 1, 2
), told AS (
    SELECT variant_id, location_id, min(made_at) AS made_at
      FROM (SELECT variant_id, location_id, made_at FROM shelf UNION ALL SELECT * FROM kit) AS each GROUP BY 1, 2
), numbered AS (
    INSERT INTO inventory_stockchange (sequence, variant_id, location_id, made_at, numbered_at)
    SELECT (SELECT COALESCE(max(sequence), 0) FROM inventory_stockchange)
           + row_number() OVER (ORDER BY made_at, variant_id, location_id),
           variant_id, location_id, made_at, clock_timestamp()
      FROM told
)
SELECT variant_id, location_id, was, becomes FROM crossing ORDER BY 1, 2
"""  # noqa: S608

SLICE_ENDS = "SELECT max(id) FROM (SELECT id FROM inventory_shelfnews ORDER BY id LIMIT %s) AS slice"

FORGET = """
DELETE FROM inventory_stockchange WHERE sequence IN (
    SELECT sequence FROM inventory_stockchange
     WHERE numbered_at < %s AND sequence < (SELECT max(sequence) FROM inventory_stockchange)
     ORDER BY sequence LIMIT %s)
"""


@transaction.atomic
def number_changes(most: int = AT_ONCE) -> int:
    """Number what was committed; how many shelves that were, 0 where there is no news.

    The lock lasts until the numbers are visible: they are given and seen in one order, without gaps.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM inventory_shelfnews)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute(SLICE_ENDS, [most])
        (until,) = cursor.fetchone()
        if until is None:  # another process was faster
            return 0
        cursor.execute(NUMBER, {"until": until, "steps": list(STEPS)})
        shelves = cursor.fetchall()
    _tell_crossings(shelves)
    return len(shelves)


def forget_changes(*, now: datetime) -> int:
    """Let go of numbers older than HQ keeps them, all but the last; returns how many."""
    until = now - timedelta(days=setting(preferences.CHANGES_DAYS))
    gone, slice_ = 0, SLICE
    while slice_ == SLICE:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [until, SLICE])
            slice_ = cursor.rowcount
        gone += slice_
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_changelag WHERE hour < %s", [now - LAGS_ARE_KEPT])
    return gone


def _tell_crossings(shelves: Iterable[tuple[int, int, int, int]]) -> None:
    low = setting(preferences.LOW_STOCK_UNITS)
    crossed = [(variant, place, _state(was, low), _state(becomes, low), becomes)
               for variant, place, was, becomes in shelves if _state(was, low) != _state(becomes, low)]  # fmt: skip
    if not crossed:
        return
    skus = dict(Variant.objects.filter(pk__in={row[0] for row in crossed}).values_list("pk", "sku"))
    codes = dict(Location.objects.filter(pk__in={row[1] for row in crossed}).values_list("pk", "code"))
    emit_many(
        NewEvent(
            events.STOCK_CROSSED, ("shelf", f"{place}:{variant}"),
            {"sku": skus[variant], "location": codes[place], "was": was, "state": state, "available": max(0, units)},
        )
        for variant, place, was, state, units in crossed if place in codes
    )  # fmt: skip


def _state(units: int, low: int) -> str:
    if units < 1:
        return "out"
    return "low" if units <= low else "in_stock"
