"""Keep an order from its stores while payment, fraud or address is looked at; its stock stays promised."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move_many
from orders import events
from orders.models import Order
from orders.models.fulfillment_order import Status


@operation
def hold_order(*, number: int, kind: str, note: str, by: Actor, now: datetime) -> Order:
    """Hold an order; work that nobody has started leaves the store's queue again."""
    if kind not in Order.Hold.values:
        raise Invalid("unknown_hold", _("An order is held for payment, fraud_review or address."))
    order = Order.objects.lock(number)
    if order.status in (Order.Status.FULFILLED, Order.Status.CANCELLED):
        raise Refusal("nothing_open", _("Nothing of this order is open any more."))
    _set(order, kind, note, now)
    accepted_by_store = Q(status=Status.ACCEPTED, location__kind=Location.Kind.STORE)
    waiting = order.fulfillment_orders.filter(Q(status=Status.RELEASED) | accepted_by_store)
    move_many(list(waiting.select_for_update(of=("self",))), Status.PLANNED, by=by, reason=f"held: {kind}",
              released_at=None, confirm_by=None, accepted_at=None, timed_out_at=None)  # fmt: skip
    emit(
        events.HELD,
        aggregate=order.subject,
        payload={"order": str(order.number), "kind": kind, "note": note},
        by=by,
    )
    return order


@operation
def unhold_order(*, number: int, by: Actor, now: datetime) -> Order:
    """The question is settled: the work goes to its stores with the next release."""
    order = Order.objects.lock(number)
    if not order.hold:
        raise Refusal("not_held", _("This order is not on hold."))
    _set(order, "", "", now)
    emit(events.UNHELD, aggregate=order.subject, payload={"order": str(order.number)}, by=by)
    return order


def _set(order: Order, kind: str, note: str, now: datetime) -> None:
    order.hold, order.hold_note, order.updated_at = kind, note[:500], now
    order.save(update_fields=["hold", "hold_note", "updated_at"])
