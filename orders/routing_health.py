"""What HQ wants to know of routing: what the router does, who declines, what waits, and whether its costs hold."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Min, QuerySet, Sum

from omni.core.settings_store import setting
from orders import preferences
from orders.models import (
    Exclusion,
    FulfillmentOrder,
    OrderException,
    PriceSet,
    RoutingDecision,
    RoutingOutcome,
    RoutingRun,
)
from orders.operations.known_prices import trouble_of
from orders.routing.batch import UNIT

DAY = timedelta(days=1)
PICTURED = 60  # runs
DECLINES_OF = timedelta(days=7)
PARCELS = 500  # the last ones
PLACES = 10  # of which most is told
STILL = timedelta(minutes=5)
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


def troubles(now: datetime) -> list[str]:
    """What is wrong with routing at this moment, in words; nothing where all is well. Degraded is who was so the last
    time: the runs, or the decisions where no run was well since; and prices that should count and cannot."""
    last = RoutingRun.objects.exclude(status=RoutingRun.Status.RUNNING).order_by("-pk").first()
    found = [last.degraded_reason] if last else []
    if setting(preferences.PRICE_HOURS):
        sets = PriceSet.objects.checked()
        found += [trouble_of(each) for each in (sets.failures(now).first(), sets.newest(now)) if each]
    worse = degraded_decisions(now).first()
    if worse and not _well_since(worse, last):
        found.append(worse.degraded_because)
    return [each for each in dict.fromkeys(found) if each]


def _well_since(worse: RoutingDecision, last: RoutingRun | None) -> bool:
    """Whether the last run began after this decision and was well, or another decision was."""
    if last and last.status == RoutingRun.Status.DONE and last.started_at > worse.decided_at:
        return True
    return RoutingDecision.objects.filter(pk__gt=worse.pk, degraded_because="").exists()


def degraded_decisions(now: datetime) -> QuerySet[RoutingDecision]:
    """Of 24 hours, the latest first: made without the engine, or without prices that should have counted."""
    rows = RoutingDecision.objects.filter(decided_at__gte=now - DAY).exclude(degraded_because="")
    return rows.defer("inputs", "explanation").order_by("-decided_at", "-pk")


def standing_still(now: datetime) -> tuple[int, datetime | None]:
    """Parcels and pickups that should have reached their location a while ago, and since when. The routing worker gives
    them out every two seconds, or the relay in its place, also while HQ pauses routing; those of a paused store or of a
    full wave get a later time.
    """
    due = FulfillmentOrder.objects.due_for_release(now - STILL)
    # A hold that has just ended leaves the time at which its work was due before: it has to leave only from now on.
    due = due.filter(order__updated_at__lte=now - STILL)
    told = due.order_by().aggregate(n=Count("pk"), at=Min("release_at"))
    return told["n"], told["at"]


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
    """Parcels of one location: how many, which postage was decided on, and what the labels cost."""

    code: str
    name: str
    parcels: int
    predicted: Decimal
    actual: Decimal


def predicted_against_actual() -> list[Predicted]:
    """Of the last parcels that were shipped, by location, the most expensive surprise first: the postage that their
    decisions counted with, and what their labels cost. Parcels with a label bought elsewhere are left out."""
    last = (
        RoutingOutcome.objects.filter(
            ended=RoutingOutcome.Ended.SHIPPED, predicted_amount__gt=0, label_amount__isnull=False
        )
        .order_by("-pk")[:PARCELS]
        .values("pk")
    )
    rows = (
        RoutingOutcome.objects.filter(pk__in=last)
        .order_by()
        .values_list("fulfillment_order__location__code", "fulfillment_order__location__name")
        .annotate(n=Count("pk"), predicted=Sum("predicted_amount"), actual=Sum("label_amount"))
    )
    found = [Predicted(code, name, n, Decimal(p) / UNIT, Decimal(a) / UNIT) for code, name, n, p, a in rows]
    return sorted(found, key=lambda each: (each.predicted - each.actual, each.code))
