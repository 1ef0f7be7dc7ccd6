"""What leaves with the carriers: what is to pack, to label and to hand over; and the way by hand."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.web import answer, at_location
from orders import preferences
from orders.forms import FindForm
from orders.models import FulfillmentOrder, Manifest, Shipment
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.names import short_name
from orders.operations.ship import ship
from orders.pick_forms import ShipForm, cleaned
from orders.views.cards import card
from orders.views.packing import TONES

SHOWN = 50


@at_location
def waiting_for_carrier(request: StoreRequest) -> HttpResponse:
    """Three steps, each with what waits in it; and what is late on the road."""
    now = timezone.now()
    works = FulfillmentOrder.objects.at(request.location)
    parcels = Shipment.objects.at(request.location)
    to_pack = list(works.to_pack().as_cards()[: SHOWN + 1])
    packed = parcels.filter(status__in=[Shipment.Status.PACKED, Shipment.Status.LABELLED]).order_by(
        "fulfillment_order__due_at", "pk"
    )
    here = list(packed.with_units().select_related("fulfillment_order__order")[: SHOWN + 1])
    return render(request, "orders/to_ship.html", {
        "to_pack": [_card(work, request) for work in to_pack[:SHOWN]],
        "to_label": [_row(each) for each in here if each.status == Shipment.Status.PACKED][:SHOWN],
        "to_hand_over": _by_carrier(parcels),
        "more": len(to_pack) > SHOWN or len(here) > SHOWN,
        "late": [_row(each) for each in parcels.late(now).with_units().select_related("fulfillment_order__order")
                 .order_by("deliver_by")[:10]],
        "now": now,
    })  # fmt: skip


@require_POST
@at_location
def find(request: StoreRequest) -> HttpResponse:
    """A scanned tote, order, parcel or tracking number leads to its page."""
    code = "".join(cleaned(FindForm(request.POST))["code"].split()).upper()
    parcels = (
        Shipment.objects.at(request.location).real().filter(Q(number__iexact=code) | Q(tracking_number__iexact=code))
    )
    if parcel := parcels.order_by("-pk").first():
        return answer(request, reverse("orders:parcel", args=[parcel.number]))
    ready = FulfillmentOrder.objects.at(request.location).filter(method=Method.SHIP, status=Status.STAGED)
    meant = Q(number__iexact=code) | Q(shelf_code__iexact=code)
    if code.lstrip("#").isdigit() and len(code) <= 18:
        meant |= Q(order__number=int(code.lstrip("#")))
    found = list(ready.filter(meant).order_by("due_at", "pk")[:2])
    if not found:
        raise Refusal(
            "nothing_found", _("Nothing to ship has the code %s. Scan a tote, an order or a parcel.") % code[:40]
        )
    if len(found) > 1:
        raise Refusal("several_found", _("Several orders lie in %s. Scan the order’s own label.") % code[:40])
    return answer(request, reverse("orders:pack", args=[found[0].number]))


@at_location
def hand_to_carrier(request: StoreRequest, number: str) -> HttpResponse:
    """By hand: which carrier took it, and under which number; then the stock has left."""
    works = FulfillmentOrder.objects.at(request.location).to_ship().as_cards()
    work = get_object_or_404(works, number=number)
    form = ShipForm(request.POST or None)
    if form.is_valid():
        ship(number=work.number, by=Actor.of(request.user), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Order %(order)s left with %(carrier)s. The customer gets the tracking number.") % {
            "order": work.order.number, "carrier": form.cleaned_data["carrier"],
        })  # fmt: skip
        return redirect("orders:to_ship")
    carriers = setting(preferences.CARRIERS).split(",")
    context = {"form": form, "work": work, "carriers": carriers, "customer": short_name(work.order.contact_name)}
    return render(request, "orders/ship.html", context, status=422 if form.is_bound else 200)


def _card(work: FulfillmentOrder, request: StoreRequest) -> dict[str, Any]:
    return card(work, request.user) | {
        "url": reverse("orders:pack", args=[work.number]), "select_name": "",
        "tag": _("In tote %s") % work.shelf_code if work.shelf_code else "",
    }  # fmt: skip


def _row(shipment: Shipment) -> dict[str, Any]:
    return {
        "shipment": shipment, "order": shipment.order, "customer": short_name(shipment.order.contact_name),
        "units": shipment.unit_count, "due": shipment.fulfillment_order.due_at,  # type: ignore[attr-defined]
        "tone": TONES.get(shipment.status, ""),
    }  # fmt: skip


def _by_carrier(parcels) -> list[dict[str, Any]]:
    """How many labelled parcels each carrier gets, and how many of them are scanned already."""
    labelled = parcels.filter(status=Shipment.Status.LABELLED).order_by().values("carrier")
    scanned = Count("pk", filter=Q(manifest__status=Manifest.Status.OPEN))
    return list(labelled.annotate(total=Count("pk"), scanned=scanned).order_by("carrier"))
