"""Where a number of a shelf and the rows that prove it disagree.

Three numbers are kept beside what they are the sum of, so that nobody adds up a ledger to sell a shirt: what is on
hand, what is held apart, and what is promised. Nothing in the house lets them part; a restored backup, a row typed over
in the database or a defect could. `shown` is the number, `summed` what its rows add up to.
"""

import secrets
from dataclasses import dataclass

from django.db import connection

from inventory.models import Drift

Number = Drift.Number
HEAVIEST = 2**31 - 1


@dataclass(frozen=True)
class Sum:
    """A kept number and the rows that prove it: two tables of (variant_id, location_id, bucket, units)."""

    kept: str
    rows: str
    by_bucket: bool = False


SUMS = {
    Number.ON_HAND: Sum(
        "SELECT variant_id, location_id, '' AS bucket, on_hand AS units FROM inventory_stocklevel",
        "SELECT variant_id, location_id, '' AS bucket, quantity AS units FROM inventory_stockmovement"
        " WHERE bucket = ''",
    ),
    Number.HELD: Sum(
        "SELECT variant_id, location_id, bucket, quantity AS units FROM inventory_stockheld",
        "SELECT variant_id, location_id, bucket, quantity AS units FROM inventory_stockmovement WHERE bucket <> ''",
        by_bucket=True,
    ),
    Number.PROMISED: Sum(
        "SELECT variant_id, location_id, '' AS bucket, reserved AS units FROM inventory_stocklevel",
        "SELECT variant_id, location_id, '' AS bucket, quantity AS units FROM inventory_reservation"
        " WHERE status = 'held'",
    ),
}


def question(number: str) -> str:
    """The statement that finds the drifted shelves: (variant_id, location_id, bucket, shown, summed).

    Ten million shelves are not added up one by one. Each location is first weighed on both sides, its units times a
    weight of their item: that needs one pass over each table and a row of memory for each location. Only where the two
    differ are its shelves added up. The weights are drawn anew for each question, so that shelves which drifted
    weigh the same on both sides once in 2^31 times, and not the next day again.
    """
    one, seed = SUMS[Number(number)], secrets.randbits(62)
    key = f"hashint8extended(variant_id, {seed})"
    if one.by_bucket:
        key = f"hashtextextended(bucket, {key})"
    weighed = f"SELECT location_id, sum(units * ({key} & {HEAVIEST})) AS weight"  # 31 bits each: no product overflows
    # Every word of it is this module's own.
    return f"""
WITH doubtful AS MATERIALIZED (
    SELECT location_id
      FROM ({weighed} FROM ({one.kept}) k GROUP BY 1) k
      FULL JOIN ({weighed} FROM ({one.rows}) r GROUP BY 1) r USING (location_id)
     WHERE COALESCE(k.weight, 0) <> COALESCE(r.weight, 0)
)
SELECT variant_id, location_id, bucket, COALESCE(k.units, 0) AS shown, COALESCE(r.units, 0)::int AS summed
  FROM (SELECT * FROM ({one.kept}) k WHERE location_id IN (SELECT location_id FROM doubtful)) k
  FULL JOIN (SELECT variant_id, location_id, bucket, sum(units) AS units FROM ({one.rows}) r
              WHERE location_id IN (SELECT location_id FROM doubtful) GROUP BY 1, 2, 3) r
      USING (variant_id, location_id, bucket)
 WHERE COALESCE(k.units, 0) <> COALESCE(r.units, 0)"""  # noqa: S608


CHECKS = {"stock-ledger", "stock-held-ledger", "stock-reserved"}  # the audit's questions about the same three

# The same of one shelf, by its key: asked while its locks are held.
OF_ONE = {
    Number.ON_HAND: """
SELECT COALESCE((SELECT on_hand FROM inventory_stocklevel WHERE variant_id = %(v)s AND location_id = %(l)s), 0),
       COALESCE((SELECT sum(quantity) FROM inventory_stockmovement
                  WHERE variant_id = %(v)s AND location_id = %(l)s AND bucket = ''), 0)::int""",
    Number.HELD: """
SELECT COALESCE((SELECT quantity FROM inventory_stockheld
                  WHERE variant_id = %(v)s AND location_id = %(l)s AND bucket = %(b)s), 0),
       COALESCE((SELECT sum(quantity) FROM inventory_stockmovement
                  WHERE variant_id = %(v)s AND location_id = %(l)s AND bucket = %(b)s), 0)::int""",
    Number.PROMISED: """
SELECT COALESCE((SELECT reserved FROM inventory_stocklevel WHERE variant_id = %(v)s AND location_id = %(l)s), 0),
       COALESCE((SELECT sum(quantity) FROM inventory_reservation
                  WHERE variant_id = %(v)s AND location_id = %(l)s AND status = 'held'), 0)::int""",
}


@dataclass(frozen=True)
class Found:
    """One number that is not the sum of its rows; units."""

    number: str
    variant_id: int
    location_id: int
    bucket: str
    shown: int
    summed: int

    @property
    def key(self) -> tuple[str, int, int, str]:
        return str(self.number), self.variant_id, self.location_id, self.bucket


def find_drift(number: str, most: int) -> list[Found]:
    """Up to `most` shelves whose number drifted, in the order of their keys. Reads every row there is."""
    with connection.cursor() as cursor:
        cursor.execute(f"{question(number)} ORDER BY variant_id, location_id, bucket LIMIT %s", [most])
        return [Found(number, *row) for row in cursor.fetchall()]


def numbers_of(number: str, variant_id: int, location_id: int, bucket: str = "") -> Found:
    """What one shelf shows and what its rows add up to, whether they agree or not."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE[Number(number)], {"v": variant_id, "l": location_id, "b": bucket})
        return Found(number, variant_id, location_id, bucket, *cursor.fetchone())
