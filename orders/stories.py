"""What orders tell on a customer's timeline."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from customers.story import Told, tells
from omni.core.ui.words import money_words
from orders.models import Order


@tells("orders")
def orders_of(family: list[int], limit: int) -> Iterable[Told]:
    """Each order with where it came from and what it came to."""
    for order in Order.objects.filter(customer__in=family).order_by("-placed_at")[:limit]:
        title = _("Order %(number)s, %(channel)s") % {"number": order.number, "channel": order.get_channel_display()}
        amount = money_words(order.total_amount, currency=order.currency)
        yield Told("order", order.placed_at, title, note=f"{amount} · {order.get_status_display()}", tone="info",
                   reference=str(order.number))  # fmt: skip
