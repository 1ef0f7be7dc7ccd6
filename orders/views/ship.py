"""Packed orders wait for the carrier; handing a parcel over ends the store's work on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.web import at_location
from orders.models import FulfillmentOrder
from orders.names import short_name
from orders.operations.ship import ship
from orders.pick_forms import ShipForm
from orders.views.cards import card

SHOWN = 100
CARRIERS = ("UPS", "FedEx", "USPS", "DHL", "OnTrac")


@at_location
def waiting_for_carrier(request: StoreRequest) -> HttpResponse:
    """What the next truck takes."""
    works = list(FulfillmentOrder.objects.at(request.location).to_ship().as_cards()[: SHOWN + 1])
    cards = [_card(work, request) for work in works[:SHOWN]]
    return render(request, "orders/to_ship.html", {"cards": cards, "more": len(works) > SHOWN})


@at_location
def hand_to_carrier(request: StoreRequest, number: str) -> HttpResponse:
    """Which carrier took it, and under which number; then the stock has left."""
    works = FulfillmentOrder.objects.at(request.location).to_ship().as_cards()
    work = get_object_or_404(works, number=number)
    form = ShipForm(request.POST or None)
    if form.is_valid():
        ship(number=work.number, by=Actor.of(request.user), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Order %(order)s left with %(carrier)s. The customer gets the tracking number.") % {
            "order": work.order.number, "carrier": form.cleaned_data["carrier"],
        })  # fmt: skip
        return redirect("orders:to_ship")
    context = {"form": form, "work": work, "carriers": CARRIERS, "customer": short_name(work.order.contact_name)}
    return render(request, "orders/ship.html", context, status=422 if form.is_bound else 200)


def _card(work: FulfillmentOrder, request: StoreRequest) -> dict:
    return card(work, request.user) | {
        "url": reverse("orders:ship", args=[work.number]), "select_name": "",
        "tag": _("On shelf %s") % work.shelf_code,
    }  # fmt: skip
