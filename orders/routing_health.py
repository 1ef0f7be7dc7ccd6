"""What HQ wants to know of routing: what the router does, who declines, what waits, and whether its prices are true."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from inventory.geo import KM_PER_MILE, distance_km
from orders.models import Exclusion, Label, OrderException, RoutingRun
from orders.operations.plan_lines import destination
from orders.operations.routing_policy import costs_now
from orders.routing import cost
from orders.routing.batch import NEVER, UNIT

DAY = timedelta(days=1)
PICTURED = 60  # runs
DECLINES_OF = timedelta(days=7)
LABELS = 500  # the last ones
PLACES = 10  # of which most is told
AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))


@dataclass(frozen=True)
class Today:
    """All runs of a day together."""

    runs: int
    looked_at: int
    moved: int
    promised: int
    saved: Decimal
    degraded: int
    conflicts: int
    slowest: float


def today(now: datetime) -> Today:
    """The last 24 hours, in one query."""
    told = RoutingRun.objects.since(now - DAY).aggregate(
        runs=Count("pk"), looked_at=Sum("orders", default=0), moved=Sum("moved", default=0),
        promised=Sum("promised", default=0), saved=Sum("saved_amount", default=Decimal(0)),
        conflicts=Sum("conflicts", default=0),
    )  # fmt: skip
    degraded = RoutingRun.objects.since(now - DAY).degraded().count()
    slowest = max((run.seconds for run in last_runs(now)), default=0.0)
    return Today(degraded=degraded, slowest=slowest, **told)


def last_runs(now: datetime) -> list[RoutingRun]:
    """The last ones of a day, the oldest first."""
    return list(RoutingRun.objects.since(now - DAY).order_by("-pk")[:PICTURED])[::-1]


@dataclass(frozen=True)
class Declines:
    """Lines that locations could not give, in a week."""

    total: int
    places: list[tuple[str, str, int]]  # code, name, lines
    reasons: list[tuple[str, int]]


def declines(now: datetime) -> Declines:
    recent = Exclusion.objects.filter(created_at__gte=now - DECLINES_OF).order_by()
    by_place = (
        recent.values_list("location__code", "location__name").annotate(n=Count("pk")).order_by("-n", "location__code")
    )
    by_reason = recent.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return Declines(recent.count(), list(by_place[:PLACES]), list(by_reason[:PLACES]))


@dataclass(frozen=True)
class Ages:
    """Open exceptions of one kind, by how long they wait."""

    kind: str
    counts: list[int]  # up to each of AGES, and beyond
    oldest: datetime


def exception_ages(now: datetime) -> list[Ages]:
    """Open ones, along their short index."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    oldest: dict[str, datetime] = {}
    for kind, raised in (
        OrderException.objects.filter(resolved_at=None).order_by("raised_at").values_list("kind", "raised_at")
    ):
        oldest.setdefault(kind, raised)
        counts[kind][sum(now - raised > age for age in AGES)] += 1
    return [Ages(kind, counts[kind], oldest[kind]) for kind in sorted(counts, key=lambda each: oldest[each])]


@dataclass(frozen=True)
class Predicted:
    """Labels of one location: how many, what the tariff said, and what the carrier took."""

    code: str
    name: str
    labels: int
    predicted: Decimal
    actual: Decimal


def predicted_against_actual(now: datetime) -> list[Predicted]:
    """Of the last labels, by location, the most expensive surprise first; what nobody weighed is left out."""
    bought = Label.objects.filter(
        status=Label.Status.BOUGHT, is_manual=False, amount__isnull=False, currency="USD",
        shipment__weight_g__isnull=False,
    ).select_related("shipment__fulfillment_order__location", "shipment__fulfillment_order__order")  # fmt: skip
    sums: dict[tuple[str, str], list] = defaultdict(lambda: [0, 0, Decimal(0)])
    costs = costs_now(now=now)
    table = cost.table(costs, costs.longest)
    for label in bought.order_by("-pk")[:LABELS]:
        work = label.shipment.fulfillment_order
        expected = _tariff(costs, table, label)
        if expected is None or label.amount is None:
            continue
        total = sums[work.location.code, work.location.name]
        total[0] += 1
        total[1] += expected
        total[2] += label.amount
    found = [
        Predicted(code, name, n, Decimal(expected) / UNIT, actual)
        for (code, name), (n, expected, actual) in sums.items()
    ]
    return sorted(found, key=lambda each: (each.predicted - each.actual, each.code))


def _tariff(costs: cost.Costs, table: cost.Table, label: Label) -> int | None:
    """What the cheapest service should have cost."""
    shipment = label.shipment
    work = shipment.fulfillment_order
    ends = destination(work.order.shipping_address), work.location.point
    if ends[0] is None or ends[1] is None or not shipment.weight_g:
        return None
    zone = int(cost.zones(distance_km(ends[0], ends[1]) / KM_PER_MILE))  # type: ignore[arg-type]
    pounds = shipment.weight_g / cost.GRAMS_PER_POUND
    if shipment.size:
        length, width, height = shipment.size
        pounds = max(pounds, cost.size_pounds(costs, float(length) * width * height))
    billed = min(-int(-pounds // 1), cost.MOST_POUNDS)
    found = int(table.cost[zone, billed])
    return found if found < NEVER else None
