"""Whoever was forgotten is no longer named on orders that are done; an open one needs them until it is."""

from datetime import datetime, timedelta

from customers.models import Customer
from omni.core.operation import operation
from orders.models import Message, Order, OrderLine

DONE = (Order.Status.FULFILLED, Order.Status.CANCELLED)
LOOKED_BACK = timedelta(days=400)
SLICE = 200
GONE = "—"
KEPT_OF_ADDRESS = ("city", "region", "postal_code", "country")  # where things were sold to, and nobody's door


@operation
def forget_erased(*, now: datetime) -> int:
    """Take names and contacts off a slice of the done orders of erased customers; returns how many that were."""
    erased = Customer.objects.filter(erased_at__gt=now - LOOKED_BACK).values("pk")
    named = Order.objects.filter(customer__in=erased, status__in=DONE).exclude(contact_name=GONE)
    orders = list(named.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:SLICE])
    for order in orders:
        address = order.shipping_address
        order.shipping_address = {name: address.get(name, "") for name in KEPT_OF_ADDRESS} if address else None
        order.contact_name, order.contact_email, order.contact_phone, order.collector_name = GONE, "", "", ""
    Order.objects.bulk_update(
        orders, ["shipping_address", "contact_name", "contact_email", "contact_phone", "collector_name"]
    )
    OrderLine.objects.filter(order__in=orders).exclude(gift_message="").update(gift_message=GONE)
    Message.objects.filter(order__in=orders).update(to="", body=GONE)
    return len(orders)
