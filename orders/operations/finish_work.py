"""Work of which nothing is left to do closes, and gives its share of the day back when nothing came of it."""

from datetime import datetime

from inventory.models import LocationDay
from omni.core.actors import Actor
from omni.core.states import move
from orders.models import FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.arrive import end_wait
from orders.operations.day_capacity import slots


def finish_work(*, work: FulfillmentOrder, by: Actor, now: datetime, reason: str, cancelled: bool = False) -> None:
    """Close the work when no unit is open. Something handed over: it is done; else cancelled, or short."""
    lines = list(work.lines.all())
    if any(line.open_quantity for line in lines):
        return
    end_wait(work=work, now=now)
    if any(line.issued_quantity for line in lines):
        if work.status in (Status.STAGED, Status.ACCEPTED):  # accepted: a partner's, some of it gone
            to = Status.SHIPPED if work.method == Method.SHIP else Status.HANDED_OVER
            move(work, to, by=by, reason=reason, closed_at=now)
        return
    LocationDay.objects.give_back(slots(work))
    to = Status.CANCELLED if cancelled else (Status.SHORT if work.status == Status.PICKING else Status.DECLINED)
    move(work, to, by=by, reason=reason, closed_at=now, closed_reason=reason[:200], capacity_day=None)


def finish_pick_list(*, pick_list: PickList, now: datetime) -> None:
    """The walk is over once none of its work is being picked."""
    if pick_list.finished_at is None and not pick_list.fulfillment_orders.filter(status=Status.PICKING).exists():
        pick_list.finished_at = now
        pick_list.save(update_fields=["finished_at"])
        pick_list.helpers.filter(left_at=None).update(left_at=now)
