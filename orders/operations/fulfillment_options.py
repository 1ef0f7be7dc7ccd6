"""How a cart could reach its customer: by each service from where and by when, and from which stores it could be
collected. Reads only; an order placed now would be decided the same way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from math import isnan
from typing import Any

import numpy as np

from inventory.atp import Shelves, Site, shelves_everywhere
from inventory.geo import Point
from inventory.known_places import Distances, Known, known_places, known_sites, seen_among, units_by_place
from inventory.models import Location
from inventory.operations.promise_supply import Supply, read_supply
from omni.core.settings_store import setting
from orders import preferences
from orders.models import OrderLine
from orders.operations.cart_lines import Asked, CartLines, cart_lines
from orders.operations.later_options import LaterUnits, PickupLater, brought, pickups_later
from orders.operations.plan_lines import destination
from orders.operations.send_to_store import may_be_sent, may_send
from orders.operations.ship_options import ShipOption, ship_options
from orders.operations.wait_for_supply import parcel_places

NEAREST = 5  # stores for a pickup
STORES_LOOKED_AT = 60


@dataclass(frozen=True)
class PickupOption:
    """A store that has everything."""

    site: Site
    ready_at: datetime | None


@dataclass(frozen=True)
class Options:
    """All of them."""

    ship: list[ShipOption]
    pickup: list[PickupOption]
    pickup_later: list[PickupLater]


@dataclass(frozen=True)
class _Chain:
    """The whole chain as one question finds it: what each location could give of the cart."""

    known: Known
    stock: Shelves
    near: Point | None
    now: datetime

    @cached_property
    def units(self) -> dict[int, dict[int, int]]:
        return units_by_place(self.stock)

    @cached_property
    def far(self) -> Distances:
        return self.known.distances(self.near)

    def shippers(self, widen: bool) -> list[Site]:
        """As `plan_lines.candidates` has them for an order."""
        count = None if widen else setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=self.known.ships(self.now), far=self.far, count=count)

    def stores(self, seen: Collection[int] | None) -> list[Site]:
        """The nearest for pickup that have any of it."""
        among = self.known.picks_up(self.now) & seen_among(self.known, seen)
        among &= np.isin(self.known.ids, self.stock.location)
        return known_sites(self.known, self.units, among=among, far=self.far, count=STORES_LOOKED_AT)

    def lacking(self, seen: Collection[int] | None, wanted: dict[int, int]) -> list[Site]:
        """The nearest for pickup that lack some of it, or all."""
        known = self.known
        among = known.picks_up(self.now) & seen_among(known, seen)
        found = []
        for n in self.far.nearest[among[self.far.nearest]].tolist():
            place, km = known.places[n], float(self.far.km[n])
            site = Site(place, None if isnan(km) else km, self.units.get(place.pk, {}))
            if not site.serves(wanted):
                found.append(site)
            if len(found) == NEAREST:
                break
        return found

    def senders(self, store: Location, _variants: Collection[int]) -> list[Site]:
        """As `send_to_store.senders_for` reads them."""
        among = self.known.ships(self.now) & np.array([may_send(each, store) for each in self.known.places], bool)
        count = setting(preferences.SEARCH_SITES)
        return known_sites(self.known, self.units, among=among, far=self.known.distances(store.point), count=count)


def fulfillment_options(
    *,
    asked: Sequence[Asked],
    channel: str,
    currency: str,
    address: dict[str, Any],
    services: Sequence[str],
    tags: Sequence[str],
    seen: Collection[int] | None,
    now: datetime,
) -> Options:
    """Refuses 422 `invalid_cart` what no item of ours is. Of the locations `seen` (None: all) stores are offered for
    pickup."""
    cart = cart_lines(asked, currency)
    variants = {line.variant_id for line in cart.lines}
    known = known_places()
    stock = shelves_everywhere(variants=variants, channel=channel)
    chain = _Chain(known, stock, destination(address), now)
    ship = ship_options(
        cart=cart, channel=channel, tags=tags, services=services, shippers=chain.shippers, now=now
    )  # fmt: skip
    supply = Supply([], {})
    if any(line.variant.may_come for line in cart.lines):  # type: ignore[attr-defined]
        supply = read_supply(variants=variants, channel=channel, now=now)
    return Options(
        ship=_brought(cart, ship, supply), pickup=_pickup(cart.lines, chain.stores(seen), now),
        pickup_later=_pickup_later(cart, chain, seen, channel, supply),
    )  # fmt: skip


def _brought(cart: CartLines, options: Sequence[ShipOption], supply: Supply) -> list[ShipOption]:
    """With what suppliers bring of the units that a service cannot have now."""
    if not supply.lines or not any(option.missing for option in options):
        return list(options)
    parcels = parcel_places()
    return [replace(each, later=_later(cart, each.lacking, supply, parcels)) for each in options]


def _later(
    cart: CartLines, lacking: Mapping[int, int], supply: Supply, parcels: frozenset[int]
) -> list[LaterUnits] | None:  # fmt: skip
    if not lacking:
        return None
    units = [(line, lacking[line.position]) for line in cart.lines if line.position in lacking]
    rows = brought(units, supply, parcels)
    return None if rows is None else cart.later_as_asked(rows)


def _pickup_later(
    cart: CartLines, chain: _Chain, seen: Collection[int] | None, channel: str, supply: Supply
) -> list[PickupLater]:
    """Stores that lack something now, where that can be sent to them or comes."""
    if not supply.lines and not may_be_sent(channel):
        return []
    found = pickups_later(wishes=cart.lines, stores=chain.lacking(seen, _wanted(cart.lines)), channel=channel,
                          senders=chain.senders, supply=supply, now=chain.now)  # fmt: skip
    return [replace(each, units=cart.later_as_asked(each.units)) for each in found]


def _wanted(lines: Sequence[OrderLine]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def _pickup(lines: Sequence[OrderLine], stores: Sequence[Site], now: datetime) -> list[PickupOption]:
    wanted = _wanted(lines)
    whole = islice((site for site in stores if site.serves(wanted)), NEAREST)
    return [
        PickupOption(site, site.location.schedule.ready_by(now, timedelta(minutes=site.location.preparation_minutes)))
        for site in whole
    ]
