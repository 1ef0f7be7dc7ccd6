"""The story of an order: what happened to it and to the work it became."""

from django.utils.translation import gettext as _

from omni.core.hq.story import Line
from omni.core.models import Event, StateChange
from omni.core.states import subject_type
from orders.models import FulfillmentOrder, Order

MOST = 300


def story_of(order: Order, works: list[FulfillmentOrder]) -> list[Line]:
    """Its own events, and each move of its fulfillment orders; two queries."""
    return _events(order) + _moves(works)


def _events(order: Order) -> list[Line]:
    kind, number = order.subject
    rows = Event.objects.filter(aggregate_type=kind, aggregate_id=number).order_by("-id")[:MOST]
    return [Line(row.occurred_at, _topic_words(row.topic), row.actor, _note(row.payload)) for row in rows]


def _topic_words(topic: str) -> str:
    return topic.rpartition(".")[2].replace("_", " ").capitalize()


def _note(payload: dict) -> str:
    parts = [payload.get(name) for name in ("fulfillment_order", "location", "kind", "reason", "note", "detail")]
    return " · ".join(str(part) for part in parts if part)


def _moves(works: list[FulfillmentOrder]) -> list[Line]:
    numbers = {str(work.pk): work.number for work in works}
    words = dict(FulfillmentOrder.Status.choices)
    rows = StateChange.objects.filter(subject_type=subject_type(FulfillmentOrder), subject_id__in=numbers)
    return [
        Line(row.at, _("%(work)s: %(status)s") % {
            "work": numbers[row.subject_id], "status": words.get(row.to_status, row.to_status),
        }, row.actor, row.reason)
        for row in rows.order_by("-id")[:MOST]
    ]  # fmt: skip
