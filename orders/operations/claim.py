"""Somebody starts picking: the chosen work becomes one pick list that nobody else can take."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import NewEvent, emit_many
from omni.core.operation import operation
from omni.core.refusals import NotAllowed, Refusal
from omni.core.states import move_many
from orders import events
from orders.models import FulfillmentOrder, OrderException, PickList
from orders.models.fulfillment_order import FREE, Status
from orders.operations.raise_exception import settle_exception

MAX_WORKS = 50


@operation
def claim(*, location: Location, numbers: Sequence[str], by: Actor, now: datetime) -> PickList:
    """Take these fulfillment orders as one pick list; refuses with the name of whoever was faster."""
    picker = person_of(by)
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
    asked = [work for work in works if work.status == Status.RELEASED and work.confirm_by]
    move_many(works, Status.PICKING, by=by, pick_list=pick_list)
    _accept(asked, location, by, now)
    _give_totes(works)
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
    for status in FREE:
        back = [work for work in untouched if (work.accepted_at is not None) == (status == Status.ACCEPTED)]
        move_many(back, status, by=by, reason="given back", pick_list=None, tote_number=None, tote_label="")
    if len(untouched) == len(works):
        pick_list.finished_at = now
        pick_list.save(update_fields=["finished_at"])
        pick_list.helpers.filter(left_at=None).update(left_at=now)
    return pick_list


@operation
def take_over(*, pick_list_id: int, by: Actor, now: datetime) -> PickList:
    """Go on with somebody's open list; the scans made so far stay."""
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.finished_at:
        raise Refusal("finished", _("This pick list is finished."))
    pick_list.picker_id = person_of(by)
    pick_list.save(update_fields=["picker"])
    pick_list.helpers.filter(user=pick_list.picker_id, left_at=None).update(left_at=now)
    return pick_list


def person_of(by: Actor) -> int:
    if by.user_id is None:
        raise NotAllowed("person_required", _("Only a person can pick; sign in."))
    return by.user_id


def _accept(works: Sequence[FulfillmentOrder], location: Location, by: Actor, now: datetime) -> None:
    """Who begins has accepted."""
    FulfillmentOrder.objects.filter(pk__in=[work.pk for work in works]).update(accepted_at=now)
    for work in works:
        work.accepted_at = now
        if work.timed_out_at:
            settle_exception(order=work.order, kind=OrderException.Kind.OVERDUE, resolution=_("accepted"), by=by,
                             now=now)  # fmt: skip
    emit_many(
        NewEvent(events.ACCEPTED, work.order.subject, by=by, payload={
            "order": str(work.order.number), "fulfillment_order": work.number, "location": location.code,
        })
        for work in works
    )  # fmt: skip


def _give_totes(works: Sequence[FulfillmentOrder]) -> None:
    """One place on the cart per order, the most urgent first."""
    for number, work in enumerate(sorted(works, key=lambda work: (work.due_at, work.pk)), start=1):
        work.tote_number = number
    FulfillmentOrder.objects.bulk_update(works, ["tote_number"])


def _require_free(works: list[FulfillmentOrder], wanted: set[str]) -> None:
    for work in works:
        if work.status == Status.PICKING and work.pick_list is not None:
            raise Refusal(
                "taken",
                _("%(name)s is already picking order %(order)s.")
                % {"name": work.pick_list.picker.shown_name, "order": work.order.number},
            )
        if work.status not in FREE:
            raise Refusal(
                "not_waiting",
                _("Order %(order)s is no longer waiting to be picked: %(status)s.")
                % {"order": work.order.number, "status": work.get_status_display()},
            )
        if work.order.hold:
            raise Refusal("on_hold", _("Order %s is on hold.") % work.order.number)
    if len(works) != len(wanted):
        raise Refusal("not_here", _("One of these orders is not at this location."))
