"""Hand to carrier: scan the pile, close the manifest, have the driver sign."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.web import at_location, fragment
from orders.measures import units_of
from orders.models import Manifest, Shipment
from orders.operations.manifest import close_manifest, open_manifest, scan_parcel, take_off
from orders.pack_forms import CarrierForm, CloseForm, TakeOffForm
from orders.pick_forms import ScanForm, cleaned

TEMPLATE = "orders/manifest.html"
PAGE = "orders:manifest"
SHOWN = 20


@at_location
def manifests(request: StoreRequest) -> HttpResponse:
    """The open and the last ones; a carrier chosen here opens its own."""
    if request.method == "POST":
        carrier = cleaned(CarrierForm(request.POST))["carrier"]
        found = open_manifest(location=request.location, carrier=carrier, by=Actor.of(request.user), now=timezone.now())
        return redirect(PAGE, found.number)
    rows = Manifest.objects.at(request.location).order_by("-opened_at", "-pk").with_counts()[:SHOWN]
    waiting = Shipment.objects.at(request.location).filter(status=Shipment.Status.LABELLED)
    carriers = sorted(set(waiting.order_by().values_list("carrier", flat=True)))
    return render(request, "orders/manifests.html", {"manifests": rows, "carriers": carriers, "form": CarrierForm()})


@at_location
def manifest(request: StoreRequest, number: int) -> HttpResponse:
    response = render(request, TEMPLATE, _context(request, _here(request, number)))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@at_location
def scan(request: StoreRequest, number: int) -> HttpResponse:
    """One parcel goes on the pile."""
    found = _here(request, number)
    code = cleaned(ScanForm(request.POST))["code"]
    parcel = scan_parcel(number=found.number, code=code, by=Actor.of(request.user), now=timezone.now())
    said = _("On the pile: parcel %(parcel)s · order %(order)s") % {
        "parcel": parcel.number, "order": parcel.order.number,
    }  # fmt: skip
    if not request.htmx:
        messages.success(request, said)
        return redirect(PAGE, number)
    context = _context(request, found) | {"status": said, "sound": "good", "undo_parcel": parcel.number}
    return fragment(request, f"{TEMPLATE}#region", context, page=reverse(PAGE, args=[number]))


@require_POST
@at_location
def remove(request: StoreRequest, number: int) -> HttpResponse:
    """A parcel stays here after all."""
    found = _here(request, number)
    parcel = cleaned(TakeOffForm(request.POST))["shipment"]
    get_object_or_404(found.shipments, number=parcel)
    take_off(number=found.number, shipment_number=parcel, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Parcel %s is off the pile.") % parcel)
    return redirect(PAGE, number)


@require_POST
@at_location
def close(request: StoreRequest, number: int) -> HttpResponse:
    """The truck has it all: stock leaves, customers are told."""
    found = _here(request, number)
    driver = cleaned(CloseForm(request.POST))["driver"]
    before = found.shipments.count()
    done = close_manifest(number=found.number, driver_name=driver, by=Actor.of(request.user), now=timezone.now())
    left = done.shipments.count()
    messages.success(request, _("%(n)d parcels left with %(carrier)s. The customers are told.") % {
        "n": left, "carrier": done.carrier})  # fmt: skip
    if left < before:
        messages.warning(request, _("%d parcels may not leave and stay here: look at the ship page.") % (before - left))
    return redirect(PAGE, number)


@require_safe
@at_location
def manifest_print(request: StoreRequest, number: int) -> HttpResponse:
    """For the driver to sign."""
    return render(request, "orders/manifest_print.html", _context(request, _here(request, number)))


def _here(request: StoreRequest, number: int) -> Manifest:
    return get_object_or_404(Manifest.objects.at(request.location).select_related("location"), number=number)


def _context(request: StoreRequest, found: Manifest) -> dict[str, Any]:
    units = units_of(request.location.country)
    parcels = list(
        found.shipments.with_units().select_related("fulfillment_order__order").order_by("-manifested_at", "pk")
    )
    rows: list[dict[str, Any]] = [{"shipment": each, "weight": units.weight_words(each.weight_g)} for each in parcels]
    waiting = Shipment.objects.at(request.location).filter(status=Shipment.Status.LABELLED, carrier=found.carrier)
    return {
        "manifest": found, "location": request.location, "tone": "info" if found.status == "open" else "done",
        "rows": [row for row in rows if row["shipment"].status != Shipment.Status.UNPACKED],
        "take_out": [row for row in rows if row["shipment"].status == Shipment.Status.UNPACKED],
        "waiting": list(waiting.filter(manifest=None).select_related("fulfillment_order__order").order_by("pk")[:100]),
        "weight": units.weight_words(sum(each.weight_g or 0 for each in parcels)),
        "is_open": found.status == Manifest.Status.OPEN,
    }  # fmt: skip
