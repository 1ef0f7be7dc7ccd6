"""Whether what was said of shelves came true: visits of pickers by the chance that was said of them before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from inventory.chances import BINS, Bin
from inventory.models import ConfidenceModel

DAYS = 90
LATEST = 100_000  # visits that the picture looks at, at most

SAID = """
SELECT LEAST(%(bins)s - 1, floor(said * %(bins)s))::int AS bin, count(*), avg(said), avg(is_found::int),
       sum((said - is_found::int) ^ 2), sum((base - is_found::int) ^ 2)
  FROM (SELECT w.said, w.is_found, m.base_rate AS base
          FROM inventory_pickvisit w JOIN inventory_confidencemodel m ON m.id = w.said_by_id
         WHERE w.at >= %(since)s AND (%(places)s::bigint[] IS NULL OR w.location_id = ANY(%(places)s::bigint[]))
         ORDER BY w.at DESC, w.id DESC LIMIT %(latest)s) visit
 GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Sureness:
    """Tenths of what was said, with the Brier score beside that of the share that was found before."""

    model: ConfidenceModel | None
    bins: dict[int, Bin]
    brier: float
    base_brier: float

    @property
    def visits(self) -> int:
        return sum(each.visits for each in self.bins.values())


def sureness(now: datetime, *, places: list[int] | None) -> Sureness:
    """The latest 100,000 visits of 90 days of which a model said something before; of `places`, or of all."""
    asked: dict[str, Any] = {"bins": BINS, "since": now - timedelta(days=DAYS), "places": places, "latest": LATEST}
    with connection.cursor() as cursor:
        cursor.execute(SAID, asked)
        rows = cursor.fetchall()
    bins = {row[0]: Bin(row[1], float(row[2]), float(row[3])) for row in rows}
    total = sum(each.visits for each in bins.values()) or 1
    model = ConfidenceModel.objects.filter(is_active=True).first()
    return Sureness(model, bins, sum(row[4] for row in rows) / total, sum(row[5] for row in rows) / total)
