"""How SQL sees kits: what each is made of, and what a shelf of one would hold (docs/decisions/0021).

A kit can be had at a location as often as its scarcest part allows; each part is measured by the channel's rules, as
everywhere. A location that lacks the shelf of any part has none.
"""

from django.db.models import Exists, OuterRef, Q

from inventory.models import KitComponent
from inventory.models.kept_back import AVAILABLE

IS_KIT = Exists(KitComponent.objects.filter(kit=OuterRef("pk")))  # of a variant
OLD = Q(component__is_active=False) | Q(component__product__is_active=False)
HAS_OLD_PART = Exists(KitComponent.objects.filter(OLD, kit=OuterRef("pk")))  # of a variant: no order of it is taken

# The kits among some variants (an SQL array) with their parts, to begin a statement with.
PARTS = """parts AS MATERIALIZED (
    SELECT kit_id, component_id, quantity, count(*) OVER (PARTITION BY kit_id) AS kinds
      FROM inventory_kitcomponent WHERE kit_id = ANY({variants}::bigint[])
)"""
# The same variants and the parts of the kits among them: those whose rules are needed.
WITH_PARTS = "({variants}::bigint[] || ARRAY(SELECT component_id FROM parts))"
KIT_SHELVES = """
SELECT p.kit_id AS variant_id, s.location_id, min(GREATEST(0, {available}) / p.quantity)::int AS available
  FROM parts p JOIN inventory_stocklevel s ON s.variant_id = p.component_id
  JOIN inventory_location l ON l.id = s.location_id
 WHERE {where}
 GROUP BY p.kit_id, s.location_id, p.kinds HAVING count(*) = p.kinds"""
IS_NO_KIT = "s.variant_id <> ALL(ARRAY(SELECT kit_id FROM parts))"
AS_JSON = """(SELECT jsonb_agg(jsonb_build_array(kit_id, component_id, quantity))::text FROM parts)"""


def kit_shelves(where: str) -> str:
    """What shelves of the kits would hold, in place of `inventory_stocklevel`; `where` speaks of the locations `l`."""
    return KIT_SHELVES.format(available=AVAILABLE, where=where)


def of_parts(parts: list[tuple[int, int]], shelf: dict[int, int]) -> int:
    """How many kits these units of each variant make; `parts` are (variant, units in each kit)."""
    return min((max(0, shelf.get(variant, 0)) // units for variant, units in parts), default=0)
