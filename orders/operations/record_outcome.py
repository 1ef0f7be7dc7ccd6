"""What became of a parcel that was decided on, beside what was predicted of it."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from omni.core.operation import operation
from orders.models import FulfillmentOrder, Label, RoutingDecision, RoutingOutcome
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.routing.batch import UNIT
from orders.routing.explain import Kind

ENDED = {
    Status.SHIPPED: RoutingOutcome.Ended.SHIPPED, Status.DECLINED: RoutingOutcome.Ended.DECLINED,
    Status.SHORT: RoutingOutcome.Ended.SHORT, Status.CANCELLED: RoutingOutcome.Ended.CANCELLED,
}  # fmt: skip
PAID = (Label.Status.BOUGHT, Label.Status.KEPT)
CURRENCY = "USD"  # of tariffs; a label in another one is compared with nothing


@operation
def record_outcome(*, number: str, now: datetime) -> RoutingOutcome | None:
    """Of a fulfillment order that has ended; once, however often it is asked. None where it goes on, or where nothing
    was decided about it."""
    work = FulfillmentOrder.objects.filter(number=number, method=Method.SHIP).first()
    ended = ENDED.get(Status(work.status)) if work else None
    if work is None or ended is None:
        return None
    decision = decision_of(work)
    if decision is None:
        return None
    if ended == RoutingOutcome.Ended.DECLINED and work.timed_out_at:
        ended = RoutingOutcome.Ended.TIMED_OUT
    outcome, _made = RoutingOutcome.objects.get_or_create(
        fulfillment_order=work,
        defaults={
            "decision": decision, "ended": ended, "ended_at": work.closed_at or now,
            "predicted_amount": _predicted(decision, work.location_id),
            "label_amount": _paid(work) if ended == RoutingOutcome.Ended.SHIPPED else None,
        },
    )  # fmt: skip
    return outcome


def decision_of(work: FulfillmentOrder) -> RoutingDecision | None:
    """The latest decision by which the work's location got parcels of its order."""
    rows = RoutingDecision.objects.filter(order=work.order_id).order_by("-pk")
    return next((row for row in rows if any(each[0] == work.location_id for each in _parcels(row))), None)


def _parcels(decision: RoutingDecision) -> list:
    return decision.explanation.get("parcels", [])


def _predicted(decision: RoutingDecision, location: int) -> int:
    items = decision.explanation.get("items", [])
    return sum(amount for kind, _name, place, amount in items if kind == Kind.TARIFF and place == location)


def _paid(work: FulfillmentOrder) -> int | None:
    """What its labels cost; None where any of them was bought elsewhere, or in another currency."""
    labels = Label.objects.filter(shipment__fulfillment_order=work, status__in=PAID)
    if labels.filter(is_manual=True).exists() or labels.exclude(currency=CURRENCY).exists():
        return None
    total: Decimal | None = labels.aggregate(n=Sum("amount"))["n"]
    return None if total is None else round(total * UNIT)
