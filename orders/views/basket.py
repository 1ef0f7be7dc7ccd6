"""The basket of one shopper: lines with their promises, the time that is left, and who serves it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location, refusals_shown
from orders.models import Basket
from orders.operations.change_basket import change_way, renew, set_quantity
from orders.operations.check_carried import check_age, drop_piece, leave_restricted, scan_piece
from orders.operations.hand_basket import drop_basket, park_basket, take_basket
from orders.sell_forms import REFUSED, AgeForm, ParkForm, PieceForm, QuantityForm, WayForm
from orders.views.sell_basket import current, shown

SHOWN = 50


@at_location
@require_safe
def basket(request: StoreRequest) -> HttpResponse:
    """Mine, on whichever device; another device of mine may change it while this one shows it."""
    mine = current(request)
    context: dict = {"basket": shown(mine, now=timezone.now()) if mine else None}
    if context["basket"] is None:
        return render(request, "orders/basket.html", context)
    etag = context["basket"].etag
    context["etag"] = etag
    if request.htmx:
        response = get_conditional_response(request, etag=etag) or render(request, "orders/basket.html#body", context)
    else:
        response = render(request, "orders/basket.html", context)
    response["ETag"] = etag
    patch_vary_headers(response, ["HX-Request"])
    return response


@at_location
@require_safe
def baskets(request: StoreRequest) -> HttpResponse:
    """All that wait here for their shopper to come back, and those that colleagues serve."""
    waiting = Basket.objects.waiting_at(request.location).with_units().select_related("associate", "hold")
    return render(request, "orders/baskets.html", {
        "waiting": list(waiting[:SHOWN]), "may_take": may(request.user, "staff", request.location),
    })  # fmt: skip


@at_location
@require_POST
@refusals_shown
def quantity(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """One more, one less, or out."""
    found, form = _here(request, basket_id), QuantityForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            set_quantity(basket_id=found.pk, by=Actor.of(request.user), now=timezone.now(), **wanted)
        except Refusal as refusal:
            if refusal.code != "insufficient_stock":
                raise
            messages.warning(request, _("There is no other one to be had that way just now."))
        else:
            if not wanted["quantity"]:
                messages.success(request, _("Taken out. It can be sold to others again."))
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def way(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """The shopper decides for another way."""
    found, form = _here(request, basket_id), WayForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data
        change_way(
            basket_id=found.pk, position=wanted["position"], method=wanted["method"], place=wanted["place"] or None,
            seen=wanted["seen"], by=Actor.of(request.user), now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Changed. The units are kept there now."))
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def piece(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Which very piece the shopper carries out: scanned, or taken back where it was another one."""
    found, form = _here(request, basket_id), PieceForm(request.POST)
    if form.is_valid():
        said, by, now = form.cleaned_data, Actor.of(request.user), timezone.now()
        if said["drop"]:
            drop_piece(basket_id=found.pk, position=said["position"], serial=said["drop"], by=by, now=now)
        else:
            scan_piece(basket_id=found.pk, position=said["position"], serial=said["code"], by=by, now=now)
            messages.success(request, _("Serial number %s is noted.") % said["code"][:40])
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def age(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """The look at the shopper's ID: old enough, or these things stay here."""
    found, form = _here(request, basket_id), AgeForm(request.POST)
    by, now = Actor.of(request.user), timezone.now()
    if form.is_valid() and form.cleaned_data["age"] == REFUSED:
        names = "; ".join(line.variant.title for line in leave_restricted(basket_id=found.pk, by=by, now=now))
        messages.warning(request, _("Not sold because of the age check, put it back: %s") % names)
    else:
        check_age(basket_id=found.pk, how=form.cleaned_data.get("age", ""), by=by, now=now)
        messages.success(request, _("Noted. The date of birth is kept nowhere."))
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def keep(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Begin the time anew; say what is gone where it had run out."""
    gone = renew(basket_id=_here(request, basket_id).pk, by=Actor.of(request.user), now=timezone.now())
    if gone:
        names = "; ".join(line.variant.title for line in gone)
        messages.error(request, _("Sold meanwhile: %s. Everything else is kept again.") % names)
    else:
        messages.success(request, _("Everything is kept. The time begins anew."))
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def park(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Aside, for whoever goes on with it."""
    form = ParkForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    park_basket(basket_id=_here(request, basket_id).pk, note=note, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Parked. Anybody here can go on with it; its units are kept while the time runs."))
    return redirect("orders:sell")


@at_location
@require_POST
@refusals_shown
def take(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """Go on where a colleague stopped."""
    take_basket(
        basket_id=_here(request, basket_id).pk, may_take_from_others=may(request.user, "staff", request.location),
        by=Actor.of(request.user), now=timezone.now(),
    )  # fmt: skip
    return redirect("orders:basket")


@at_location
@require_POST
@refusals_shown
def drop(request: StoreRequest, basket_id: UUID) -> HttpResponse:
    """The shopper wants none of it."""
    drop_basket(basket_id=_here(request, basket_id).pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Given up. Everything in it can be sold to others again."))
    return redirect(reverse("orders:sell"))


def _here(request: StoreRequest, basket_id: UUID) -> Basket:
    """A basket of this store; whether this person may change it, the operation decides."""
    return get_object_or_404(Basket.objects.at(request.location), pk=basket_id)
