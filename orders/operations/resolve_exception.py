"""A person at HQ has dealt with what was on the list."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import FulfillmentOrder, Order, OrderException
from orders.models.fulfillment_order import Status
from orders.operations.raise_exception import settle_exception

Kind = OrderException.Kind


@operation
def resolve_exception(*, exception_id: int, note: str, by: Actor, now: datetime) -> OrderException:
    """Take it off the list with a note; what still waits cannot be resolved by words.

    Raises Invalid `note_required`, and Refusal `already_resolved`, `still_waiting`, `still_unconfirmed` or
    `still_undecided`.
    """
    if not note.strip():
        raise Invalid("note_required", _("Say what was done about it."))
    exception = OrderException.objects.select_related("order").get(pk=exception_id)
    order = Order.objects.lock(exception.order.number)
    exception.refresh_from_db()
    if exception.resolved_at:
        raise Refusal("already_resolved", _("This was resolved a moment ago."))
    if exception.kind in (Kind.WAITING, Kind.ATTEMPTS) and order.lines.waiting().exists():
        raise Refusal(
            "still_waiting", _("Order %s still waits for units: promise or cancel them first.") % order.number
        )
    if exception.kind == Kind.OVERDUE and _is_unconfirmed(order, now):
        raise Refusal(
            "still_unconfirmed",
            _("Work of order %s is still not confirmed: have it confirmed, or give it to another location.")
            % order.number,
        )
    if exception.kind == Kind.ROUTING and not setting(preferences.ROUTING_PAUSED):
        raise Refusal(
            "still_undecided",
            _("Order %s is taken off the list by the run that decides about it again.") % order.number,
        )
    settle_exception(order=order, kind=exception.kind, resolution=note.strip(), by=by, now=now)
    exception.refresh_from_db()
    return exception


def _is_unconfirmed(order: Order, now: datetime) -> bool:
    return FulfillmentOrder.objects.filter(order=order, status=Status.RELEASED, confirm_by__lte=now).exists()
