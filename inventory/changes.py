"""What channels read to stay in step: shelves that changed after a number, and digests by which both sides compare.

A digest is MD5 over one line per shelf that holds anything, `sku:on_hand:available` and a line feed, ordered by the
bytes of the SKU. Shelves lie in 256 buckets, by the first two hexadecimal digits of the MD5 of their SKU; the digest of
a location is MD5 over `bucket:digest` and a line feed of each bucket that has any, in order. A difference is found in
two steps: the buckets whose digests differ, then their rows. (`available` is what the channel could promise, never less
than 0.)

A kit has no shelf. It stands in the feed and in the digests with what its parts make of it at that location: each
change of one of them is told as a change of the kit too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5

from django.db import connection
from django.db.models import QuerySet

from inventory.atp import ids_of
from inventory.kits import PARTS, WITH_PARTS
from inventory.models import Location
from inventory.models.kept_back import AVAILABLE, rules

BUCKET = "substr(md5(v.sku), 1, 2)"

# A kit that ended, or has no part there any more, has nothing to give. A row's version is its number: the shelf's own
# version knows nothing of the time in which its SKU was a kit, nor of rules and safety stock that changed meanwhile.
AFTER = """
WITH RECURSIVE page AS MATERIALIZED (
    SELECT sequence, variant_id, location_id, made_at, numbered_at FROM inventory_stockchange
     WHERE sequence > %s ORDER BY sequence LIMIT %s
), mentioned AS (SELECT COALESCE(array_agg(DISTINCT variant_id), '{{}}') AS ids FROM page),
{parts}, {rules}
SELECT p.sequence, v.sku, l.code, COALESCE(s.on_hand, 0), COALESCE(s.reserved, 0),
       GREATEST(0, COALESCE({available}, 0)), p.sequence, p.made_at, p.numbered_at
  FROM page p
  JOIN inventory_variant v ON v.id = p.variant_id
  JOIN inventory_location l ON l.id = p.location_id
  LEFT JOIN inventory_stocklevel s ON s.variant_id = p.variant_id AND s.location_id = p.location_id
 WHERE l.id IN ({places}) AND p.variant_id <> ALL(ARRAY(SELECT kit_id FROM parts))
UNION ALL
SELECT p.sequence, v.sku, l.code, k.on_hand, 0, k.available, p.sequence, p.made_at, p.numbered_at
  FROM page p JOIN inventory_variant v ON v.id = p.variant_id JOIN inventory_location l ON l.id = p.location_id
  JOIN LATERAL (
       SELECT min(GREATEST(0, COALESCE(s.on_hand, 0)) / t.quantity)::int AS on_hand,
              min(GREATEST(0, COALESCE({available}, 0)) / t.quantity)::int AS available
         FROM parts t LEFT JOIN inventory_stocklevel s ON s.variant_id = t.component_id AND s.location_id = l.id
        WHERE t.kit_id = p.variant_id HAVING count(*) > 0) k ON true
 WHERE l.id IN ({places}) ORDER BY 1
"""
ENDS = """
SELECT COALESCE((SELECT sequence FROM inventory_stockchange ORDER BY sequence LIMIT 1), 1),
       COALESCE((SELECT max(sequence) FROM inventory_stockchange), 0)
"""

ROWS = """
WITH RECURSIVE mentioned AS (
    SELECT COALESCE(array_agg(variant_id), '{{}}') AS ids FROM inventory_stocklevel
     WHERE location_id = %(place)s AND on_hand <> 0
), {rules}, part AS MATERIALIZED (
    SELECT kit_id, component_id, quantity, count(*) OVER (PARTITION BY kit_id) AS kinds FROM inventory_kitcomponent
), shelf AS (
    SELECT v.sku, {bucket} AS bucket, s.on_hand, GREATEST(0, {available}) AS available
      FROM inventory_stocklevel s JOIN inventory_location l ON l.id = s.location_id
      JOIN inventory_variant v ON v.id = s.variant_id
     WHERE s.location_id = %(place)s AND s.on_hand <> 0
    UNION ALL
    SELECT v.sku, {bucket}, k.on_hand, k.available FROM (
        SELECT p.kit_id, min(s.on_hand / p.quantity) AS on_hand,
               min(GREATEST(0, {available}) / p.quantity)::int AS available
          FROM part p JOIN inventory_stocklevel s ON s.variant_id = p.component_id AND s.location_id = %(place)s
          JOIN inventory_location l ON l.id = s.location_id
         GROUP BY p.kit_id, p.kinds HAVING count(*) = p.kinds AND min(s.on_hand / p.quantity) > 0) k
      JOIN inventory_variant v ON v.id = k.kit_id
)"""
BUCKETS = """
SELECT bucket, count(*),
       md5(string_agg(sku || ':' || on_hand || ':' || available || E'\\n', '' ORDER BY sku COLLATE "C")),
       (SELECT COALESCE(max(sequence), 0) FROM inventory_stockchange)
  FROM shelf GROUP BY bucket ORDER BY bucket COLLATE "C"
