"""A partner's no, and a partner's parcel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.operations.refuse_units import refuse_units
from orders.operations.ship_parcels import Left, ship_parcels
from orders.partner_forms import LeftForm, RefuseForm
from orders.views.partner import page_of, refused
from orders.views.partner_door import agreement, at_partner, attempt, their_work


@at_partner
@require_http_methods(["GET", "POST"])
def refuse(request: StoreRequest, number: str) -> HttpResponse:
    """How many of which line cannot be shipped, and why; somebody else is asked for them at once."""
    work = their_work(request, number)
    form = RefuseForm(request.POST or None, lines=work.shown_lines, every=False)  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            attempt(lambda: refuse_units(
                number=number, units=form.units, reason_code=form.cleaned_data["reason"], seen=form.open_then,
                by=Actor.of(request.user), now=timezone.now(),
            ))  # fmt: skip
        except Refusal as refusal:
            if refusal.code == "changed_meanwhile":
                messages.warning(request, str(refusal))
                return redirect("orders:partner_order", number)
            return refused(request, "orders/partner_refuse.html", number, form, refusal)
        messages.success(request, _("It is refused, and we look for somebody else. Do not ship these units."))
        return redirect("orders:partner_order", number)
    context = page_of(request, number, work) | {"form": form}
    return render(request, "orders/partner_refuse.html", context, status=422 if form.is_bound else 200)


@at_partner
@require_http_methods(["GET", "POST"])
def left(request: StoreRequest, number: str) -> HttpResponse:
    """One parcel that left: with whom, under which number, and what is in it. Told twice it left once."""
    work = their_work(request, number)
    form = LeftForm(request.POST or None, lines=work.shown_lines)  # type: ignore[attr-defined]
    if form.is_valid():
        parcel = Left(form.cleaned_data["carrier"], form.cleaned_data["tracking_number"], units=form.units or None)
        try:
            by = Actor.of(request.user)
            done = attempt(lambda: ship_parcels(number=number, parcels=[parcel], by=by, now=timezone.now()))
        except Refusal as refusal:
            return refused(request, "orders/partner_ship.html", number, form, refusal)
        if done.closed_at:
            messages.success(request, _("Order %s has left. The customer gets the tracking number.") % number)
            return redirect("orders:partner")
        messages.success(request, _("The parcel has left. The rest of the order is still to ship."))
        return redirect("orders:partner_order", number)
    context = page_of(request, number, work) | {"form": form, "carriers": setting(preferences.CARRIERS).split(",")}
    return render(request, "orders/partner_ship.html", context, status=422 if form.is_bound else 200)


@at_partner
def slip(request: StoreRequest, number: str) -> HttpResponse:
    """What belongs into the box, without prices; under our name or the partner's, as agreed."""
    work = their_work(request, number)
    agreed = agreement(request)
    lines = [line for line in work.shown_lines if line.wanted_quantity]  # type: ignore[attr-defined]
    return render(request, "orders/partner_slip.html", {
        "work": work, "order": work.order, "lines": lines, "address": work.order.shipping_address or {},
        "gifts": list(dict.fromkeys(line.order_line.gift_message for line in lines if line.order_line.gift_message)),
        "sender": "" if agreed is None or agreed.packs_as_us else request.location.name,
        "paper": "label" if request.GET.get("paper") == "label" else "sheet",
    })  # fmt: skip
