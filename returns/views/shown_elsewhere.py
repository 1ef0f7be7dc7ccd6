"""Pieces of other apps' pages: the returns of an order, and those of a customer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from customers.models import Customer
from inventory.places import StoreRequest
from omni.core.web import needs
from orders.models import Order
from returns.models import ReturnOrder
from returns.models.return_unit import GONE
from returns.views.words import TONES

MOST = 20


@needs("work")
@require_safe
def for_order(request: StoreRequest, number: int) -> HttpResponse:
    """For whoever may see the order's page."""
    order = get_object_or_404(Order.objects.for_user(request.user), number=number)
    return _list(request, ReturnOrder.objects.filter(order=order))


@needs("work")
@require_safe
def for_customer(request: StoreRequest, customer_id: int) -> HttpResponse:
    """Of every channel and store, under whichever of the customer's records."""
    customer = get_object_or_404(Customer, pk=customer_id, is_active=True)
    return _list(request, ReturnOrder.objects.filter(customer__in=customer.family_ids()))


def _list(request: StoreRequest, returns) -> HttpResponse:
    rows = []
    for each in returns.with_units().prefetch_related("payouts__replacement").order_by("-pk")[:MOST]:
        units = [unit for unit in each.units.all() if unit.status not in GONE]
        rows.append({
            "found": each, "tone": TONES[each.status], "units": units[:6], "count": len(units),
            "payouts": list(each.payouts.all()),
            "reachable": each.location_id is None or may_open(request, each),
        })  # fmt: skip
    return render(request, "returns/of_other.html", {"rows": rows})


def may_open(request: StoreRequest, found: ReturnOrder) -> bool:
    """The page of a return belongs to its store."""
    return ReturnOrder.objects.for_user(request.user).filter(pk=found.pk).exists()
