"""A rule that begins or ends to hold changes what shelves can give, though no unit moved: the changes feed tells it."""

from django.db import connection

from inventory.models import AvailabilityRule, LocationGroup
from inventory.models.kept_back import OWN, PATH

# The shelf's own number did not change, so nothing crosses; who reads the feed asks what its channel can have now.
TELL = f"""
INSERT INTO inventory_shelfnews (variant_id, location_id, was, becomes)
SELECT s.variant_id, s.location_id, {OWN.format("s")}, {OWN.format("s")}
  FROM inventory_product c JOIN inventory_variant v ON v.product_id = c.id
  JOIN inventory_stocklevel s ON s.variant_id = v.id JOIN inventory_location l ON l.id = s.location_id
 WHERE (%(path)s = '' OR starts_with({PATH.format("c.category")} || ' > ', %(path)s || ' > '))
   AND (%(tag)s = '' OR %(tag)s = ANY(c.tags)) AND (%(groups)s::bigint[] IS NULL OR l.group_id = ANY(%(groups)s))
   AND s.on_hand > s.reserved AND NOT l.is_practice
"""  # noqa: S608


def tell_rule(rule_id: int) -> int:
    """Put every shelf that the rule speaks of and that has anything to give into the feed; returns how many."""
    rule = AvailabilityRule.objects.get(pk=rule_id)
    groups = None if rule.group_id is None else sorted(LocationGroup.with_descendants({rule.group_id}))
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"path": rule.path, "tag": rule.tag, "groups": groups})
        return int(cursor.rowcount)
