"""How far the places of a batch are from where its orders go, as arrays: miles, and the parcel zones that they mean."""

from collections.abc import Sequence

import numpy as np

from inventory.geo import EARTH_RADIUS_KM, KM_PER_MILE, Point
from inventory.models import Location
from orders.routing import cost
from orders.routing.batch import Ints

CHUNK = 512  # destinations whose distances are worked out at a time


def distinct(points: Sequence[Point | None]) -> tuple[list[Point | None], Ints]:
    """Each destination once, and which of them is whose."""
    ends = {point: n for n, point in enumerate(dict.fromkeys(points))}
    return list(ends), np.array([ends[point] for point in points], np.int32)


def zones(ends: Sequence[Point | None], places: Sequence[Location]) -> Ints:
    """uint8[Z, N]; whatever has no coordinates is farthest."""
    there = _radians([place.point for place in places])
    found = np.empty((len(ends), len(places)), np.uint8)
    for begin in range(0, len(ends), CHUNK):
        found[begin : begin + CHUNK] = cost.zones(_miles(_radians(ends[begin : begin + CHUNK]), there))
    return found


def miles_to(end: Point | None, places: Sequence[Location]) -> Ints:
    """float64[N]: how far each place is from where an order goes, NaN where nobody knows."""
    return _miles(_radians([end]), _radians([place.point for place in places]))[0]


def _radians(points: Sequence[Point | None]) -> Ints:
    return np.radians([point or (np.nan, np.nan) for point in points]).reshape(-1, 2)


def _miles(here: Ints, there: Ints) -> Ints:
    """Great-circle miles (haversine), [here, there]."""
    half = (
        np.sin((here[:, None, 0] - there[None, :, 0]) / 2) ** 2
        + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * np.sin((here[:, None, 1] - there[None, :, 1]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM / KM_PER_MILE * np.arcsin(np.sqrt(np.minimum(half, 1)))
