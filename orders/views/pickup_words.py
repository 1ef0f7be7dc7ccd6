"""What the desk says about work that cannot be handed over now: why, and what to do next."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from omni.core.ui.words import local_words
from orders.models import FulfillmentOrder, Order
from orders.models.fulfillment_order import IN_QUEUE, Status
from orders.models.order_line import Method


def why_not_ready(work: FulfillmentOrder) -> str:
    """A sentence and the next step; empty when the work can be handed over."""
    if work.order.hold:
        return _("On hold (%(kind)s). HQ looks into it: ask the customer to wait, and call HQ.") % {
            "kind": work.order.get_hold_display()
        }
    return _WORDS[Status(work.status)](work)


def where_else(order: Order) -> str:
    """Where an order is that this store has no work of."""
    works = order.fulfillment_orders.select_related("location").order_by("-pk")
    pickup = works.filter(method=Method.PICKUP).first()
    words = {"order": str(order.number)}
    if pickup:
        place = pickup.location
        words |= {"store": place.name, "city": f"{place.city}, {place.region}".strip(" ,"), "state": _state(pickup)}
        return (
            _("Order %(order)s is at another store: %(store)s, %(city)s (%(state)s). Send the customer there.") % words
        )
    if works:
        return _("Order %(order)s is shipped to the customer, not picked up.") % words
    return _("Order %(order)s waits for stock. The customer gets a message as soon as it is ready.") % words


def _state(work: FulfillmentOrder) -> str:
    if work.status in (Status.AWAITING, Status.PLANNED, *IN_QUEUE):
        return _("not ready, due %s") % clock(work, work.due_at)
    return work.get_status_display()


def clock(work: FulfillmentOrder, when: datetime | None) -> str:
    """A moment on the clock of the work's store."""
    return local_words(when, zone=work.location.zone, now=timezone.now()) if when else ""


def _not_picked(work: FulfillmentOrder) -> str:
    return _("Not picked yet, due %s. Ask a colleague to pick it now, or tell the customer when it is due.") % clock(
        work, work.due_at
    )


def _picking(work: FulfillmentOrder) -> str:
    picker = work.pick_list.picker if work.pick_list else ""
    return _("Being picked by %(name)s, due %(due)s. Ask them to bring it.") % {
        "name": picker, "due": clock(work, work.due_at),
    }  # fmt: skip


def _handed_over(work: FulfillmentOrder) -> str:
    return _("Handed over: %s. Look at the order to see how the collector was checked.") % clock(work, work.closed_at)


def _expired(work: FulfillmentOrder) -> str:
    return _("Not collected in time, so the items went back (%s). The customer paid nothing and can order again.") % (
        clock(work, work.closed_at)
    )


def _cancelled(work: FulfillmentOrder) -> str:
    return _("Cancelled: %s. The customer pays nothing for it.") % clock(work, work.closed_at)


def _short(work: FulfillmentOrder) -> str:
    return _("None of its items were found here. The customer was asked what to do: open the order to answer for them.")


def _elsewhere(work: FulfillmentOrder) -> str:
    return _("This store no longer has this work. Open the order to see where its items are.")


def _awaiting(work: FulfillmentOrder) -> str:
    return _("Its items are sent here from another location (transfer %(number)s), due %(due)s. Not here yet.") % {
        "number": work.transfer, "due": clock(work, work.due_at),
    }  # fmt: skip


_WORDS = {
    Status.AWAITING: _awaiting,
    Status.PLANNED: _not_picked,
    Status.RELEASED: _not_picked,
    Status.ACCEPTED: _not_picked,
    Status.PICKING: _picking,
    Status.STAGED: lambda work: "",
    Status.HANDED_OVER: _handed_over,
    Status.EXPIRED: _expired,
    Status.CANCELLED: _cancelled,
    Status.SHORT: _short,
    Status.DECLINED: _elsewhere,
    Status.SHIPPED: _elsewhere,
}
