"""A parcel leaves with its carrier: its stock goes with it, its money is due, the customer is told."""

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
from orders.models import FulfillmentLine, FulfillmentOrder, OrderException, OrderLine, Shipment
from orders.models.fulfillment_order import Status
from orders.models.shipment import LEFT
from orders.operations.follow import follow
from orders.operations.parcel_news import news_of
from orders.operations.raise_exception import settle_exception
from orders.operations.relabel import relabel
from orders.operations.serials import send_out
from orders.operations.settle import settle


@operation
def hand_parcel_over(*, number: str, by: Actor, now: datetime) -> Shipment:
    """The carrier takes one labelled parcel. Told twice it left once."""
    shipment = Shipment.objects.lock(number)
    if shipment.status in LEFT:
        return shipment
    if shipment.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    move(shipment, Shipment.Status.HANDED_OVER, by=by, handed_over_at=now)
    book_departure(shipment=shipment, off_shelf=True, by=by, now=now)
    follow(shipment=shipment, now=now)  # the carrier may have scanned it before we did
    return shipment


def book_departure(*, shipment: Shipment, off_shelf: bool, by: Actor, now: datetime) -> None:
    """Counters, money and stock of a locked parcel that has just left; `off_shelf`: somebody picked it here."""
    work = shipment.fulfillment_order
    gone = _units(shipment)
    for line, quantity in gone.items():
        FulfillmentLine.objects.filter(pk=line.pk).update(issued_quantity=F("issued_quantity") + quantity)
        OrderLine.objects.filter(pk=line.order_line_id).update(
            allocated_quantity=F("allocated_quantity") - quantity,
            fulfilled_quantity=F("fulfilled_quantity") + quantity,
        )
    serials = send_out(units=gone)
    _close_work(work, shipment, by, now)
    relabel(order=work.order, now=now)
    due: dict[int, int] = {}
    for line, quantity in gone.items():
        due[line.order_line_id] = due.get(line.order_line_id, 0) + quantity
    settle(order=work.order, units=due, key=f"parcel:{shipment.number}", now=now)
    parts = [Part(line.demand_key, n, off_shelf=n if off_shelf else 0) for line, n in gone.items()]
    issue(parts=parts, kind=StockMovement.Kind.SHIP, by=by, now=now)
    news = news_of(shipment, serials)
    emit(events.SHIPPED, aggregate=work.order.subject, by=by, payload=news | {"deliver_by": shipment.deliver_by})


def _units(shipment: Shipment) -> dict[FulfillmentLine, int]:
    quantities = dict(shipment.lines.values_list("fulfillment_line_id", "quantity"))
    lines = FulfillmentLine.objects.filter(pk__in=quantities).order_by("pk").select_for_update(of=("self",))
    return {line: quantities[line.pk] for line in lines.select_related("order_line")}


def _close_work(work: FulfillmentOrder, shipment: Shipment, by: Actor, now: datetime) -> None:
    """The work is done when nothing of it is open; its tracking is that of the parcel that left last."""
    work.tracking_carrier, work.tracking_number = shipment.carrier, shipment.tracking_number
    work.save(update_fields=["tracking_carrier", "tracking_number"])
    if not any(line.open_quantity for line in work.lines.all()):
        move(work, Status.SHIPPED, by=by, closed_at=now)
        settle_exception(order=work.order, kind=OrderException.Kind.LATE, resolution=_("shipped"), by=by, now=now)