"""
OF_BUCKET = """
SELECT sku, on_hand, available, (SELECT COALESCE(max(sequence), 0) FROM inventory_stockchange)
  FROM shelf WHERE bucket = %(bucket)s ORDER BY sku COLLATE "C"
"""


@dataclass(frozen=True)
class Change:
    """A shelf that changed, as it is now: at least as new as its number."""

    sequence: int
    sku: str
    location: str
    on_hand: int
    reserved: int
    available: int
    version: int  # of one SKU at one location the larger one is the newer
    changed_at: datetime
    told_at: datetime


@dataclass(frozen=True)
class Bucket:
    """So many shelves, and the digest of them."""

    bucket: str
    shelves: int
    digest: str


@dataclass(frozen=True)
class Digest:
    """A location at a moment: everything up to `sequence` is in it."""

    sequence: int
    buckets: Sequence[Bucket]

    @property
    def shelves(self) -> int:
        return sum(each.shelves for each in self.buckets)

    @property
    def digest(self) -> str:
        return digest_of(f"{each.bucket}:{each.digest}" for each in self.buckets)


def digest_of(lines) -> str:
    """MD5 over lines, each with its line feed: told apart they are, kept secret they need not be."""
    return md5("".join(f"{line}\n" for line in lines).encode(), usedforsecurity=False).hexdigest()


def ends() -> tuple[int, int]:
    """The first number that is still kept, and the last one given (1 and 0 where there are none)."""
    with connection.cursor() as cursor:
        cursor.execute(ENDS)
        first, last = cursor.fetchone()
        return int(first), int(last)


def changes_after(*, sequence: int, places: QuerySet[Location], channel: str, most: int) -> list[Change]:
    """Of the next `most` numbers those of `places`; one query."""
    ids, values = ids_of(places)
    variants = "(SELECT ids FROM mentioned)"
    text = AFTER.format(
        places=ids, parts=PARTS.format(variants=variants), available=AVAILABLE,
        rules=rules(channel="%s", variants=WITH_PARTS.format(variants=variants)),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(text, [sequence, most, channel, *values, *values])
        return [Change(*row) for row in cursor.fetchall()]


def digest(*, location: Location, channel: str) -> Digest:
    """All shelves of a location that hold anything, in one statement and so of one moment."""
    rows = _shelves(BUCKETS, location, channel)
    sequence = rows[0][3] if rows else ends()[1]
    return Digest(sequence, [Bucket(*row[:3]) for row in rows])


def shelves_of_bucket(*, location: Location, channel: str, bucket: str) -> list[tuple[str, int, int]]:
    """(SKU, on hand, available) of one bucket, ordered by SKU."""
    return [row[:3] for row in _shelves(OF_BUCKET, location, channel, bucket=bucket)]


def _shelves(select: str, location: Location, channel: str, **values: str) -> list[tuple]:
    text = (ROWS + select).format(bucket=BUCKET, **_parts("%(channel)s"))
    with connection.cursor() as cursor:
        cursor.execute(text, {"place": location.pk, "channel": channel, **values})
        return cursor.fetchall()


def _parts(channel: str) -> dict[str, str]:
    return {"rules": rules(channel=channel, variants="(SELECT ids FROM mentioned)"), "available": AVAILABLE}
