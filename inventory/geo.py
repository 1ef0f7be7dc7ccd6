"""Where things are: great-circle distance, and the centroid and zone of a US ZIP code."""

from functools import cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius

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
