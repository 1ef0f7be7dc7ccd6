"""Read all unreleased parcels and waiting units with what could serve them: one query for each kind, however many."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from inventory.atp import Shelves, shelves
from inventory.models import ConfidenceModel, Location, LocationDay, SalesRate, SupplyPromise
from inventory.models.location_set import groups_and_sets_of
from omni.core.settings_store import setting
from orders import preferences
from orders.models import (
    Exclusion,
    FulfillmentLine,
    FulfillmentOrder,
    Order,
    OrderLine,
    PickupChoice,
    Reliability,
)
from orders.models.order_line import Method
from orders.operations.supply_days import PREFIX

OF_LINE = (
    "order_line__order_id", "order_line__order__number", "order_line__order__channel", "order_line__order__placed_at",
    "order_line__order__tags", "order_line__order__shipping_address", "order_line_id", "order_line__position",
    "order_line__service", "order_line__deliver_by", "order_line__unit_price_amount", "order_line__kit_id",
    "order_line__kit__may_split", "variant_id", "variant__unit_cost", "variant__weight_g",
    "variant__length_mm", "variant__width_mm", "variant__height_mm", "variant__is_hazmat",
    "variant__product__category", "variant__product__tags",
)  # fmt: skip
OF_WORK = ("pk", "fulfillment_order_id", "fulfillment_order__location_id", "fulfillment_order__cutoff_at",
           "fulfillment_order__due_at", "fulfillment_order__capacity_day", "open")  # fmt: skip


NOWHERE = (None,) * 6


class Wanted(NamedTuple):
    """Units of one order line: promised from a location, or (no `work_line`) from nobody yet."""

    order_id: int
    number: int
    channel: str
    placed_at: datetime
    tags: list
    address: dict | None
    line_id: int
    position: int
    service: str
    deliver_by: datetime | None
    price: float
    kit_id: int | None
    may_split: bool | None
    variant_id: int
    unit_cost: float | None
    grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    is_hazmat: bool
    category: str
    item_tags: list
    work_line: int | None
    work_id: int | None
    location_id: int | None
    cutoff_at: datetime | None
    due_at: datetime | None
    capacity_day: date | None
    quantity: int


@dataclass(frozen=True)
class Batch:
    """What a run decides on. Lines of one order follow each other, the order that was placed first comes first."""

    wanted: list[Wanted]
    places: list[Location]
    shelves: Mapping[str, Shelves]  # by channel
    failed: Mapping[int, frozenset[int]]  # by order line, the locations that failed it
    used: Mapping[tuple[int, date], tuple[int, int]]  # by location and day: (parcels, limit)
    rates: Mapping[tuple[int, int], float]  # by variant and location: units a day that people buy there
    groups: Mapping[int, frozenset[int]]  # by location: its group, all above, and its sets
    is_reliability_known: bool


def read_batch(*, now: datetime, only: Collection[int] | None = None) -> Batch:
    """All orders with parcels that may move or units that wait, or some of them (ids)."""
    wanted = [*_promised(only), *_waiting(only)]
    return with_shelves(wanted, now=now)


def with_shelves(wanted: list[Wanted], *, now: datetime) -> Batch:
    """These units with what could serve them."""
    wanted.sort(key=lambda each: (each.placed_at, each.order_id, each.line_id, each.work_line or 0))
    places = _places({each.location_id for each in wanted if each.location_id})
    by_channel: dict[str, set[int]] = defaultdict(set)
    for each in wanted:
        by_channel[each.channel].add(each.variant_id)
    ids = [place.pk for place in places]
    found = {
        channel: shelves(variants=variants, places=ids, channel=channel) for channel, variants in by_channel.items()
    }
    variants = set().union(*by_channel.values())
    return Batch(
        wanted, places, found, _failed(wanted), _used(ids, now), _rates(variants), groups_and_sets_of(places),
        Reliability.objects.exists() or ConfidenceModel.objects.filter(is_active=True).exists(),
    )  # fmt: skip


def past_wanted(*, since: datetime, now: datetime, most: int) -> list[Wanted]:
    """What was asked for from `since` on, `most` lines of the latest orders, as if it came now."""
    rows = OrderLine.objects.filter(order__placed_at__gte=since, order__placed_at__lt=now, method=Method.SHIP)
    names = [name.removeprefix("order_line__") if name != "order_line_id" else "pk" for name in OF_LINE]
    found = rows.order_by("-order__placed_at", "-order_id").values_list(*names, "quantity")[:most]
    return [Wanted._make((*row[:-1], *NOWHERE, row[-1]))._replace(deliver_by=None) for row in found if row[-1]]


def _promised(only: Collection[int] | None) -> list[Wanted]:
    movable = FulfillmentOrder.objects.movable().filter(order__promise_moves__lt=setting(preferences.MOST_MOVES))
    rows = FulfillmentLine.objects.filter(fulfillment_order__in=movable)
    left = F("quantity") - F("short_quantity") - F("cancelled_quantity") - F("issued_quantity")
    found = _some(rows.annotate(open=left).filter(open__gt=0), "order_line__order_id", only)
    return [Wanted(*row) for row in found.values_list(*OF_LINE, *OF_WORK)]


def _waiting(only: Collection[int] | None) -> list[Wanted]:
    """As `waiting_orders` looks for them; what a supplier brings is not looked for on shelves."""
    asked = PickupChoice.objects.filter(order_line=OuterRef("pk"), answer="")
    key = Concat(Value(PREFIX), Cast(OuterRef("pk"), CharField()))
    coming = SupplyPromise.objects.filter(demand_key=key, status__in=["waiting", "arrived"])
    rows = OrderLine.objects.filter(
        ~Exists(asked), ~Exists(coming), waiting_quantity__gt=0, method=Method.SHIP, order__hold="",
        order__status__in=[Order.Status.OPEN, Order.Status.PARTLY_FULFILLED],
        attempts__lt=setting(preferences.MAX_ATTEMPTS),
    )  # fmt: skip
    names = [name.removeprefix("order_line__") if name != "order_line_id" else "pk" for name in OF_LINE]
    found = _some(rows, "order_id", only).values_list(*names, "waiting_quantity")
    return [Wanted._make((*row[:-1], *NOWHERE, row[-1])) for row in found]


def _some(rows: QuerySet, name: str, only: Collection[int] | None) -> QuerySet:
    return rows if only is None else rows.filter(Q(**{f"{name}__in": list(only)}))


def _places(holding: set[int]) -> list[Location]:
    """All that ship parcels of ours, and whoever holds such work though it should not any more."""
    able = Q(is_active=True, can_ship=True) & ~Q(kind=Location.Kind.DROPSHIP)
    return list(Location.objects.with_closures().filter(able | Q(pk__in=holding)).order_by("pk"))


def _failed(wanted: Collection[Wanted]) -> dict[int, frozenset[int]]:
    failed: dict[int, set[int]] = defaultdict(set)
    rows = Exclusion.objects.filter(order_line__in=[each.line_id for each in wanted])
    for line, place in rows.values_list("order_line_id", "location_id"):
        failed[line].add(place)
    return {line: frozenset(places) for line, places in failed.items()}


def _rates(variants: Collection[int]) -> dict[tuple[int, int], float]:
    rates = {}
    for variant, packed in SalesRate.objects.packed(variants):
        for place, rate in np.frombuffer(packed, [("place", ">i8"), ("rate", ">f8")]).tolist():
            rates[variant, place] = rate
    return rates


def _used(places: Collection[int], now: datetime) -> dict[tuple[int, date], tuple[int, int]]:
    rows = LocationDay.objects.filter(kind=Method.SHIP, day__gte=(now - timedelta(days=1)).date(), location__in=places)
    return {(place, day): (used, cap) for place, day, used, cap in rows.values_list("location", "day", "used", "cap")}
