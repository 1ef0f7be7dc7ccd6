"""Shelves that the book and the promises disagree about, and the looks that are asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, Sum

from inventory import preferences
from inventory.models import CycleCount, StockLevel
from omni.core.settings_store import setting

WORST = 10


@dataclass(frozen=True)
class Short:
    """Promises without units under them: shelves, units, their cost, and the locations with the most units."""

    shelves: int
    units: int
    value: Decimal
    places: list[dict[str, Any]]  # location__code, location__name, units, shelves


def short(places: Any) -> Short:
    """Read along the partial index of shelves that are short; `places` is a query of locations."""
    rows = StockLevel.objects.filter(shortfall__gt=0, location__in=places.values("pk"))
    found = rows.aggregate(n=Count("pk"), units=Sum("shortfall"), value=Sum(F("shortfall") * F("variant__unit_cost")))
    worst = rows.values("location__code", "location__name").annotate(units=Sum("shortfall"), shelves=Count("pk"))
    most = [dict(row) for row in worst.order_by("-units", "location__code")[:WORST]]
    return Short(found["n"], found["units"] or 0, found["value"] or Decimal(0), most)


@dataclass(frozen=True)
class Looks:
    """Counts that are asked for and not done; `places` are the locations with the most overdue ones."""

    open: int
    overdue: int
    oldest: datetime | None
    places: list[dict[str, Any]]  # location__code, location__name, open, overdue


def looks(places: Any, now: datetime) -> Looks:
    """Read along the partial index of open tasks."""
    rows = CycleCount.objects.filter(done_at=None, location__in=places.values("pk"))
    late = Count("pk", filter=Q(raised_at__lt=overdue_since(now)))
    found = rows.aggregate(open=Count("pk"), overdue=late, oldest=Min("raised_at"))
    by_place = rows.values("location__code", "location__name").annotate(open=Count("pk"), overdue=late)
    most = [dict(row) for row in by_place.order_by("-overdue", "-open", "location__code")[:WORST]]
    return Looks(found["open"], found["overdue"], found["oldest"], most)


def overdue_since(now: datetime) -> datetime:
    """What was raised before is overdue."""
    return now - timedelta(days=setting(preferences.COUNT_OVERDUE_DAYS))
