"""The store's queue by due time: see who has what, take one or several, or decline what cannot be done."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.models import Location, ReasonCode
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.refusals import Invalid, Refusal
from omni.core.web import at_location
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import FREE, OFFERED, FulfillmentOrderQuerySet
from orders.models.order_line import Method
from orders.operations.accept import accept
from orders.operations.claim import claim
from orders.operations.decline import decline
from orders.operations.release import pull_forward
from orders.pick_forms import ClaimForm, StartForm, cleaned, reasons
from orders.views.cards import card
from orders.views.today import HOUR, start_count

PAGE = 50
ACCEPTED_AT_ONCE = 200
TRIES = 3  # a colleague may be faster on the very same work


@at_location
def queue(request: StoreRequest) -> HttpResponse:
    """One page of the queue; a poll gets only what changed."""
    location = request.location
    now = timezone.now()
    works = FulfillmentOrder.objects.at(location).queue()
    state = works.state(now)
    show = request.GET.get("show", "")
    page = _page(request)
    etag = _etag(request, state, show, page)
    htmx = request.htmx
    response = get_conditional_response(request, etag=etag) if htmx else None
    if response is None:
        shown = list(_filtered(works, show, now).as_cards()[(page - 1) * PAGE : page * PAGE + 1])
        context = {
            "etag": etag, "state": state, "show": show, "page": page, "more": len(shown) > PAGE,
            "chips": _chips(state, show), "start": start_count(state["urgent"], state["free"]),
            "cards": [card(work, request.user) for work in shown[:PAGE]],
        }  # fmt: skip
        context["coming"] = _coming(location, now)
        context["may_pull"] = may(request.user, "staff", location)
        context["may_decline"] = may(request.user, "approve", location)
        if context["may_decline"] and not htmx:
            context["decline_reasons"] = reasons(ReasonCode.Kind.DECLINE)
        response = render(request, "orders/queue.html#poll" if htmx else "orders/queue.html", context)
    response["ETag"] = etag
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@at_location
def claim_ticked(request: StoreRequest) -> HttpResponse:
    """Take the ticked orders as one walk."""
    numbers = cleaned(ClaimForm(request.POST))["work"]
    pick_list = claim(location=request.location, numbers=numbers, by=Actor.of(request.user), now=timezone.now())
    return redirect("orders:pick_list", pick_list.number)


@require_POST
@at_location
def start(request: StoreRequest) -> HttpResponse:
    """Take the most urgent orders that nobody has; when a colleague is faster, the next ones."""
    location = request.location
    count = cleaned(StartForm(request.POST))["count"]
    for attempt in range(1, TRIES + 1):
        free = FulfillmentOrder.objects.at(location).queue().filter(status__in=FREE)
        numbers = list(free.values_list("number", flat=True)[:count])
        if not numbers:
            raise Refusal("nothing_to_pick", _("Somebody else has taken the last order. Nothing waits to be picked."))
        try:
            pick_list = claim(location=location, numbers=numbers, by=Actor.of(request.user), now=timezone.now())
        except Refusal:
            if attempt == TRIES:
                raise
        else:
            return redirect("orders:pick_list", pick_list.number)
    raise AssertionError("unreachable: the last try returns or refuses")


@require_POST
@at_location
def accept_ticked(request: StoreRequest) -> HttpResponse:
    """The store says yes to the ticked parcels, or to all that it is asked for: they stay until they are picked."""
    offered = FulfillmentOrder.objects.at(request.location).queue().filter(status=FulfillmentOrder.Status.RELEASED)
    asked = offered.filter(method=Method.SHIP)
    if "all" not in request.POST:
        asked = asked.filter(number__in=cleaned(ClaimForm(request.POST))["work"])
    numbers = list(asked.values_list("number", flat=True)[:ACCEPTED_AT_ONCE])
    done = sum(_accept_one(request, number) for number in numbers)
    if done:
        said = ngettext("%d order is accepted and stays here.", "%d orders are accepted and stay here.", done) % done
        messages.success(request, said)
    elif not numbers:
        messages.info(request, _("There is nothing to accept: these orders are yours already, or went elsewhere."))
    return redirect("orders:queue")


def _accept_one(request: StoreRequest, number: str) -> bool:
    """Each order is an act of its own: one that went elsewhere keeps no other from being accepted."""
    try:
        accept(number=number, by=Actor.of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, _("Order %(order)s: %(why)s") % {"order": number.partition("-")[0], "why": refusal})
        return False
    return True


@require_POST
@at_location(capability="staff")
def pull(request: StoreRequest) -> HttpResponse:
    """A quiet hour: the parcels of the next waves come now."""
    works = pull_forward(location=request.location, by=Actor.of(request.user), now=timezone.now())
    said = ngettext("%d order came early.", "%d orders came early.", len(works)) % len(works)
    messages.success(request, said)
    return redirect("orders:queue")


@require_POST
@at_location(capability="approve")
def decline_ticked(request: StoreRequest) -> HttpResponse:
    """This store cannot do the ticked orders: each goes elsewhere by itself, or its customer is asked."""
    form = ClaimForm(request.POST)
    numbers = cleaned(form)["work"]
    reason = {each.code: each for each in reasons(ReasonCode.Kind.DECLINE)}.get(form.cleaned_data["reason"])
    if reason is None:
        raise Invalid("unknown_reason", _("Choose one of the reasons."))
    here = FulfillmentOrder.objects.at(request.location)
    known = set(here.filter(number__in=numbers).values_list("number", flat=True))
    for number in (number for number in numbers if number in known):
        _decline_one(request, number, reason)
    return redirect("orders:queue")


def _decline_one(request: StoreRequest, number: str, reason: ReasonCode) -> None:
    """Each order is an act of its own: one that is too late keeps no other from being declined."""
    try:
        work = decline(number=number, reason=reason.label, by=Actor.of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, _("Order %(order)s: %(why)s") % {"order": number.partition("-")[0], "why": refusal})
        return
    if work.method == Method.PICKUP:
        said = _("Order %s is declined. The customer is asked: another store, shipping, or cancel.")
    else:
        said = _("Order %s is declined. Another store ships it, or HQ takes care of it.")
    messages.success(request, said % work.order.number)


def _filtered(works: FulfillmentOrderQuerySet, show: str, now) -> FulfillmentOrderQuerySet:
    if show in Method.values:
        return works.filter(method=show)
    if show == "offered":
        return works.filter(OFFERED)
    if show == "late":
        return works.filter(due_at__lt=now)
    if show == "soon":
        return works.filter(due_at__gte=now, due_at__lte=now + HOUR)
    return works


def _coming(location: Location, now: datetime) -> dict[str, Any]:
    """The parcels of later waves: how many, and when the first comes."""
    coming = FulfillmentOrder.objects.at(location).coming().filter(release_at__gt=now)
    return coming.order_by().aggregate(total=Count("pk"), at=Min("release_at"))


def _chips(state: dict[str, Any], show: str) -> list[dict[str, Any]]:
    here = reverse("orders:queue")
    kinds = [("", _("All"), "total"), ("offered", _("To accept"), "offered"), ("late", _("Late"), "late"),
             ("soon", _("Within the hour"), "soon"),
             (Method.PICKUP, _("Pickup"), "pickup"), (Method.SHIP, _("Ship"), "ship")]  # fmt: skip
    return [
        {"label": label, "url": f"{here}?show={key}" if key else here, "count": state[name], "current": show == key}
        for key, label, name in kinds
        if key != "offered" or state["offered"] or show == key
    ]


def _page(request: StoreRequest) -> int:
    wanted = request.GET.get("page", "1")
    return min(max(int(wanted), 1), 10_000) if wanted.isdecimal() and len(wanted) < 6 else 1


def _etag(request: StoreRequest, state: dict[str, Any], show: str, page: int) -> str:
    drawn = (request.user.pk, get_language(), request.location.pk, sorted(state.items()), show, page)
    return f'"{hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]}"'
