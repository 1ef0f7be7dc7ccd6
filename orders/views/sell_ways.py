"""How a shopper here can get each variant of a product: from this shelf, from a store nearby, or shipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.geo import Point
from inventory.incoming import Incoming
from inventory.models import Location, Variant
from omni.core.channels import Channel
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models.order_line import Method
from orders.operations.coming import Sent, coming, sent_here
from orders.operations.day_capacity import due
from orders.operations.ship_options import ShipOption, shipped_alone

NEARBY = 60  # stores around this one whose shelves are looked at
CHANNEL = Channel.ENDLESS_AISLE  # what a basket's order is
WIDER = 12  # places that are looked at for what none of the near ones could ship


@dataclass(frozen=True)
class Near:
    """A store that has it for pickup."""

    place: Location
    distance_km: float | None
    units: int
    ready_at: datetime | None
    closes_at: datetime | None
    opens_at: datetime | None


@dataclass
class Ways:
    """What could be done for one variant; `carry` is what lies on this shelf and is promised to nobody."""

    carry: int = 0
    pickup_here: Near | None = None
    nearby: list[Near] = field(default_factory=list)
    ships_by: datetime | None = None
    ships_from: Location | None = None
    arrives_on: date | None = None
    is_nearest: bool = False  # nobody could say what is best: where it is shipped from is only the nearest
    ships_later: Incoming | None = None
    pickup_sent: Sent | None = None
    pickup_later: Incoming | None = None

    @property
    def is_lost(self) -> bool:
        now = self.carry or self.pickup_here or self.nearby or self.ships_from
        return not (now or self.ships_later or self.pickup_sent or self.pickup_later)


def ways_of(
    variants: Sequence[Variant], *, here: Location, now: datetime, prices: Mapping[int, Decimal], currency: str,
    ships_to: Point | None = None,
) -> dict[int, Ways]:  # fmt: skip
    """Variant id -> its ways; what is shipped, as an order of one of it would be decided now, to `ships_to` or, while
    nobody knows where that is, to here. The same statements for any number of variants, which come with their product
    and say `is_kit`; none of them has a part that is sold no more (`HAS_OLD_PART`).
    """
    near = ships_to or here.point
    found = {variant.pk: Ways() for variant in variants}
    others = open_for_work(Location.objects.filter(can_pick_up=True, kind=Location.Kind.STORE).exclude(pk=here.pk), now)
    around = sites(places=Location.everywhere.filter(pk=here.pk), variants=list(found), channel=CHANNEL,
                   near=here.point, nearest_of=others, count=NEARBY)  # fmt: skip
    for site in around:
        _take(found, site, now)
    try:
        told = shipped_alone(variants=variants, prices=prices, currency=currency, channel=CHANNEL, near=near, now=now)
    except Refusal:
        _ship_from_nearest(found, near, now)
    else:
        for pk, option in told.items():
            _ship(found[pk], option, now)
    _forget_far(found)
    return found


def add_sent(found: dict[int, Ways], *, here: Location, now: datetime) -> None:
    """What this store lacks may be sent to it; one query where HQ lets it."""
    shelf = [pk for pk, ways in found.items() if ways.pickup_here is None and not ways.carry]
    for pk, each in sent_here(variants=shelf, here=here, now=now).items():
        found[pk].pickup_sent = each


def add_later(found: dict[int, Ways], *, here: Location, now: datetime) -> None:
    """What cannot be had now that way may come; two queries."""
    parcels = [pk for pk, ways in found.items() if ways.ships_from is None]
    for pk, each in coming(variants=parcels, here=None, now=now).items():
        found[pk].ships_later = each
    if here.can_pick_up:
        # An order takes what can be sent before it waits for a supplier.
        shelf = [
            pk for pk, ways in found.items()
            if ways.pickup_here is None and not ways.carry and ways.pickup_sent is None
        ]  # fmt: skip
        for pk, each in coming(variants=shelf, here=here, now=now).items():
            found[pk].pickup_later = each


def _take(found: dict[int, Ways], site: Site, now: datetime) -> None:
    place = site.location
    schedule = place.schedule
    ready = schedule.ready_by(now, timedelta(minutes=place.preparation_minutes))
    takes_orders = place.can_pick_up and place.is_active and not place.is_paused(now)
    for variant, units in site.on_shelf.items():
        found[variant].carry = units
    for variant, units in site.available.items():
        if not takes_orders or ready is None:
            continue
        near = Near(place, site.distance_km, units, ready, schedule.closes_at(now), schedule.opens_at(now))
        if site.is_named:
            found[variant].pickup_here = near
        else:
            found[variant].nearby.append(near)


def _forget_far(found: dict[int, Ways]) -> None:
    """Nobody drives 200 miles for a shirt that can be shipped; where it cannot, they may want to know."""
    limit = setting(preferences.NEARBY_KM)
    for ways in found.values():
        near = [each for each in ways.nearby if each.distance_km is not None and each.distance_km <= limit]
        if near or ways.ships_from is not None:
            ways.nearby = near


def _ship(ways: Ways, option: ShipOption, now: datetime) -> None:
    parcel = max(option.parcels, key=lambda each: (each.arrives_on, each.ships_on))  # a kit may come in several
    by = due(parcel.location, Method.SHIP, now, parcel.ships_on)
    if by is not None:
        ways.ships_by, ways.ships_from, ways.arrives_on = by.promised_at, parcel.location, parcel.arrives_on


def _ship_from_nearest(found: dict[int, Ways], there: Point | None, now: datetime) -> None:
    """Where the engine fails; an order is taken all the same, and comes from there."""
    shippers = open_for_work(Location.objects.filter(can_ship=True), now)
    near: dict[str, Any] = {"places": shippers.none(), "channel": CHANNEL, "near": there}
    for site in sites(variants=list(found), nearest_of=shippers, count=setting(preferences.SEARCH_SITES), **near):
        _ship_simply(found, site, now)
    missing = [pk for pk, ways in found.items() if ways.ships_from is None]
    if missing:
        wider = stocking(variants=missing, places=shippers, channel=CHANNEL)
        for site in sites(variants=missing, nearest_of=wider, count=WIDER, **near):
            _ship_simply(found, site, now)


def _ship_simply(found: dict[int, Ways], site: Site, now: datetime) -> None:
    by = due(site.location, Method.SHIP, now)
    if by is None:
        return
    for variant in site.available:
        ways = found[variant]
        if ways.ships_from is None:  # nearest first
            ways.ships_by, ways.ships_from, ways.is_nearest = by.promised_at, site.location, True
