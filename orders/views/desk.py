"""The pickup desk: find a customer's order by whatever they show or say, and see what waits for its customer."""

import hashlib
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.ui.words import ago_words
from omni.core.web import answer, at_location
from orders.forms import FindForm
from orders.models import FulfillmentOrder, HandOver
from orders.models.fulfillment_order import Status
from orders.operations.check_code import check_code
from orders.operations.find_pickup import Found, find_pickup
from orders.views.arrivals import arrivals_at
from orders.views.checked_code import remember
from orders.views.pickup_words import where_else, why_not_ready

SHOWN = 100  # the rest is found by its number or name
UNDO_SHOWN = 3
JUST_NOW = timedelta(seconds=5)  # the beep belongs to the act, not to every look at the desk


@at_location
@require_http_methods(["GET", "POST"])
def desk(request: StoreRequest) -> HttpResponse:
    if request.method == "POST":
        return _find(request)
    waiting = _waiting(request)
    if request.htmx:
        response = get_conditional_response(request, etag=waiting["etag"]) or render(
            request, "orders/desk.html#waiting", waiting
        )
        response["ETag"] = waiting["etag"]
    else:
        response = render(request, "orders/desk.html", waiting | _just_given(request))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _find(request: StoreRequest) -> HttpResponse:
    form = FindForm(request.POST)
    if not form.is_valid():
        return _draw(request, {"sentence": _("Scan or type something first, at most 100 characters.")}, status=422)
    text = form.cleaned_data["code"]
    found = find_pickup(text=text, location=request.location)
    if found.by_code and found.works:
        _note_code(request, found.works[0], text)
    if len(found.works) == 1 and found.is_sure and not why_not_ready(found.works[0]):
        return answer(request, reverse("orders:hand_over", args=[found.works[0].number]))
    return _draw(request, _words(found), status=200 if found.works else 422)


def _note_code(request: StoreRequest, work: FulfillmentOrder, code: str) -> None:
    """The code that found the order has checked its collector, unless too many wrong ones were tried."""
    if check_code(number=work.number, code=code, by=Actor.of(request.user), now=timezone.now()).is_right:
        remember(request, work.order)


def _words(found: Found) -> dict:
    if found.order:
        return {"sentence": where_else(found.order), "tone": "warn"}
    if not found.works:
        return {
            "sentence": _("No pickup order here fits. Try the order number, the name on the order or the phone number.")
        }
    return {"found": [{"work": work, "why": why_not_ready(work)} for work in found.works]}


def _draw(request: StoreRequest, context: dict, *, status: int) -> HttpResponse:
    if request.htmx:
        response = render(request, "orders/desk.html#found", context, status=status)
    else:
        response = render(
            request, "orders/desk.html", context | _waiting(request) | _just_given(request), status=status
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _waiting(request: StoreRequest) -> dict:
    """Ready orders, the longest waiting first; the etag changes with anything that is drawn, and each minute."""
    now = timezone.now()
    arrivals = arrivals_at(request.location, now)
    outside = [each["work"].pk for each in arrivals]
    waiting = FulfillmentOrder.objects.at(request.location).waiting_for_collection().exclude(pk__in=outside)
    works = list(waiting.for_desk()[:SHOWN])
    total = len(works) if len(works) < SHOWN else waiting.count()
    drawn = [
        (work.number, work.shelf_code, work.unit_count, work.order.hold, ago_words(work.staged_at or now, now=now))  # type: ignore[attr-defined]
        for work in works
    ]  # fmt: skip
    came = [each["mark"] for each in arrivals]
    mark = hashlib.sha256(repr((get_language(), total, drawn, came)).encode()).hexdigest()[:32]
    return {"works": works, "total": total, "more": total - len(works), "etag": f'"{mark}"', "arrivals": arrivals}


def _just_given(request: StoreRequest) -> dict:
    """My hand-overs that can still be undone."""
    now = timezone.now()
    mine = HandOver.objects.undoable(now).filter(
        handed_over_by=request.user, fulfillment_order__location=request.location
    )
    given = list(mine.select_related("fulfillment_order__order").with_left()[:UNDO_SHOWN])
    return {"given": [given_words(each, each.fulfillment_order, left=each.left_count, now=now) for each in given]}


def given_words(handed: HandOver, work: FulfillmentOrder, *, left: int, now: datetime) -> dict:
    """A hand-over as its notice shows it: what, to whom, what stays, and the seconds left for undoing it."""
    return {
        "hand_over": handed, "work": work, "order": work.order, "left": left if work.status == Status.STAGED else 0,
        "seconds": int((handed.undo_until - now).total_seconds()), "is_new": now - handed.handed_over_at < JUST_NOW,
    }  # fmt: skip
