"""A kit that is made of other parts, or ends, can be had elsewhere though no unit moved: the changes feed tells it."""

from collections.abc import Mapping

from django.db import connection

from inventory.models.kept_back import OWN

# What the parts made of it and what they make now, by each location's own safety stock, wherever any part has a shelf.
TELL = f"""
WITH shelf AS (
    SELECT s.variant_id, s.location_id, GREATEST(0, {OWN.format("s")}) AS units
      FROM inventory_stocklevel s WHERE s.variant_id = ANY(%(was)s::bigint[] || %(parts)s::bigint[])
), was AS (
    SELECT s.location_id, min(s.units / p.units) AS kits
      FROM unnest(%(was)s::bigint[], %(was_units)s::int[]) AS p(part, units) JOIN shelf s ON s.variant_id = p.part
     GROUP BY 1 HAVING count(*) = cardinality(%(was)s::bigint[])
), becomes AS (
    SELECT s.location_id, min(s.units / p.units) AS kits
      FROM unnest(%(parts)s::bigint[], %(units)s::int[]) AS p(part, units) JOIN shelf s ON s.variant_id = p.part
     GROUP BY 1 HAVING count(*) = cardinality(%(parts)s::bigint[])
)
INSERT INTO inventory_shelfnews (variant_id, location_id, was, becomes, made_at)
SELECT %(kit)s, s.location_id, COALESCE(was.kits, 0), COALESCE(becomes.kits, 0), now()
  FROM (SELECT DISTINCT location_id FROM shelf) s
  LEFT JOIN was ON was.location_id = s.location_id LEFT JOIN becomes ON becomes.location_id = s.location_id
 ORDER BY s.location_id
"""  # noqa: S608


def tell_kit(*, kit_id: int, before: Mapping[int, int], after: Mapping[int, int]) -> int:
    """Put the kit into the feed at every location of its parts (variant -> units in each); returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(TELL, {
            "kit": kit_id, "was": list(before), "was_units": list(before.values()), "parts": list(after),
            "units": list(after.values()),
        })  # fmt: skip
        return int(cursor.rowcount)
