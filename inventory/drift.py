"""Where a number of a shelf and the rows that prove it disagree.

Three numbers are kept beside what they are the sum of, so that nobody adds up a ledger to sell a shirt: what is on
hand, what is held apart, and what is promised. Nothing in the house lets them part; a restored backup, a row typed over
in the database or a defect could. `shown` is the number, `summed` what its rows add up to.
"""

from dataclasses import dataclass

from django.db import connection

from inventory.models import Drift

Number = Drift.Number


ON_HAND = """
SELECT variant_id, location_id, '' AS bucket, COALESCE(s.on_hand, 0) AS shown, COALESCE(m.total, 0)::int AS summed
  FROM inventory_stocklevel s
  FULL JOIN (SELECT variant_id, location_id, sum(quantity) AS total FROM inventory_stockmovement
              WHERE bucket = '' GROUP BY 1, 2) m USING (variant_id, location_id)
 WHERE COALESCE(s.on_hand, 0) <> COALESCE(m.total, 0)"""
HELD = """
SELECT variant_id, location_id, bucket, COALESCE(h.quantity, 0) AS shown, COALESCE(m.total, 0)::int AS summed
  FROM inventory_stockheld h
  FULL JOIN (SELECT variant_id, location_id, bucket, sum(quantity) AS total FROM inventory_stockmovement
              WHERE bucket <> '' GROUP BY 1, 2, 3) m USING (variant_id, location_id, bucket)
 WHERE COALESCE(h.quantity, 0) <> COALESCE(m.total, 0)"""
PROMISED = """
SELECT variant_id, location_id, '' AS bucket, COALESCE(s.reserved, 0) AS shown, COALESCE(r.total, 0)::int AS summed
  FROM inventory_stocklevel s
  FULL JOIN (SELECT variant_id, location_id, sum(quantity) AS total FROM inventory_reservation
              WHERE status = 'held' GROUP BY 1, 2) r USING (variant_id, location_id)
 WHERE COALESCE(s.reserved, 0) <> COALESCE(r.total, 0)"""
STATEMENTS = {Number.ON_HAND: ON_HAND, Number.HELD: HELD, Number.PROMISED: PROMISED}
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
    # The statements are this module's own.
    query = f"{STATEMENTS[Number(number)]} ORDER BY variant_id, location_id, bucket LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [most])
        return [Found(number, *row) for row in cursor.fetchall()]


def numbers_of(number: str, variant_id: int, location_id: int, bucket: str = "") -> Found:
    """What one shelf shows and what its rows add up to, whether they agree or not."""
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE[Number(number)], {"v": variant_id, "l": location_id, "b": bucket})
        return Found(number, variant_id, location_id, bucket, *cursor.fetchone())
