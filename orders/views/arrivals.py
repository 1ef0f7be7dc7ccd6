"""Who stands outside or is on the way, as the desk sees it; and the desk's own word that somebody is there."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inventory.models import Location
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from omni.core.web import at_location
from orders import preferences
from orders.forms import ArrivalForm
from orders.models import Arrival, FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.arrive import Car, arrive, call_off, on_my_way
from orders.views.pickup_words import why_not_ready

MOST = 50


def arrivals_at(location: Location, now: datetime) -> list[dict[str, Any]]:
    """The open arrivals of a store: who is there first, the longest there first. Two queries."""
    arrivals = list(Arrival.objects.open_at(location)[:MOST])
    works = FulfillmentOrder.objects.for_desk().in_bulk([each.fulfillment_order_id for each in arrivals])
    return [arrival_words(each, works[each.fulfillment_order_id], now) for each in arrivals]


def arrival_words(arrival: Arrival, work: FulfillmentOrder, now: datetime) -> dict[str, Any]:
    """One arrival: where to look, and the clock that runs once the order is ready too."""
    clock = arrival.wait(ready_at=work.staged_at if work.status == Status.STAGED else None, now=now)
    goal = setting(preferences.CURBSIDE_MINUTES) * 60
    car = " ".join(filter(None, [arrival.car_color, arrival.car]))
    return {
        "arrival": arrival, "work": work, "why": why_not_ready(work), "short_why": _short(work), "car": car,
        "goal": goal, "seconds": clock.seconds if clock.started_at else None, "clock": _clock(clock.seconds),
        "tone": "stop" if clock.seconds >= goal else ("warn" if clock.seconds >= goal / 2 else ""),
        "mark": (arrival.pk, arrival.arrived_at, arrival.bay, car, work.status, work.shelf_code, work.order.hold),
    }  # fmt: skip


@at_location
@require_http_methods(["GET", "POST"])
def mark_arrival(request: StoreRequest, number: str) -> HttpResponse:
    """Somebody came in or called: they are there, on the way, or gone again; said by the desk."""
    pickups = FulfillmentOrder.objects.at(request.location).filter(method=Method.PICKUP)
    work = get_object_or_404(pickups.for_desk(), number=number)
    arrival = Arrival.objects.open().filter(fulfillment_order=work).first()
    if request.method == "GET":
        return _page(request, work, arrival, ArrivalForm(initial=_said(arrival)), status=200)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return _page(request, work, arrival, form, status=422)
    try:
        _note(form, work, Actor.of(request.user))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, work, arrival, form, status=refusal.status)
    messages.success(request, _WORDS[form.cleaned_data["act"]] % {"number": work.order.number})
    return redirect("orders:desk")


def _note(form: ArrivalForm, work: FulfillmentOrder, by: Actor) -> None:
    act, car, now = form.cleaned_data["act"], Car(**form.parts), timezone.now()
    if act == ArrivalForm.CALL_OFF:
        call_off(number=work.number, by=by, now=now)
    elif act == ArrivalForm.ARRIVED:
        arrive(number=work.number, car=car, by=by, now=now)
    else:
        on_my_way(number=work.number, car=car, by=by, now=now)


def _said(arrival: Arrival | None) -> dict[str, str]:
    return {"bay": arrival.bay, "car": arrival.car, "color": arrival.car_color} if arrival else {}


def _page(
    request: StoreRequest, work: FulfillmentOrder, arrival: Arrival | None, form: ArrivalForm, *, status: int
) -> HttpResponse:
    context = {"work": work, "order": work.order, "arrival": arrival, "form": form, "why_not": why_not_ready(work)}
    return render(request, "orders/arrival.html", context, status=status)


def _short(work: FulfillmentOrder) -> str:
    """Why it cannot be brought out now, in a few words."""
    if work.order.hold:
        return _("On hold: call HQ")
    if work.status == Status.STAGED:
        return ""
    if work.status == Status.PICKING and work.pick_list is not None:
        return _("%s is picking it") % work.pick_list.picker.shown_name
    return _("Not picked yet: pick it now")


def _clock(seconds: int) -> str:
    """Minutes and seconds as on a stop watch."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"


_WORDS = {
    ArrivalForm.ARRIVED: gettext_lazy("Noted: the customer of order %(number)s is here."),
    ArrivalForm.ON_MY_WAY: gettext_lazy("Noted: the customer of order %(number)s is on the way."),
    ArrivalForm.CALL_OFF: gettext_lazy("Noted: nobody waits for order %(number)s any more."),
}
