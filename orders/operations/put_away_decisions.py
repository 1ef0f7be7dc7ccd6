"""Why the parcels of orders that are long closed came from where they came from is put away.

What was decided, at which cost and what became of it stays; the explanation and what was decided on go, and so do
replays and frontiers of that age.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import preferences
from orders.models import FulfillmentOrder, Order, RoutingDecision, RoutingFrontier, RoutingReplay
from orders.models.past_trial import PastTrial

DONE = (Order.Status.FULFILLED, Order.Status.CANCELLED)
SLICE = 500  # decisions in a transaction
FEW = 20  # replays in a transaction: each has up to a thousand rows
BUDGET = 20.0  # seconds; what is left waits for the next day


def put_away_decisions(*, now: datetime) -> int:
    """As many slices as there is time for, the oldest decisions first; returns how many were put away. Each slice is a
    transaction of its own: what is put away is not looked at again, whenever this was ended."""
    began, count, before = time.monotonic(), 0, now - timedelta(days=setting(preferences.ROUTING_KEPT_DAYS))
    while time.monotonic() - began < BUDGET and (done := _put_away(before=before, now=now)):
        count += done
    for model in (RoutingReplay, RoutingFrontier):
        while time.monotonic() - began < BUDGET and _forget(model, before=before):
            continue
    return count


@operation
def _put_away(*, before: datetime, now: datetime) -> int:
    keys = list(closed_before(before).order_by("decided_at").values_list("pk", flat=True)[:SLICE])
    rows = RoutingDecision.objects.filter(pk__in=keys)
    return rows.update(explanation={}, inputs=b"", put_away_at=now) if keys else 0


def closed_before(moment: datetime) -> QuerySet[RoutingDecision]:
    """What is not put away yet of orders of which nothing is open, nor was since then."""
    busy = FulfillmentOrder.objects.filter(Q(closed_at=None) | Q(closed_at__gte=moment), order=OuterRef("order"))
    return RoutingDecision.objects.filter(
        ~Exists(busy), put_away_at=None, decided_at__lt=moment, order__status__in=DONE, order__updated_at__lt=moment
    )


@operation
def _forget(model: type[RoutingReplay] | type[RoutingFrontier], *, before: datetime) -> int:
    ended: QuerySet[Any] = model.objects.exclude(status__in=PastTrial.AT_WORK).filter(finished_at__lt=before)
    keys = list(ended.order_by("pk").values_list("pk", flat=True)[:FEW])
    model.objects.filter(pk__in=keys).delete()
    return len(keys)
