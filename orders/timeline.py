"""The story of one order: what was told about it and what its work went through, as one list people understand."""

from collections.abc import Iterable
from datetime import datetime

from omni.core.models import Event, StateChange
from omni.core.states import subject_type
from orders.models import FulfillmentOrder, Order
from orders.models.fulfillment_order import FREE, Status
from orders.story import Story
from orders.told_by_others import told_once

# These moves are told by an event that says more (which shelf, which items, to whom).
TOLD = {Status.PLANNED, Status.STAGED, Status.HANDED_OVER, Status.SHIPPED, Status.EXPIRED, Status.DECLINED,
        Status.ACCEPTED, Status.SHORT, Status.CANCELLED}  # fmt: skip


def timeline(*, order: Order, works: Iterable[FulfillmentOrder], now: datetime) -> list[dict]:
    """Entries for the timeline component, newest first. `works` come with their location and hand-overs."""
    by_key = {str(work.pk): work for work in works}
    story = Story(order=order, works=list(by_key.values()), now=now)
    kind, which = order.subject
    told = told_once(Event.objects.filter(aggregate_type=kind, aggregate_id=which).order_by("pk"))
    moves = StateChange.objects.filter(subject_type=subject_type(FulfillmentOrder), subject_id__in=list(by_key))
    entries = [((event.occurred_at, 0, event.pk), story.of_event(event)) for event in told]
    entries += [
        ((move.at, 1, move.pk), story.of_move(move, by_key[move.subject_id])) for move in moves if _tells_more(move)
    ]  # fmt: skip
    return [entry for _when, entry in sorted(entries, key=lambda each: each[0], reverse=True)]


def _tells_more(move: StateChange) -> bool:
    if move.to_status in FREE:
        return move.from_status == Status.PICKING  # else the release or the yes itself is told
    return move.to_status not in TOLD
