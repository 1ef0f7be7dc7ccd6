"""Shelves that the book and the promises disagree about, and the looks that are asked for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Sum

from inventory.models import CycleCount, StockLevel

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
    """Counts that are asked for and not done."""

    open: int
    oldest: datetime | None


def looks(places: Any) -> Looks:
    found = CycleCount.objects.filter(done_at=None, location__in=places.values("pk")).aggregate(
        n=Count("pk"), oldest=Min("raised_at")
    )
    return Looks(found["n"], found["oldest"])
