"""Locations as a process knows them: read once, and again as soon as any of them, or a closure, is another than it was.

For answers that look at the whole chain and have milliseconds for it. What is read is shared: nobody changes it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import isnan
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from inventory.atp import CLOSURES_SINCE, Shelves, Site, Supply
from inventory.geo import EARTH_RADIUS_KM, Point
from inventory.models import Location
from omni.core.prepared import prepared

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A row that was written lies elsewhere than before, or was written by somebody else.
STATE = """
SELECT l.n, l.is, c.n, c.is FROM
  (SELECT count(*) AS n, sum(hashtid(ctid)::bigint * 31 + xmin::text::bigint) AS is FROM inventory_location) l,
  (SELECT count(*) AS n, sum(hashtid(ctid)::bigint * 31 + xmin::text::bigint) AS is FROM inventory_closure
    WHERE lifted_at IS NULL AND ends_on >= %s) c
"""


OFFERS: dict[str | None, Callable[[Location], bool]] = {
    "pickup": lambda place: place.can_pick_up, "ship": lambda place: place.can_ship, None: lambda _place: True,
}  # fmt: skip


class _Seen(NamedTuple):
    state: tuple[object, ...]
    known: "Known"


_seen: dict[str, _Seen] = {}  # by database


class Distances(NamedTuple):
    """From a point to all locations, and these nearest first; who is nowhere comes last."""

    km: Floats
    nearest: NDArray[np.int64]


@dataclass(frozen=True)
class Known:
    """All locations that take part, practice ones left out, with their closures; in the order of their ids."""

    places: Sequence[Location]

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        return np.array([place.pk for place in self.places], np.int64)

    def at(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where in `places` these are; -1 for one that is not among them."""
        if not len(self.ids):
            return np.full(len(ids), -1)
        found = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[found] == ids, found, -1)

    @cached_property
    def _radians(self) -> Floats:
        points = [place.point or (np.nan, np.nan) for place in self.places]
        return np.radians(np.array(points, np.float64).reshape(-1, 2))

    def distances(self, near: Point | None) -> "Distances":
        """How far each is, and who is nearest."""
        km = self.km(near)
        return Distances(km, np.lexsort((self.ids, km)))  # NaN is last

    def km(self, near: Point | None) -> Floats:
        """How far each is, by the formula of `inventory.atp`; NaN where nobody knows."""
        if near is None:
            return np.full(len(self.places), np.nan)
        here, there = np.radians(near), self._radians
        cosine = np.sin(here[0]) * np.sin(there[:, 0])
        cosine += np.cos(here[0]) * np.cos(there[:, 0]) * np.cos(there[:, 1] - here[1])
        return EARTH_RADIUS_KM * np.arccos(np.clip(cosine, -1, 1))

    @cached_property
    def _ships(self) -> Mask:
        return np.array([place.is_active and place.can_ship for place in self.places], bool)

    @cached_property
    def _picks_up(self) -> Mask:
        store = Location.Kind.STORE
        return np.array([place.is_active and place.can_pick_up and place.kind == store for place in self.places], bool)

    @cached_property
    def _takes_part(self) -> dict[str | None, Mask]:
        """By method: active ones that offer it."""
        return {
            method: np.array([place.is_active and offers(place) for place in self.places], bool)
            for method, offers in OFFERS.items()
        }

    @cached_property
    def _pauses(self) -> list[int]:
        return [n for n, place in enumerate(self.places) if place.paused_until is not None]

    def ships(self, now: datetime) -> Mask:
        """Which take parcels to ship now."""
        return self._unpaused(self._ships, now)

    def picks_up(self, now: datetime) -> Mask:
        """Which stores take pickups now."""
        return self._unpaused(self._picks_up, now)

    def works(self, now: datetime, method: str | None) -> Mask:
        """Which take orders now, of a `method` ("pickup" or "ship") or at all: as `inventory.atp.open_for_work`."""
        return self._unpaused(self._takes_part[method], now)

    def within(self, scope: frozenset[str] | None) -> Mask:
        """Those under opaque scopes ("location:7", "group:3"); None means everywhere."""
        if scope is None:
            return seen_among(self, None)
        return seen_among(self, frozenset(Location.objects.within(scope).values_list("pk", flat=True)))

    def _unpaused(self, which: Mask, now: datetime) -> Mask:
        found = which.copy()
        found[[n for n in self._pauses if self.places[n].is_paused(now)]] = False
        return found


def known_places() -> Known:
    """In one small statement where nothing has changed."""
    with prepared() as cursor:
        cursor.execute(STATE, [timezone.now().date() - CLOSURES_SINCE])
        state = cursor.fetchone()
    seen = _seen.get(connection.alias)
    if seen is None or seen.state != state:
        seen = _seen[connection.alias] = _Seen(state, Known(_all()))
    return seen.known


def _all() -> list[Location]:
    places = list(Location.everywhere.filter(is_practice=False).with_closures().order_by("pk"))
    for place in places:
        place.shared_schedule = place.schedule
    return places


def units_by_place(stock: Shelves) -> dict[int, dict[int, int]]:
    """location -> variant -> units."""
    units: dict[int, dict[int, int]] = {}
    for variant, place, n in zip(stock.variant.tolist(), stock.location.tolist(), stock.units.tolist(), strict=True):
        units.setdefault(place, {})[variant] = n
    return units


def known_sites(
    known: Known, units: Mapping[int, dict[int, int]], *, among: Mask, far: Distances, count: int | None
) -> list[Site]:
    """As `inventory.atp.sites` finds them: of the nearest `count` of those `among` (None: of all) the ones that have
    anything, nearest first; who is nowhere comes last."""
    nearest = far.nearest[among[far.nearest]][:count]
    ids, km = known.ids[nearest].tolist(), far.km[nearest].tolist()
    return [
        Site(known.places[n], None if isnan(away) else away, units[pk], is_named=False)
        for n, pk, away in zip(nearest.tolist(), ids, km, strict=True) if pk in units
    ]  # fmt: skip


def known_supply(
    known: Known, stock: Shelves, *, among: Mask, near: Point | None, quantity: int, limit: int
) -> dict[int, Supply]:
    """As `inventory.atp.supply` finds it: variant -> its total over those `among`, and the nearest `limit` of them that
    have `quantity` of it. Without a point the fullest shelves come first."""
    at = known.at(stock.location)
    here = (at >= 0) & among[at]
    variant, at, units = stock.variant[here], at[here], stock.units[here]
    km, nearest_first = known.distances(near)
    rank = np.empty(len(km), np.int64)
    rank[nearest_first] = np.arange(len(km))
    order = np.lexsort((rank[at],) if near else (rank[at], -units))
    variant, at, units = variant[order], at[order], units[order]
    found: dict[int, Supply] = {}
    for item in np.unique(variant).tolist():
        mine = variant == item
        nearest = np.flatnonzero(mine & (units >= max(quantity, 1)))[:limit]
        shelves = [
            (Site(known.places[n], None if np.isnan(km[n]) else float(km[n]), {item: given}), given)
            for n, given in zip(at[nearest].tolist(), units[nearest].tolist(), strict=True)
        ]
        found[item] = Supply(int(units[mine].sum()), shelves)
    return found


def seen_among(known: Known, seen: Collection[int] | None) -> Mask:
    """Those of these ids; None: all."""
    return np.ones(len(known.ids), bool) if seen is None else np.isin(known.ids, list(seen))
