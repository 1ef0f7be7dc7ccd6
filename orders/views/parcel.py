"""One parcel: what is in it, its label, and its way; until the carrier has it everything can be changed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.web import at_location
from orders import preferences
from orders.kit_words import part_of
from orders.measures import units_of
from orders.models import Label, Shipment
from orders.models.shipment import IN_HOUSE
from orders.names import short_name
from orders.operations.buy_label import IN_FLIGHT, ask_carrier, buy_label, give_up, resolve_label
from orders.operations.fix_address import fix_address
from orders.operations.label_by_hand import label_by_hand
from orders.operations.pack import reweigh
from orders.operations.parcel_addresses import FIELDS
from orders.operations.quote import promise_of, quote
from orders.operations.void_label import void_label
from orders.pack_forms import AddressForm, BoxForm, ServiceForm, box_initial
from orders.pick_forms import ShipForm, cleaned
from orders.views.packing import TONES, parcel_here
from orders.views.receipt import receipt_code

TEMPLATE = "orders/parcel.html"
PAGE = "orders:parcel"


@at_location
def parcel(request: StoreRequest, number: str) -> HttpResponse:
    """The parcel and what can be done with it now."""
    return render(request, TEMPLATE, _context(request, parcel_here(request, number)))


@at_location
def rates(request: StoreRequest, number: str) -> HttpResponse:
    """What the carriers ask for it: a part of the page, because it waits for somebody outside."""
    found = parcel_here(request, number)
    context: dict[str, Any] = {"shipment": found, "location": request.location, "promise": promise_of(found)}
    if found.status == Shipment.Status.PACKED:
        try:
            context["offers"] = quote(shipment=found)
        except Refusal as refusal:
            context["refusal"] = refusal
    template = "orders/_rates.html" if request.htmx else "orders/rates.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@at_location
def buy(request: StoreRequest, number: str) -> HttpResponse:
    """Buy the chosen label; a refusal leads back to the parcel, where it stands with what can be done."""
    found = parcel_here(request, number)
    service = cleaned(ServiceForm(request.POST))["service"]
    buy_label(number=found.number, service=service, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("The label is bought. Print it and stick it on."))
    return redirect(PAGE, number)


@require_POST
@at_location
def ask_again(request: StoreRequest, number: str) -> HttpResponse:
    """The carrier did not answer: ask with the same key, which buys nothing twice."""
    label = _asked(parcel_here(request, number))
    ask_carrier(key=label.key, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("The label is bought. Print it and stick it on."))
    return redirect(PAGE, number)


@require_POST
@at_location
def other_way(request: StoreRequest, number: str) -> HttpResponse:
    """Take another service or carrier instead: only once the carrier says that it knows nothing of the first."""
    label = _asked(parcel_here(request, number))
    by, now = Actor.of(request.user), timezone.now()
    if resolve_label(key=label.key, by=by, now=now).status == Label.Status.BOUGHT:
        messages.success(request, _("The carrier had bought it after all. Print it and stick it on."))
    else:
        give_up(key=label.key, by=by, now=now)
    return redirect(PAGE, number)


@require_POST
@at_location
def by_hand(request: StoreRequest, number: str) -> HttpResponse:
    """A label from elsewhere: with whom, under which number."""
    found = parcel_here(request, number)
    form = ShipForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, _context(request, found) | {"hand_form": form}, status=422)
    label_by_hand(number=found.number, by=Actor.of(request.user), now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Noted. Scan the parcel into its carrier’s manifest when it leaves."))
    return redirect(PAGE, number)


@require_POST
@at_location
def void(request: StoreRequest, number: str) -> HttpResponse:
    """The label comes off; the carrier is asked to take it back."""
    void_label(number=parcel_here(request, number).number, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("The label is void. Tear it off before you stick on another."))
    return redirect(PAGE, number)


@require_POST
@at_location
def box(request: StoreRequest, number: str) -> HttpResponse:
    """Another box, or what the scale really says."""
    found = parcel_here(request, number)
    form = BoxForm(request.POST, units=units_of(request.location.country))
    if not form.is_valid():
        return render(request, TEMPLATE, _context(request, found) | {"box_form": form}, status=422)
    reweigh(number=found.number, box=form.box, by=Actor.of(request.user))
    return redirect(PAGE, number)


@at_location
def address(request: StoreRequest, number: str) -> HttpResponse:
    """The address as the carrier can deliver to it."""
    found = parcel_here(request, number)
    given = found.order.shipping_address or {}
    form = AddressForm(request.POST or None, initial={name: given.get(name, "") for name in FIELDS})
    if form.is_valid():
        fix_address(number=found.order.number, address=form.cleaned_data, by=Actor.of(request.user),
                    now=timezone.now())  # fmt: skip
        messages.success(request, _("The address is changed. Now buy the label."))
        return redirect(PAGE, number)
    refused = found.labels.filter(status=Label.Status.REFUSED).order_by("-pk").first()
    context = {"shipment": found, "form": form, "refused": refused}
    return render(request, "orders/parcel_address.html", context, status=422 if form.is_bound else 200)


@require_safe
@at_location
def label_file(request: StoreRequest, number: str, kind: str) -> HttpResponse:
    """The label as PDF for any printer or ZPL for a label printer; only for the store that ships it."""
    found = parcel_here(request, number)
    label = get_object_or_404(found.labels.select_related("document"), status=Label.Status.BOUGHT, is_manual=False)
    document = label.document
    if kind == "pdf":
        response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    elif document.zpl:
        response = HttpResponse(document.zpl, content_type="application/zpl; charset=utf-8")
    else:
        raise Http404
    way = "inline" if kind == "pdf" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{found.number}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@at_location
def slip(request: StoreRequest, number: str) -> HttpResponse:
    """The packing slip: what is in this parcel. Without prices where any of it is a gift."""
    found = parcel_here(request, number)
    lines = list(found.lines.all())
    gifts = list(dict.fromkeys(each.fulfillment_line.order_line.gift_message for each in lines
                               if each.fulfillment_line.order_line.gift_message))  # fmt: skip
    parcels = list(found.fulfillment_order.shipments.real().order_by("pk").values_list("pk", flat=True))
    context = {
        "shipment": found, "order": found.order,
        "lines": [{"sent": each, "kit": part_of(each.fulfillment_line.order_line)} for each in lines],
        "gifts": gifts, "shows_prices": not gifts,
        "address": found.order.shipping_address or {}, "receipt": receipt_code(found.order),
        "nth": parcels.index(found.pk) + 1 if found.pk in parcels else 1, "of": len(parcels),
        "paper": "label" if request.GET.get("paper") == "label" else "sheet",
    }  # fmt: skip
    return render(request, "orders/packing_slip.html", context)


def _asked(found: Shipment) -> Label:
    label = found.labels.filter(status=Label.Status.ASKED).first()
    if label is None:
        raise Refusal("answered", _("The carrier has answered meanwhile. Look at the parcel again."))
    return label


def _context(request: StoreRequest, found: Shipment) -> dict[str, Any]:
    units = units_of(request.location.country)
    labels = list(found.labels.order_by("-pk"))
    live = next((each for each in labels if each.status in (Label.Status.ASKED, Label.Status.BOUGHT)), None)
    context: dict[str, Any] = {
        "shipment": found, "work": found.fulfillment_order, "order": found.order, "tone": TONES.get(found.status, ""),
        "customer": short_name(found.order.contact_name), "location": request.location,
        "address": found.order.shipping_address or {}, "live": live,
        "refused": labels[0] if labels and labels[0].status == Label.Status.REFUSED else None,
        "box_words": found.carton.name if found.carton else units.size_words(found.size),
        "weight_words": units.weight_words(found.weight_g), "is_here": found.status in IN_HOUSE,
        "unit_count": sum(line.quantity for line in found.lines.all()),
        "gifts": list(dict.fromkeys(line.fulfillment_line.order_line.gift_message for line in found.lines.all()
                                    if line.fulfillment_line.order_line.gift_message)),
        "news": news_entries(found),
        "may_give_up": bool(live and live.status == Label.Status.ASKED and live.asked_at <= timezone.now() - IN_FLIGHT),
    }  # fmt: skip
    if found.status == Shipment.Status.PACKED:
        context |= {
            "box_form": BoxForm(units=units, initial=box_initial(found, units)), "hand_form": ShipForm(),
            "carriers": setting(preferences.CARRIERS).split(","),
        }  # fmt: skip
    return context


def news_entries(found: Shipment) -> list[dict[str, Any]]:
    """What the carrier told, newest first, for the timeline."""
    return [
        {
            "title": each.get_status_display(), "at": each.occurred_at, "by": each.place, "note": each.message,
            "tone": {"delivered": "done", "lost": "stop", "returned": "stop", "problem": "warn"}.get(each.status, ""),
        }
        for each in found.tracking_events.order_by("-occurred_at", "-pk")
    ]  # fmt: skip
