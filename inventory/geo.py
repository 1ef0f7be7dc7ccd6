"""Where things are: great-circle distance, and the centroid and zone of a US ZIP code."""

from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
KM_PER_MILE = 1.609344  # international mile

Point = tuple[float, float]


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance of two (latitude, longitude) points in degrees (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


@cache
def _areas() -> dict[str, tuple[Point, str]]:
    """ZIP -> centroid and time zone for 42,000 US ZIP codes; loaded once per process."""
    return {row["zip_code"]: ((float(row["lat"]), float(row["long"])), row["timezone"]) for row in zipcodes.list_all()}


def zip_centroid(postal_code: str) -> Point | None:
    """Centroid of a US ZIP or ZIP+4; None when it is not one we know."""
    area = _areas().get(postal_code.strip()[:5])
    return area[0] if area else None


def zip_zone(postal_code: str) -> str | None:
    """IANA time zone of a US ZIP or ZIP+4; None when it is not one we know."""
    area = _areas().get(postal_code.strip()[:5])
    return area[1] if area else None


@dataclass(frozen=True)
class ZipPlace:
    """What the post calls the place of a ZIP code."""

    city: str
    state: str
    also: frozenset[str]

    def is_called(self, city: str) -> bool:
        """Whether letters to this city arrive there; case, dots and spaces do not matter."""
        return _plain(city) in {_plain(self.city), *map(_plain, self.also)}

    def words(self, postal_code: str) -> dict[str, str]:
        """For a sentence about it."""
        return {"zip": postal_code.strip()[:5], "city": self.city, "state": self.state}


def zip_place(postal_code: str) -> ZipPlace | None:
    """City and state of a US ZIP or ZIP+4; None when it is not one we know."""
    return _places().get(postal_code.strip()[:5])


@cache
def _places() -> dict[str, ZipPlace]:
    """ZIP -> its place; loaded when the first address is checked."""
    return {
        row["zip_code"]: ZipPlace(row["city"], row["state"], frozenset(row["acceptable_cities"]))
        for row in zipcodes.list_all()
    }


def _plain(city: str) -> str:
    words = city.lower().replace(".", " ").split()
    return "".join({"st": "saint", "ft": "fort", "mt": "mount"}.get(word, word) for word in words)
