"""A customer's orders, a piece of their page: from every channel, with a link where the order is one's business."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from customers.models import Customer
from omni.core.web import needs
from orders.models import Order
from orders.views.order import ORDER_TONES, store_of

SHOWN = 20


@needs("work")
@require_safe
def for_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The newest twenty, under whichever of the customer's records they were placed."""
    customer = get_object_or_404(Customer, pk=customer_id, is_active=True)
    orders = Order.objects.filter(customer__in=customer.family_ids()).order_by("-placed_at")
    shown = list(orders.prefetch_related("lines")[: SHOWN + 1])
    mine = set(
        Order.objects.for_user(request.user).filter(pk__in=[each.pk for each in shown]).values_list("pk", flat=True)
    )
    rows = [
        {"order": each, "tone": ORDER_TONES[each.status], "may_open": each.pk in mine,
         "items": ", ".join(line.title for line in list(each.lines.all())[:3])}
        for each in shown[:SHOWN]
    ]  # fmt: skip
    context = {"rows": rows, "more": len(shown) > SHOWN, "place": store_of(request)}
    return render(request, "orders/for_customer.html", context)
