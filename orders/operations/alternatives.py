"""What could be had instead, when a line cannot be promised: where, how far, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.utils.translation import gettext as _

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.geo import Point
from inventory.models import Location
from orders.models import OrderLine
from orders.models.order_line import AT_A_STORE

NEAREST = 5


def shortage_errors(
    *, lines: Sequence[OrderLine], missing: Mapping[int, int], channel: str, near: Point | None, now: datetime
) -> list[dict]:
    """One item per short line: wanted, available, and the nearest stores that could serve it whole.

    One query for all lines that are shipped and one for each pickup store, however many lines are short.
    """
    short = {n: line for n, line in enumerate(lines) if line.position in missing}
    found = _elsewhere(list(short.values()), channel, near, now)
    return [_error(n, line, missing[line.position], found[line.pickup_location_id], now) for n, line in short.items()]


def pickup_alternatives(*, line: OrderLine, quantity: int, around: Location, now: datetime) -> list[Site]:
    """The nearest other stores that have `quantity` of this line's item for pickup."""
    places = open_for_work(Location.objects.filter(can_pick_up=True).exclude(pk=around.pk), now)
    return _nearest(_stocked_sites([line.variant_id], places, line.order.channel, around.point), line, quantity)


def _elsewhere(
    lines: Sequence[OrderLine], channel: str, near: Point | None, now: datetime
) -> dict[int | None, list[Site]]:
    """By pickup store (None: shipped) the other sites that have any of its lines' items, nearest first."""
    found: dict[int | None, list[Site]] = {}
    for store in {line.pickup_location_id: line.pickup_location for line in lines}.values():
        variants = [line.variant_id for line in lines if line.pickup_location == store]
        if store is None:
            places = open_for_work(Location.objects.filter(can_ship=True), now)
        else:
            places = open_for_work(Location.objects.filter(can_pick_up=True).exclude(pk=store.pk), now)
        around = near if store is None else store.point
        found[None if store is None else store.pk] = _stocked_sites(variants, places, channel, around)
    return found


def _error(n: int, line: OrderLine, missing: int, found: Sequence[Site], now: datetime) -> dict:
    units = line.quantity if line.method in AT_A_STORE else 1
    return {
        "pointer": f"/lines/{n}", "code": "insufficient_stock",
        "detail": _("Only %(available)d of %(wanted)d × %(sku)s can be promised.")
        % {"available": line.quantity - missing, "wanted": line.quantity, "sku": line.sku},
        "wanted": line.quantity, "available": line.quantity - missing,
        "alternatives": [alternative(site, line.variant_id, now) for site in _nearest(found, line, units)],
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


def _stocked_sites(variants: Sequence[int], places, channel: str, around: Point | None) -> list[Site]:
    stocked = stocking(variants=variants, places=places, channel=channel)
    return sites(places=stocked, variants=variants, channel=channel, near=around)


def _nearest(found: Sequence[Site], line: OrderLine, quantity: int) -> list[Site]:
    """The first few that have `quantity` of the line's item."""
    return list(islice((site for site in found if site.available.get(line.variant_id, 0) >= quantity), NEAREST))
