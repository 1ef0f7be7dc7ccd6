"""How a store works through its parcels, as HQ set it."""

from datetime import timedelta

from inventory.models import Location
from inventory.wave_times import parse_wave_times
from orders.waves import Rhythm


def rhythm_of(location: Location) -> Rhythm:
    """Its schedule, its waves and its time to answer; reads its closures unless they came along."""
    return Rhythm(
        location.schedule, parse_wave_times(location.wave_times), timedelta(minutes=location.wave_minutes),
        timedelta(minutes=location.offer_minutes),
    )  # fmt: skip
