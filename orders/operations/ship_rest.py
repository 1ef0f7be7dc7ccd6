"""What a customer leaves at the desk is sent to them: from this shelf where the store ships, else from elsewhere."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.operations.close_promise import Part, hand_on, leave_for_put_back
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.refusals import Invalid
from omni.core.states import begin
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, OrderLine, SerialNumber
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.day_capacity import Due, due
from orders.operations.find_elsewhere import ship_from_anywhere
from orders.operations.finish_work import finish_work
from orders.operations.relabel import relabel
from orders.operations.serials import put_down

Rest = Mapping[FulfillmentLine, int]
ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country")
NEEDED = ("name", "line1", "city", "postal_code")


def ship_rest(*, work: FulfillmentOrder, address: dict, by: Actor, now: datetime) -> FulfillmentOrder | None:
    """Send every unit that is left of a locked, staged pickup to `address`; returns the parcel's work if it is here.

    Age-restricted units stay ready: at a door nobody of us could look at an ID. Raises Invalid `address_required`.
    """
    where = {name: str(address.get(name) or "").strip() for name in ADDRESS}
    if not all(where[name] for name in NEEDED):
        raise Invalid("address_required", _("Say where to send it: name, street, city and ZIP code."))
    lines = work.lines.select_related("order_line", "variant").order_by("pk").select_for_update(of=("self",))
    rest = {line: line.open_quantity for line in lines if line.open_quantity and not line.variant.is_age_restricted}
    if not rest:
        return None
    work.order.shipping_address = where | {"country": where["country"] or "US"}
    work.order.save(update_fields=["shipping_address"])
    promised = due(work.location, Method.SHIP, now) if work.location.can_ship else None
    parcel = _from_here(work, rest, promised, by, now) if promised else None
    if parcel is None:
        _from_elsewhere(work, rest, by, now)
    return parcel


def _from_here(work: FulfillmentOrder, rest: Rest, promised: Due, by: Actor, now: datetime) -> FulfillmentOrder:
    """The units stay where they lie; they are now to pack, and their promise and serials go with them."""
    order = work.order
    order.fulfillment_count += 1
    order.save(update_fields=["fulfillment_count"])
    parcel = FulfillmentOrder.objects.create(
        number=f"{order.number}-{order.fulfillment_count}", order=order, location=work.location, method=Method.SHIP,
        status=Status.STAGED, due_at=promised.at, cutoff_at=promised.cutoff_at, release_at=now, released_at=now,
        accepted_at=now, shelf_code=work.shelf_code, staged_at=now,
    )  # fmt: skip
    begin(parcel, by=by, reason="the rest of a pickup")
    moves = []
    for line, quantity in rest.items():
        new = FulfillmentLine.objects.create(
            fulfillment_order=parcel, order_line=line.order_line, variant=line.variant, quantity=quantity,
            picked_quantity=quantity,
        )  # fmt: skip
        _take_serials(line, new, quantity)
        moves.append((Part(line.demand_key, quantity, off_shelf=quantity), new.demand_key))
    _uncount(rest)
    hand_on(parts=moves, now=now)
    finish_work(work=work, by=by, now=now, reason="the rest is sent")
    relabel(order=order, now=now)
    _tell(work, rest, parcel, by)
    return parcel


def _from_elsewhere(work: FulfillmentOrder, rest: Rest, by: Actor, now: datetime) -> None:
    """This store sends nothing: its units go back to their shelves, and others are promised."""
    _uncount(rest)
    for line, quantity in rest.items():
        OrderLine.objects.filter(pk=line.order_line_id).update(allocated_quantity=F("allocated_quantity") - quantity)
        line.order_line.allocated_quantity -= quantity
    put_down(lines=rest, now=now)
    finish_work(work=work, by=by, now=now, reason="the rest is sent from elsewhere")
    leave_for_put_back(
        parts=[Part(line.demand_key, quantity, off_shelf=quantity) for line, quantity in rest.items()],
        reason=_("sent from another place"), found_at=work.shelf_code, cause=f"fulfillment-order:{work.number}",
        by=by, now=now,
    )  # fmt: skip
    _tell(work, rest, None, by)
    ship_from_anywhere(order=work.order, units={line.order_line: n for line, n in rest.items()}, by=by, now=now)
    relabel(order=work.order, now=now)


def _uncount(rest: Rest) -> None:
    """These units are no longer this work's; the order's own counters do not see it."""
    for line, quantity in rest.items():
        line.cancelled_quantity += quantity
        line.picked_quantity -= quantity
        line.save(update_fields=["cancelled_quantity", "picked_quantity"])


def _take_serials(line: FulfillmentLine, new: FulfillmentLine, quantity: int) -> None:
    kept = list(SerialNumber.objects.held().filter(fulfillment_line=line).values_list("pk", flat=True))
    SerialNumber.objects.filter(pk__in=kept[-quantity:]).update(fulfillment_line=new)


def _tell(work: FulfillmentOrder, rest: Rest, parcel: FulfillmentOrder | None, by: Actor) -> None:
    emit(events.REST_SHIPPED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "shipping_from": parcel.number if parcel else None,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity}
                  for line, quantity in rest.items()],
    })  # fmt: skip
