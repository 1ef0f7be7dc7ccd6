"""A store's day in figures: what is late, what was in time, who said no. The same queries for one store or a district.

Days and hours are those on each store's own clock; stores of one zone share a window, so that the number of queries
depends on neither stores nor orders.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractHour

from inventory.models import Location
from orders.models import FulfillmentOrder, OrderException
from orders.models.fulfillment_order import FREE, IN_QUEUE, OFFERED, OPEN, Status
from orders.models.order_line import Method

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GONE = (Status.CANCELLED, Status.DECLINED, Status.SHORT)  # no longer this store's to do
HERE = [status for status in Status if status not in GONE]

PICKED_IN_TIME = Q(method=Method.PICKUP, staged_at__lte=F("due_at"))
LEFT_IN_TIME = Q(method=Method.SHIP, status=Status.SHIPPED, closed_at__lte=F("cutoff_at"))
IN_TIME = PICKED_IN_TIME | LEFT_IN_TIME
DONE = Q(method=Method.PICKUP, staged_at__isnull=False) | Q(method=Method.SHIP, status=Status.SHIPPED)


@dataclass
class Figures:
    """One store's day until now."""

    location: Location
    waiting: int = 0
    late: int = 0
    soon: int = 0
    offered: int = 0
    picking: int = 0
    decided: int = 0
    in_time: int = 0
    to_come: int = 0
    missed: int = 0
    declined: int = 0
    timed_out: int = 0
    uncollected: int = 0
    last_day: int = 0
    exceptions: int = 0

    @property
    def sla(self) -> float | None:
        """Percent of what was due until now that was in time; None before anything was due."""
        return 100 * self.in_time / self.decided if self.decided else None

    @property
    def missed_sla(self) -> int:
        return self.decided - self.in_time


def midnight(location: Location, now: datetime) -> datetime:
    return now.astimezone(location.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def figures(locations: Sequence[Location], now: datetime) -> dict[int, Figures]:
    """By location id; six queries."""
    found = {place.pk: Figures(place) for place in locations}
    if not found:
        return found
    works = FulfillmentOrder.objects.filter(location__in=list(found))
    _count(found, works.filter(status__in=IN_QUEUE), {
        "waiting": Q(status__in=FREE), "picking": Q(status=Status.PICKING), "late": Q(due_at__lt=now),
        "soon": Q(due_at__gte=now, due_at__lte=now + HOUR), "offered": OFFERED,
    })  # fmt: skip
    _count(found, of_the_day(locations, now), {
        "decided": DONE | Q(deadline__lte=now), "in_time": IN_TIME, "to_come": ~DONE & Q(deadline__gt=now),
    })  # fmt: skip
    missed = Q(method=Method.SHIP, missed_at__isnull=False)
    _count(found, works.filter(status__in=OPEN), {"missed": missed})
    _count(found, no_longer_theirs(locations, now), {
        "declined": Q(timed_out_at=None), "timed_out": Q(timed_out_at__isnull=False),
    })  # fmt: skip
    _count(found, works.filter(status=Status.STAGED, method=Method.PICKUP), {
        "uncollected": Q(), "last_day": Q(collect_by__lt=now + DAY),
    })  # fmt: skip
    for place, count in _open_exceptions(found):
        found[place].exceptions = count
    return found


def of_the_day(locations: Sequence[Location], now: datetime) -> Any:
    """Work whose `deadline` (pickup: ready by; parcel: the carrier) lies in the store's today."""
    at = Coalesce("cutoff_at", "due_at")
    windows = _windows(
        locations, now, lambda start: Q(due_at__gte=start - 3 * DAY, due_at__lt=start + DAY, deadline__gte=start,
                                        deadline__lt=start + DAY)
    )  # fmt: skip
    return FulfillmentOrder.objects.annotate(deadline=at).filter(windows).exclude(status__in=GONE)


def no_longer_theirs(locations: Sequence[Location], now: datetime) -> QuerySet[FulfillmentOrder]:
    """What the stores declined or did not accept today."""
    windows = _windows(locations, now, lambda start: Q(closed_at__gte=start))
    return FulfillmentOrder.objects.filter(windows, status=Status.DECLINED)


def by_hour(location: Location, now: datetime) -> list[tuple[int, int, int]]:
    """(hour, due, done) of the store's today by the hour in which it must be begun or ready, first to last."""
    rows = (
        of_the_day([location], now).order_by().annotate(hour=ExtractHour("due_at", tzinfo=location.zone))
        .values("hour").annotate(due=Count("pk"), done=Count("pk", filter=DONE)).order_by("hour")
    )  # fmt: skip
    counts = {row["hour"]: (row["due"], row["done"]) for row in rows}
    if not counts:
        return []
    hour_now = now.astimezone(location.zone).hour
    hours = range(min([*counts, hour_now]), max([*counts, hour_now, location.carrier_cut_off.hour]) + 1)
    return [(hour, *counts.get(hour, (0, 0))) for hour in hours]


def exceptions_at(location: Location) -> QuerySet[OrderException]:
    """What waits for a person about orders that this store works or worked on."""
    here = FulfillmentOrder.objects.filter(location=location, status__in=HERE, order=OuterRef("order"))
    concerned = OrderException.objects.filter(Exists(here), resolved_at=None)
    return concerned.select_related("order").order_by("raised_at")


def _windows(locations: Iterable[Location], now: datetime, window) -> Q:
    """Each store with its own midnight; one condition per time zone."""
    zones: dict[str, list[Location]] = defaultdict(list)
    for place in locations:
        zones[place.timezone].append(place)
    condition = Q(pk__in=[])
    for places in zones.values():
        condition |= Q(location__in=[place.pk for place in places]) & window(midnight(places[0], now))
    return condition


def _count(found: dict[int, Figures], works: QuerySet[FulfillmentOrder], wanted: dict[str, Q]) -> None:
    counts = {name: Count("pk", filter=condition or None) for name, condition in wanted.items()}
    rows: Any = works.order_by().values("location").annotate(**counts)
    for row in rows:
        for name in wanted:
            setattr(found[row["location"]], name, row[name])


def _open_exceptions(found: dict[int, Figures]) -> list[tuple[int, int]]:
    work = "order__fulfillment_orders"
    rows = OrderException.objects.filter(
        **{f"{work}__location__in": list(found), f"{work}__status__in": HERE}, resolved_at=None
    )
    return list(rows.order_by().values_list(f"{work}__location").annotate(n=Count("pk", distinct=True)))
