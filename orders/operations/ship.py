"""A parcel leaves: stock goes with it, the customer is told, its money is due."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import StockMovement
from inventory.operations.close_promise import Part, issue
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.states import move
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, OrderException, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.raise_exception import settle_exception
from orders.operations.relabel import relabel
from orders.operations.serials import send_out
from orders.operations.settle import settle


@operation
def ship(*, number: str, carrier: str, tracking_number: str, by: Actor, now: datetime) -> FulfillmentOrder:
    """Everything open in this work has left with a carrier. A store's work must be staged, a partner's confirmed."""
    work = FulfillmentOrder.objects.lock(number)
    if work.method != Method.SHIP:
        raise Refusal("not_shipped", _("This work is collected, not shipped."))
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    if work.location.picks_by_hand and work.status == Status.ACCEPTED:
        raise Refusal("not_picked", _("This order is not picked yet."))
    if not work.location.picks_by_hand and work.status == Status.RELEASED:
        move(work, Status.ACCEPTED, by=by)  # shipping confirms
    move(
        work,
        Status.SHIPPED,
        by=by,
        closed_at=now,
        tracking_carrier=carrier[:60],
        tracking_number=tracking_number[:100],
    )
    lines = list(work.lines.select_related("order_line").order_by("pk").select_for_update(of=("self",)))
    gone = {line: line.open_quantity for line in lines if line.open_quantity}
    for line, quantity in gone.items():
        # A partner's own system picked; here the units are picked and gone in one step.
        FulfillmentLine.objects.filter(pk=line.pk).update(
            picked_quantity=line.wanted_quantity, issued_quantity=F("issued_quantity") + quantity
        )
        OrderLine.objects.filter(pk=line.order_line_id).update(
            allocated_quantity=F("allocated_quantity") - quantity,
            fulfilled_quantity=F("fulfilled_quantity") + quantity,
        )
    serials = send_out(units=gone)
    relabel(order=work.order, now=now)
    settle_exception(order=work.order, kind=OrderException.Kind.LATE, resolution=_("shipped"), by=by, now=now)
    settle(order=work.order, key=f"shipment:{work.number}", now=now,
           units={line.order_line_id: quantity for line, quantity in gone.items()})  # fmt: skip
    parts = [Part(line.demand_key, quantity, off_shelf=line.in_staging_quantity) for line, quantity in gone.items()]
    issue(parts=parts, kind=StockMovement.Kind.SHIP, by=by, now=now)
    emit(events.SHIPPED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "carrier": carrier, "tracking_number": tracking_number,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity,
                   "serials": serials.get(line.pk, [])}
                  for line, quantity in gone.items()],
    })  # fmt: skip
    return work
