"""What rules can see of locations: read once for a plan, a preview or a batch, in three queries however many."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from inventory.geo import KM_PER_MILE, Point, distance_km
from inventory.models import Location
from inventory.models.location_set import groups_and_sets_of
from orders.routing.rules import NodeFacts

# Parcels that leave with a carrier of the location's own day, whatever became of them but declined or cancelled.
TAKEN = """
SELECT f.location_id, count(*) FROM orders_fulfillmentorder f JOIN inventory_location l ON l.id = f.location_id
 WHERE f.location_id = ANY(%(places)s) AND f.method = 'ship' AND f.status NOT IN ('declined', 'cancelled')
   AND f.cutoff_at > %(now)s::timestamptz - interval '2 days' AND f.cutoff_at < %(now)s::timestamptz + interval '2 days'
   AND (f.cutoff_at AT TIME ZONE l.timezone)::date = (%(now)s::timestamptz AT TIME ZONE l.timezone)::date
 GROUP BY 1
"""


def see_locations(locations: Sequence[Location], *, near: Point | None, now: datetime) -> list[NodeFacts]:
    """In the order of `locations` (read `with_closures`). `near`: where the order goes, None where nobody knows."""
    groups = groups_and_sets_of(locations)
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, {"places": [each.pk for each in locations], "now": now})
        taken = dict(cursor.fetchall())
    return [
        NodeFacts(
            id=each.pk, kind=each.kind, groups=groups[each.pk], miles=miles(each, near),
            is_open=each.schedule.opens_today(now), is_paused=each.is_paused(now), taken=taken.get(each.pk, 0),
        )
        for each in locations
    ]  # fmt: skip


def miles(location: Location, near: Point | None) -> float | None:
    """None where either end is unknown."""
    if near is None or location.point is None:
        return None
    return distance_km(location.point, near) / KM_PER_MILE
