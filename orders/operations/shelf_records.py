"""What is known of shelves beside their units: how many sell there, and how surely a line is given.

The chance that a location can give a line is that it accepts, times that the units are found. Each is the mean of a
Beta, shrunk to what the location and the category are like; a confidence model in force says what is found.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from inventory.models.kept_back import PATH
from inventory.models.sure_enough import LOGIT, chance, trust_anyway
from omni.core.prepared import array, prepared
from orders.routing.cost import Record, chance_to_give

# Every placement asks this, so it is one statement: each further one costs more than what it reads.
TEXT = """
WITH asked AS MATERIALIZED (SELECT %s::bigint[] AS variants), {trust}
SELECT t.v, t.l, r.daily_rate, f.finds,
       COALESCE(o.asked, 0), COALESCE(o.declined, 0), COALESCE(o.short, 0),
       COALESCE(p.asked, 0), COALESCE(p.declined, 0), COALESCE(p.short, 0),
       COALESCE(k.asked, 0), COALESCE(k.declined, 0), COALESCE(k.short, 0),
       COALESCE(a.asked, 0), COALESCE(a.declined, 0), COALESCE(a.short, 0)
  FROM unnest(%s::bigint[], %s::bigint[]) AS t(v, l)
  JOIN inventory_variant v ON v.id = t.v
  JOIN (SELECT id, {path} AS path FROM inventory_product c) AS c ON c.id = v.product_id
  LEFT JOIN inventory_salesrate r ON r.variant_id = t.v AND r.location_id = t.l
  LEFT JOIN (SELECT s.variant_id, s.location_id, {chance} AS finds FROM inventory_stocklevel s) AS f
    ON f.variant_id = t.v AND f.location_id = t.l AND EXISTS (SELECT FROM trust)
  LEFT JOIN orders_reliability o ON o.location_id = t.l AND o.path = c.path
  LEFT JOIN orders_reliability p ON p.location_id = t.l AND p.path IS NULL
  LEFT JOIN orders_reliability k ON k.location_id IS NULL AND k.path = c.path
  LEFT JOIN orders_reliability a ON a.location_id IS NULL AND a.path IS NULL
"""
CATEGORY = PATH.format("c.category")
TEXT = TEXT.format(trust=trust_anyway(CATEGORY), chance=chance(LOGIT), path=CATEGORY)


class ShelfRecord(NamedTuple):
    """Units that sell there a day, and the chance that the location gives a line of it (None: nobody knows)."""

    daily_rate: float = 0.0
    chance: float | None = None


UNKNOWN = ShelfRecord()


def shelf_records(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], ShelfRecord]:
    """By (variant, location), of existing variants; whether a shelf is there or not. One query, none for none."""
    pairs = list(keys)
    if not pairs:
        return {}
    variants, places = [variant for variant, _place in pairs], [place for _variant, place in pairs]
    with prepared(values=len(pairs)) as cursor:
        cursor.execute(TEXT, [array(sorted(set(variants))), array(variants), array(places)])
        rows = cursor.fetchall()
    return {
        (variant, place): ShelfRecord(rate or 0.0, _chance(finds, *counts))
        for variant, place, rate, finds, *counts in rows
    }


@lru_cache(maxsize=10_000)  # neighbors differ in little: most shelves of a category at a place share their counts
def _chance(finds: float | None, *counts: int) -> float:
    asked, declined, short = counts[0::3], counts[1::3], counts[2::3]
    accepts = chance_to_give(*(Record(a, d) for a, d in zip(asked, declined, strict=True)))
    if finds is None:
        finds = chance_to_give(*(Record(a - d, s) for a, d, s in zip(asked, declined, short, strict=True)))
    return accepts * finds
