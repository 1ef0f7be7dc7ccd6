"""The chain's stores, distribution centers and vendors, in their regions and districts."""

from dataclasses import dataclass
from datetime import time
from random import Random
from typing import Any

import zipcodes
from django.utils.text import slugify

from inventory.models import Location, LocationGroup, LocationSet
from omni.demo.places import DISTRIBUTION_CENTERS, PARTNER, STREETS, VENDOR, Site, sites

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in (*WEEKDAYS, "sun")}


@dataclass(frozen=True)
class Network:
    """The houses of the chain; `home` is the store that the demo people work in.

    The vendor answers by itself; the partner by hand, on its page.
    """

    stores: list[Location]
    centers: list[Location]
    vendor: Location
    partner: Location

    @property
    def home(self) -> Location:
        return self.stores[0]

    @property
    def all(self) -> list[Location]:
        return [*self.stores, *self.centers, self.vendor, self.partner]


def make_network(*, rng: Random, stores: int) -> Network:
    """Create groups and locations; the same `rng` makes the same chain."""
    chosen = sites(stores)
    groups = _make_groups(chosen)
    rows = [_store(n, site, groups[site.district], rng) for n, site in enumerate(chosen)]
    centers = [_center(n, code, name) for n, (code, name) in enumerate(DISTRIBUTION_CENTERS.items(), start=1)]
    network = Network(rows, centers, _vendor("V1", "1 Windmill Rd", *VENDOR), _vendor("V2", "70 Mill St", *PARTNER))
    Location.objects.bulk_create(network.all)
    _make_sets(rows)
    return network


def _make_groups(chosen: list[Site]) -> dict[str, LocationGroup]:
    districts: dict[str, LocationGroup] = {}
    regions: dict[str, LocationGroup] = {}
    for site in chosen:
        if site.region not in regions:
            regions[site.region] = _group(LocationGroup.Kind.REGION, site.region)
        if site.district not in districts:
            districts[site.district] = _group(LocationGroup.Kind.DISTRICT, site.district, regions[site.region])
    return districts


def _make_sets(stores: list[Location]) -> None:
    """Every ninth store is a kiosk in a mall, every fifteenth a flagship."""
    for code, name, members in (("kiosks", "Kiosks", stores[4::9]), ("flagships", "Flagships", stores[::15])):
        LocationSet.objects.create(code=code, name=name).locations.set(members)


def _group(kind: str, name: str, parent: LocationGroup | None = None) -> LocationGroup:
    return LocationGroup.objects.create(code=f"{kind}-{slugify(name)}", name=name, kind=kind, parent=parent)


def _store(n: int, site: Site, group: LocationGroup, rng: Random) -> Location:
    area = _area(site.postal_code)
    place = Location(
        code=str(1001 + n), name=f"Larkmoor {site.name or area['city']}", kind=Location.Kind.STORE, group=group,
        line1=f"{rng.randrange(10, 990)} {rng.choice(STREETS)}", weekly_hours=_week(rng),
        last_order_at=rng.choice([None, None, time(17, 0), time(18, 30)]),
        preparation_minutes=rng.choice([45, 60, 60, 90, 120]), can_ship=rng.random() > 0.1,
        pickup_capacity=rng.choice([None, None, 40, 80]), ship_capacity=rng.choice([None, 15, 30]),
        **_where(area),
    )  # fmt: skip
    if n == 0:
        _make_home(place)
    return place


def _make_home(place: Location) -> None:
    """The store that people see first never sleeps, so that it looks alive at any hour of the day."""
    place.weekly_hours, place.last_order_at, place.preparation_minutes = dict(ROUND_THE_CLOCK), None, 120
    place.can_ship, place.pickup_capacity, place.ship_capacity = True, None, None
    place.wave_minutes, place.wave_orders = 15, 60


def _week(rng: Random) -> dict[str, list[list[str]]]:
    """Six days alike, often longer before the weekend; every fifth store keeps its Sunday."""
    opens, closes = rng.choice(["08:00", "09:00", "10:00"]), rng.choice(["19:00", "20:00", "21:00"])
    week = {day: [[opens, closes]] for day in WEEKDAYS}
    if rng.random() < 0.4:
        week["fri"] = week["sat"] = [[opens, "22:00"]]
    if rng.random() < 0.1:
        week["mon"] = [[opens, "13:00"], ["14:00", closes]]
    if rng.random() > 0.2:
        week["sun"] = [["11:00", "18:00"]]
    return week


def _center(n: int, postal_code: str, name: str) -> Location:
    return Location(
        code=f"DC{n}", name=f"Larkmoor Distribution {name}", kind=Location.Kind.DC, line1=f"{n}00 Logistics Way",
        weekly_hours={day: [["06:00", "22:00"]] for day in WEEKDAYS}, preparation_minutes=240, can_pick_up=False,
        can_return=False, **_where(_area(postal_code)),
    )  # fmt: skip


def _vendor(code: str, line1: str, postal_code: str, name: str) -> Location:
    return Location(
        code=code, name=name, kind=Location.Kind.DROPSHIP, line1=line1, preparation_minutes=480,
        weekly_hours={day: [["08:00", "17:00"]] for day in WEEKDAYS[:5]}, can_pick_up=False, can_return=False,
        **_where(_area(postal_code)),
    )  # fmt: skip


def _area(postal_code: str) -> dict[str, Any]:
    area: dict[str, Any] = zipcodes.matching(postal_code)[0]
    return area


def _where(area: dict[str, Any]) -> dict[str, Any]:
    return {
        "city": area["city"], "region": area["state"], "postal_code": area["zip_code"], "timezone": area["timezone"],
        "latitude": float(area["lat"]), "longitude": float(area["long"]),
    }  # fmt: skip
