"""What the simulated carriers charge and promise: by zone and billable weight, as real ones do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from inventory.geo import Point, distance_km
from orders.carriers.port import Parcel

# Upper bounds in km of zones 1 to 7; zone 8 is everything beyond. The bounds are those of USPS (in miles 50, 150, 300,
# 600, 1000, 1400, 1800): https://pe.usps.com/text/dmm300/608.htm
ZONES_KM = (80, 241, 483, 966, 1609, 2253, 2897)
DIM_DIVISOR = 5000  # cm3 per kg
SATURDAY = 5


@dataclass(frozen=True)
class Service:
    """One product of a simulated carrier. Amounts are USD; `days` are working days per zone."""

    carrier: str
    name: str
    base: Decimal
    per_zone: Decimal
    per_kg: Decimal
    days: tuple[int, ...]
    max_weight_g: int
    prefix: str


def _service(carrier: str, name: str, rates: str, days: tuple[int, ...], max_weight_g: int, prefix: str) -> Service:
    base, per_zone, per_kg = (Decimal(rate) for rate in rates.split())
    return Service(carrier, name, base, per_zone, per_kg, days, max_weight_g, prefix)


SERVICES = (
    _service("SimPost", "Ground", "5.20 0.55 0.90", (1, 2, 3, 3, 4, 5, 5, 6), 31_000, "92"),
    _service("SimPost", "Priority", "8.40 0.70 1.60", (1, 1, 2, 2, 2, 3, 3, 3), 31_000, "94"),
    _service("SimExpress", "Two Day", "14.90 1.10 2.40", (1,) + (2,) * 7, 45_000, "7S"),
    _service("SimExpress", "Overnight", "27.50 2.20 4.10", (1,) * 8, 45_000, "7X"),
)


def zone(sender: Point, recipient: Point) -> int:
    """1 (next door) to 8 (the other coast)."""
    far = distance_km(sender, recipient)
    return 1 + sum(far > bound for bound in ZONES_KM)


def billable_g(parcel: Parcel) -> int:
    """The heavier of what it weighs and what its volume would weigh."""
    volume_mm3 = parcel.length_mm * parcel.width_mm * parcel.height_mm
    return max(parcel.weight_g, ceil(volume_mm3 / DIM_DIVISOR))


def price(service: Service, in_zone: int, grams: int) -> Decimal:
    """To the cent; weight counts in started half kilograms."""
    halves = ceil(max(grams, 1) / 500)
    heavy = service.per_kg / 2 * halves * (1 + Decimal(in_zone) / 10)
    return (service.base + service.per_zone * in_zone + heavy).quantize(Decimal("0.01"))


def arrives(service: Service, in_zone: int, shipped_at: datetime) -> datetime:
    """The evening of the last day of its time on the road; no weekends. On the clock of `shipped_at`."""
    day = shipped_at
    for _ in range(service.days[in_zone - 1]):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day.replace(hour=20, minute=0, second=0, microsecond=0)
