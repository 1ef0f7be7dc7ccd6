"""The customer's choice page: their store did not have it; another store, shipping, or cancel. No account needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.atp import Site
from inventory.geo import KM_PER_MILE
from inventory.models import Location
from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import needs
from orders.forms import ChoiceForm
from orders.models import FulfillmentLine, PickupChoice
from orders.models.order_line import Method
from orders.operations.alternatives import pickup_alternatives
from orders.operations.answer_choice import answer_choice
from orders.operations.substitute import substitute_cost
from orders.story import CUSTOMER
from orders.views.order import store_of, visible_order

Answer = PickupChoice.Answer


@require_http_methods(["GET", "POST"])
def choice(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a link that cannot be guessed (192 random bits); neither indexed nor kept."""
    asked = get_object_or_404(_choices(), token=token)
    response = _ask(request, asked, by=Actor(CUSTOMER), template="orders/choice.html", done=request.path)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


@needs("work")
@require_http_methods(["GET", "POST"])
def answer_for_customer(request: StoreRequest, number: int, choice_id: int) -> HttpResponse:
    """The same at the desk or on the phone, on the customer's word."""
    request.location = store_of(request)  # type: ignore[assignment]
    order = visible_order(request, number)
    asked = get_object_or_404(_choices(), pk=choice_id, order_line__order=order)
    response = _ask(
        request, asked, by=Actor.of(request.user), template="orders/choice_for_customer.html",
        done=reverse("orders:order", args=[order.number]),
    )  # fmt: skip
    if request.method == "POST" and response.status_code == 302:
        messages.success(request, _("Noted for the customer."))
    return response


def _choices():
    return PickupChoice.objects.select_related(
        "order_line__order", "order_line__variant__product", "location", "substitute__product", "substitute_line"
    )


def _ask(request: HttpRequest, asked: PickupChoice, *, by: Actor, template: str, done: str) -> HttpResponse:
    if asked.answer:
        return render(request, template, _decided(asked), status=200 if request.method == "GET" else 409)
    form = ChoiceForm(request.POST or None, initial=asked.order_line.order.shipping_address or {})
    if request.method == "GET" or not form.is_valid():
        return render(request, template, _open(asked, form), status=200 if request.method == "GET" else 422)
    try:
        answer_choice(
            choice_id=asked.pk, answer=form.kind, location_code=form.store, address=form.address, by=by,
            now=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None if refusal.code != "unknown_answer" else "answer", str(refusal))
        asked.refresh_from_db()
        if asked.answer:
            return render(request, template, _decided(asked), status=409)
        return render(request, template, _open(asked, form), status=refusal.status)
    return redirect(done)


@dataclass(frozen=True)
class Offer:
    """A store that has the items: how far, and when they would be ready."""

    value: str
    place: Location
    distance: str
    ready_at: datetime | None


def _open(asked: PickupChoice, form: ChoiceForm) -> dict[str, Any]:
    now = timezone.now()
    sites = pickup_alternatives(line=asked.order_line, quantity=asked.quantity, around=asked.location, now=now)
    return _common(asked) | {
        "form": form, "offers": [_offer(site, now) for site in sites],
        "cost": substitute_cost(choice=asked) if asked.substitute_id else None,
    }  # fmt: skip


def _offer(site: Site, now: datetime) -> Offer:
    place = site.location
    ready = place.schedule.ready_by(now, timedelta(minutes=place.preparation_minutes))
    return Offer(f"store:{place.code}", place, _far(site), ready)


def _far(site: Site) -> str:
    if site.distance_km is None:
        return ""
    if site.location.country == "US":
        return _("%.1f miles") % (site.distance_km / KM_PER_MILE)
    return _("%.1f km") % site.distance_km


def _decided(asked: PickupChoice) -> dict[str, Any]:
    """What was decided, and what comes of it."""
    work = None
    if asked.substitute_line_id:
        instead = FulfillmentLine.objects.filter(order_line=asked.substitute_line_id)
        work = next((each.fulfillment_order for each in instead.select_related("fulfillment_order__location")), None)
    elif asked.answer in (Answer.OTHER_STORE, Answer.SHIP):
        method = Method.PICKUP if asked.answer == Answer.OTHER_STORE else Method.SHIP
        lines = FulfillmentLine.objects.filter(order_line=asked.order_line_id, fulfillment_order__method=method)
        newest = lines.exclude(fulfillment_order__location=asked.location_id).select_related(
            "fulfillment_order__location"
        )
        line = newest.order_by("-pk").first()
        work = line.fulfillment_order if line else None
    return _common(asked) | {"decided": asked.answer, "work": work}


def _common(asked: PickupChoice) -> dict[str, Any]:
    line = asked.order_line
    return {"choice": asked, "line": line, "order": line.order, "variant": line.variant, "place": asked.location}
