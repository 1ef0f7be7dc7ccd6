"""How long it takes until a sale, a receipt or a count elsewhere is known here, and from here to the channels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db import connection
from django.db.models import Sum

from inventory.models import ChangeLag, Feed, FeedLag, stock_change
from inventory.models.feed_lag import STEPS
from omni.core.models import ApiKey

SPAN = timedelta(hours=24)
LATEST = 10_000  # deliveries that the second picture looks at, at most

# From the commit that made it true to the receiver's answer.
SENT = """
SELECT width_bucket(extract(epoch FROM seconds), %(steps)s::numeric[]) AS step, count(*) FROM (
    SELECT d.finished_at - e.recorded_at AS seconds
      FROM core_webhookdelivery d JOIN core_event e ON e.id = d.event_id
     WHERE NOT d.status = 'pending' AND d.status = 'done' AND d.finished_at >= %(since)s
       AND e.topic LIKE 'inventory.%%'
     ORDER BY d.finished_at DESC LIMIT %(latest)s) sent
 GROUP BY 1
"""


@dataclass(frozen=True)
class Lag:
    """Movements of one source in the last day, by how late they were known; `counts` has one more than STEPS."""

    source: str
    name: str
    counts: tuple[int, ...]
    feed_id: int | None = None

    @property
    def total(self) -> int:
        return sum(self.counts)

    def step_of(self, share: float) -> int:
        """The step within which this share was known; 0 is the first."""
        wanted = share * self.total
        return next((n for n, sum_ in enumerate(accumulate(self.counts)) if sum_ >= wanted), len(self.counts) - 1)


def lags(now: datetime) -> list[Lag]:
    """Each source that told something in the last 24 hours, the latest first."""
    rows = FeedLag.objects.filter(hour__gte=now - SPAN).values_list("source", "step").annotate(n=Sum("movements"))
    return _named(rows.order_by("source", "step"), len(STEPS))


def told_to_channels(now: datetime) -> list[Lag]:
    """Each source whose movements got numbers in the changes feed in the last 24 hours, the latest first.

    From the transaction that booked a movement to the number that channels read.
    """
    rows = ChangeLag.objects.filter(hour__gte=now - SPAN).values_list("source", "step").annotate(n=Sum("changes"))
    return _named(rows.order_by("source", "step"), len(stock_change.STEPS))


def _named(rows: Iterable[tuple[str, int, int]], steps: int) -> list[Lag]:
    counts: dict[str, list[int]] = {}
    for source, step, count in rows:
        counts.setdefault(source, [0] * (steps + 1))[step] = count
    feeds = {feed.source: feed for feed in Feed.objects.select_related("api_key")} if counts else {}
    keys = _key_names(source for source in counts if source not in feeds)
    found = [
        Lag(source, feeds[source].name if source in feeds else keys.get(source, source), tuple(of),
            feeds[source].pk if source in feeds else None)
        for source, of in counts.items()
    ]  # fmt: skip
    return sorted(found, key=lambda lag: (-lag.step_of(0.99), -lag.total, lag.name))


def sent_to_channels(now: datetime) -> Lag:
    """Webhooks about stock that were answered in the last 24 hours, the latest 10,000 of them."""
    counts = [0] * (len(STEPS) + 1)
    with connection.cursor() as cursor:
        cursor.execute(SENT, {"steps": list(STEPS), "since": now - SPAN, "latest": LATEST})
        for step, count in cursor.fetchall():
            counts[step] = count
    return Lag("", "", tuple(counts))


def _key_names(sources: Iterable[str]) -> dict[str, str]:
    lineages = [source.removeprefix("key:") for source in sources if source.startswith("key:")]
    if not lineages:
        return {}
    keys = ApiKey.objects.filter(lineage__in=lineages).order_by("pk").values_list("lineage", "name")
    return {f"key:{lineage}": name for lineage, name in keys}
