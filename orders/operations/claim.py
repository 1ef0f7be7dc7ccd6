"""Somebody starts picking: the chosen work becomes one pick list that nobody else can take."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import NotAllowed, Refusal
from omni.core.states import move_many
from orders.models import FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status

MAX_WORKS = 50


@operation
def claim(*, location: Location, numbers: Sequence[str], by: Actor, now: datetime) -> PickList:
    """Take these fulfillment orders as one pick list; refuses with the name of whoever was faster."""
    picker = _person(by)
    wanted = set(numbers)
    if not wanted:
        raise Refusal("nothing_chosen", _("Choose at least one order to pick."))
    if len(wanted) > MAX_WORKS:
        raise Refusal("too_many", _("Pick at most %d orders in one walk.") % MAX_WORKS)
    works = list(
        FulfillmentOrder.objects.at(location).filter(number__in=wanted)
        .select_related("order").order_by("order_id", "pk").select_for_update(of=("self",))
    )  # fmt: skip
    _require_free(works, wanted)
    pick_list = PickList.objects.create(location=location, picker_id=picker, started_at=now)
    move_many(works, Status.PICKING, by=by, pick_list=pick_list)
    return pick_list


@operation
def give_back(*, pick_list_id: int, by: Actor, now: datetime) -> PickList:
    """The picker puts the list down: what has no scan yet goes back to the queue, the rest stays on the list."""
    pick_list = PickList.objects.lock(pick_list_id)
    works = list(
        pick_list.fulfillment_orders.filter(status=Status.PICKING).select_for_update().prefetch_related("lines")
    )
    untouched = [
        work for work in works if not any(line.picked_quantity or line.short_quantity for line in work.lines.all())
    ]
    move_many(untouched, Status.RELEASED, by=by, reason="given back", pick_list=None)
    if len(untouched) == len(works):
        pick_list.finished_at = now
        pick_list.save(update_fields=["finished_at"])
    return pick_list


@operation
def take_over(*, pick_list_id: int, by: Actor) -> PickList:
    """Go on with somebody's open list; the scans made so far stay."""
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.finished_at:
        raise Refusal("finished", _("This pick list is finished."))
    pick_list.picker_id = _person(by)
    pick_list.save(update_fields=["picker"])
    return pick_list


def _person(by: Actor) -> int:
    if by.user_id is None:
        raise NotAllowed("person_required", _("Only a person can pick; sign in."))
    return by.user_id


def _require_free(works: list[FulfillmentOrder], wanted: set[str]) -> None:
    for work in works:
        if work.status == Status.PICKING and work.pick_list is not None:
            raise Refusal(
                "taken",
                _("%(name)s is already picking order %(order)s.")
                % {"name": work.pick_list.picker.shown_name, "order": work.order.number},
            )
        if work.status != Status.RELEASED:
            raise Refusal(
                "not_waiting",
                _("Order %(order)s is no longer waiting to be picked: %(status)s.")
                % {"order": work.order.number, "status": work.get_status_display()},
            )
        if work.order.hold:
            raise Refusal("on_hold", _("Order %s is on hold.") % work.order.number)
    if len(works) != len(wanted):
        raise Refusal("not_here", _("One of these orders is not at this location."))
