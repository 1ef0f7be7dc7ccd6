"""The customer (or the desk, on their word) decides about units that their store does not have."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import Order, PickupChoice
from orders.models.order_line import Method
from orders.operations.assign import Assignment, allocate
from orders.operations.cancel import cancel
from orders.operations.find_elsewhere import ship_from_anywhere
from orders.operations.relabel import relabel
from orders.operations.substitute import take_substitute

Answer = PickupChoice.Answer


@retried
@operation
def answer_choice(
    *,
    choice_id: int,
    answer: str,
    by: Actor,
    now: datetime,
    location_code: str = "",
    address: dict | None = None,
) -> PickupChoice:
    """The substitute that was offered, another store (by code), shipping (to `address`, or the order's), or
    cancellation of these units. Once."""
    order_number = PickupChoice.objects.values_list("order_line__order__number", flat=True).get(pk=choice_id)
    order = Order.objects.lock(order_number)
    choices = PickupChoice.objects.select_related("order_line", "location", "substitute__product")
    choice = choices.select_for_update(of=("self",)).get(pk=choice_id)
    if choice.answer:
        raise Refusal("already_answered", _("This was decided already: %s.") % choice.get_answer_display())
    choice.answer, choice.answered_at, choice.answered_by = answer, now, by.label
    if answer == Answer.OTHER_STORE:
        _collect_elsewhere(order, choice, location_code, by, now)
    elif answer == Answer.SHIP:
        _ship(order, choice, address, by, now)
    elif answer == Answer.SUBSTITUTE:
        take_substitute(order=order, choice=choice, by=by, now=now)
    elif answer != Answer.CANCEL:
        raise Invalid("unknown_answer", _("Choose another store, shipping or cancellation."))
    choice.save(update_fields=["answer", "answered_at", "answered_by", "substitute_line"])
    if answer == Answer.CANCEL:
        cancel(number=order.number, lines=[(choice.order_line.reference, choice.quantity)], by=by, now=now,
               reason=_("the store did not have it"))  # fmt: skip
    relabel(order=order, now=now)
    emit(events.CHOICE_MADE, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "reference": choice.order_line.reference, "quantity": choice.quantity,
        "answer": answer, "location": location_code,
    })  # fmt: skip
    return choice


def _collect_elsewhere(order: Order, choice: PickupChoice, code: str, by: Actor, now: datetime) -> None:
    place = Location.objects.filter(code=code, is_active=True, can_pick_up=True).first()
    if place is None:
        raise Invalid("unknown_location", _("Choose one of the stores."))
    assignment = Assignment(choice.order_line, place, choice.quantity, Method.PICKUP)
    if allocate(order=order, assignments=[assignment], by=by, now=now).failed:
        raise Refusal("insufficient_stock", _("%s no longer has enough. Choose another store.") % place.name)


def _ship(order: Order, choice: PickupChoice, address: dict | None, by: Actor, now: datetime) -> None:
    if address:
        order.shipping_address = address
        order.save(update_fields=["shipping_address"])
    if not order.shipping_address:
        raise Invalid("address_required", _("Say where to ship it."))
    ship_from_anywhere(order=order, units={choice.order_line: choice.quantity}, by=by, now=now)
