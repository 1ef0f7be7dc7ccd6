"""Whoever was forgotten is no longer named on orders that are done; an open one needs them until it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from customers.models import Customer
from omni.core.models import Event
from omni.core.operation import operation
from orders import events
from orders.models import (
    Arrival,
    Basket,
    HandOver,
    Label,
    LabelDocument,
    Message,
    Order,
    OrderException,
    OrderLine,
    SimulatedLabel,
)

DONE = (Order.Status.FULFILLED, Order.Status.CANCELLED)
LOOKED_BACK = timedelta(days=400)
LEFT_LYING = timedelta(days=7)  # a basket that nobody came back for
SLICE = 200
GONE = "—"
KEPT_OF_ADDRESS = ("city", "region", "postal_code", "country")  # where things were sold to, and nobody's door
KEPT_OF_METADATA = ("replaces", "return")  # ours; what the channel wrote may name somebody
NOBODY: dict[str, Any] = {
    "contact_name": "", "contact_email": "", "contact_phone": "", "shipping_address": None, "note": "",
}  # fmt: skip
# What the news of these topics say of a person.
TOLD = (
    events.HANDED_OVER, events.HAND_OVER_UNDONE, events.COLLECTOR_NAMED, events.ON_MY_WAY, events.ARRIVED,
    events.ARRIVAL_CANCELLED,
)  # fmt: skip
PERSONAL = ("collector", "name", "car", "car_color", "bay")


@operation
def forget_erased(*, now: datetime) -> int:
    """Take names and contacts off a slice of the done orders of erased customers; returns how many that were."""
    named = Order.objects.filter(customer__in=erased(now), status__in=DONE).exclude(contact_name=GONE)
    orders = list(named.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:SLICE])
    for order in orders:
        address = order.shipping_address
        order.shipping_address = {name: address.get(name, "") for name in KEPT_OF_ADDRESS} if address else None
        order.contact_name, order.contact_email, order.contact_phone, order.collector_name = GONE, "", "", ""
        order.metadata = {name: order.metadata[name] for name in KEPT_OF_METADATA if name in order.metadata}
    Order.objects.bulk_update(
        orders, ["shipping_address", "contact_name", "contact_email", "contact_phone", "collector_name", "metadata"]
    )
    OrderLine.objects.filter(order__in=orders).exclude(gift_message="").update(gift_message=GONE)
    OrderException.objects.filter(order__in=orders).update(detail=GONE)
    _forget_visits(orders)
    _forget_parcels(orders)
    Message.objects.filter(order__in=orders).update(to="", subject=GONE, body=GONE, problem="")
    Basket.objects.filter(order__in=orders).update(**NOBODY)
    return len(orders)


@operation
def forget_baskets(*, now: datetime) -> int:
    """No basket that is over, or that nobody came back for, knows whose it was; returns how many were forgotten."""
    over = Basket.objects.filter(status=Basket.Status.DROPPED)
    lying = Basket.objects.alive().filter(updated_at__lt=now - LEFT_LYING)
    theirs = Basket.objects.exclude(status=Basket.Status.OPEN).filter(customer__in=erased(now), order=None)
    return sum(rows.exclude(**NOBODY).update(**NOBODY) for rows in (over, lying, theirs))


def erased(now: datetime) -> Any:
    """Who asked to be forgotten, for `customer__in`."""
    return Customer.objects.filter(erased_at__gt=now - LOOKED_BACK).values("pk")


def forget_papers(keys: Sequence[str]) -> None:
    """The simulated carrier keeps what it was asked, like a real one does; ours forgets it too."""
    SimulatedLabel.objects.filter(key__in=keys).update(asked={})


def _forget_visits(orders: Sequence[Order]) -> None:
    """Who came, in which car, and what the news said of it."""
    theirs: dict[str, Any] = {"fulfillment_order__order__in": orders}
    HandOver.objects.filter(**theirs).exclude(collector_name="", note="").update(collector_name=GONE, note="")
    Arrival.objects.filter(**theirs).update(bay="", car="", car_color="")
    numbers = [str(order.number) for order in orders]
    told = list(Event.objects.filter(aggregate_type="order", aggregate_id__in=numbers, topic__in=TOLD))
    for event in told:
        event.payload |= {name: "" for name in PERSONAL if event.payload.get(name)}
    Event.objects.bulk_update(told, ["payload"])


def _forget_parcels(orders: Sequence[Order]) -> None:
    labels = Label.objects.filter(shipment__fulfillment_order__order__in=orders)
    labels.exclude(refusal="").update(refusal=GONE)
    LabelDocument.objects.filter(label__in=labels).update(pdf=b"", zpl="")
    forget_papers(list(labels.values_list("key", flat=True)))
