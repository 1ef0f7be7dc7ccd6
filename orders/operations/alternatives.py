"""What could be had instead, when a line cannot be promised: where, how far, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.geo import Point
from inventory.models import Location
from orders.models import OrderLine
from orders.models.order_line import Method

NEAREST = 5


def shortage_errors(
    *, lines: Sequence[OrderLine], missing: Mapping[int, int], near: Point | None, now: datetime
) -> list[dict]:
    """One item per short line: wanted, available, and the nearest stores that could serve it whole."""
    return [
        _error(n, line, missing[line.position], near, now)
        for n, line in enumerate(lines) if line.position in missing
    ]  # fmt: skip


def pickup_alternatives(*, line: OrderLine, quantity: int, around: Location, now: datetime) -> list[Site]:
    """The nearest other stores that have `quantity` of this line's item for pickup."""
    places = open_for_work(Location.objects.filter(can_pick_up=True).exclude(pk=around.pk), now)
    return _serving(line, quantity, places, around.point)


def _error(n: int, line: OrderLine, missing: int, near: Point | None, now: datetime) -> dict:
    pickup = line.method == Method.PICKUP
    flag = {"can_pick_up": True} if pickup else {"can_ship": True}
    places = open_for_work(Location.objects.filter(**flag), now)
    around = near
    if line.pickup_location is not None:
        places, around = places.exclude(pk=line.pickup_location.pk), line.pickup_location.point
    found = _serving(line, line.quantity if pickup else 1, places, around)
    return {
        "pointer": f"/lines/{n}", "code": "insufficient_stock",
        "detail": _("Only %(available)d of %(wanted)d × %(sku)s can be promised.")
        % {"available": line.quantity - missing, "wanted": line.quantity, "sku": line.sku},
        "wanted": line.quantity, "available": line.quantity - missing,
        "alternatives": [alternative(site, line.variant_id, now) for site in found],
    }  # fmt: skip


def alternative(site: Site, variant_id: int, now: datetime) -> dict:
    """A site as the API and the pages show it."""
    place = site.location
    ready = place.schedule.ready_by(now, timedelta(minutes=place.preparation_minutes))
    return {
        "location": place.code, "name": place.name, "available": site.available.get(variant_id, 0),
        "distance_km": None if site.distance_km is None else round(site.distance_km, 1),
        "ready_by": ready.isoformat() if ready else None,
    }  # fmt: skip


def _serving(line: OrderLine, quantity: int, places, around: Point | None) -> list[Site]:
    found = sites(places=stocking(variants=[line.variant_id], places=places), variants=[line.variant_id], near=around)
    return [site for site in found if site.available.get(line.variant_id, 0) >= quantity][:NEAREST]
