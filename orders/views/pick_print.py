"""Paper: the walk with large bins and boxes to tick, and the label of a parcel on the pickup shelf."""

from datetime import timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats
from django.utils.translation import gettext as _

from inventory.places import StoreRequest
from omni.core.web import at_location
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.names import short_name
from orders.views.picking import list_here
from orders.views.walk import Walk


@at_location
def pick_list_print(request: StoreRequest, number: int) -> HttpResponse:
    """What is left to pick, by aisle."""
    pick_list = list_here(request, number)
    walk = Walk(pick_list)
    aisles = [(aisle, list(rows)) for aisle, rows in groupby(walk.to_pick, key=lambda row: row["aisle"])]
    return render(request, "orders/pick_list_print.html", {"pick_list": pick_list, "walk": walk, "aisles": aisles})


@at_location
def pickup_label(request: StoreRequest, number: str) -> HttpResponse:
    """4 x 6 inch for a staged order: whose it is and where it lies; never the code that opens it."""
    works = FulfillmentOrder.objects.at(request.location).filter(status=Status.STAGED)
    work = get_object_or_404(works.select_related("order", "location").with_units(), number=number)
    context = {
        "work": work,
        "customer": short_name(work.order.collector_name or work.order.contact_name) or _("No name"),
        "until": _last_day(work),
    }
    return render(request, "orders/pickup_label.html", context)


def _last_day(work: FulfillmentOrder) -> str:
    """The day on which it can still be collected; closing at midnight belongs to the day before."""
    if work.collect_by is None:
        return ""
    last = (work.collect_by - timedelta(seconds=1)).astimezone(work.location.zone)
    return _("Until %s") % formats.date_format(last, "D, M j")
