"""The customer's own page: where their order is, and a way to say that they are coming. No account, one signed link."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from omni.core.actors import Actor
from omni.core.rate import at_most
from omni.core.refusals import Refusal
from orders.customer_link import LinkExpired, order_of
from orders.forms import ArrivalForm, CollectorForm, WaitingForm
from orders.models import Arrival, FulfillmentLine, FulfillmentOrder, Order, OrderLine, PickupChoice
from orders.operations.arrive import Car, arrive, call_off, on_my_way
from orders.operations.cancel import cancel
from orders.operations.name_collector import name_collector
from orders.pickup_code import code_of
from orders.story import CUSTOMER
from orders.views.my_words import Part, hours_words, parts_of

TEMPLATE = "orders/my_order.html"
READS, WRITES = 120, 20  # a minute, from one phone; the page itself asks six times
BY = Actor(CUSTOMER)
MySay = Callable[[HttpRequest, Order, str], HttpResponse]


def private(view: MySay) -> Callable[..., HttpResponse]:
    """Behind a signed link: unknown ones are nothing, old ones say so; nobody indexes or keeps the answer."""

    @functools.wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            order = order_of(token)
        except LinkExpired:
            response = render(request, "orders/my_link_over.html", status=410)
        else:
            if order is None:
                raise Http404
            response = view(request, order, token)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        return response

    return opened


@at_most(READS)
@require_GET
@private
def my_order(request: HttpRequest, order: Order, token: str) -> HttpResponse:
    """The whole page; htmx gets the part that changes, or 304."""
    context = _context(order, token)
    if request.htmx:  # type: ignore[attr-defined]
        response = get_conditional_response(request, etag=context["etag"])
        response = response or render(request, f"{TEMPLATE}#live", context)
    else:
        response = render(request, TEMPLATE, context)
    response["ETag"] = context["etag"]
    patch_vary_headers(response, ["HX-Request"])
    return response


@at_most(READS, writes=WRITES)
@require_POST
@private
def my_arrival(request: HttpRequest, order: Order, token: str) -> HttpResponse:
    """On my way, I am here, at another bay, or not after all; pressed twice it is said once."""
    form = ArrivalForm(request.POST)
    work = order.fulfillment_orders.filter(number=request.POST.get("work", "")).first()
    if work is None or not form.is_valid():
        messages.error(request, _("That did not work. Please try once more, with at most 20 characters for the bay."))
        return redirect("orders:my_order", token)
    try:
        _say(form, work)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:my_order", token)


@at_most(READS, writes=WRITES)
@require_POST
@private
def my_collector(request: HttpRequest, order: Order, token: str) -> HttpResponse:
    """Somebody else comes, or the customer after all."""
    form = CollectorForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please type a name of at most 200 characters."))
        return redirect("orders:my_order", token)
    try:
        name_collector(number=order.number, name=form.cleaned_data["name"], by=BY, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:my_order", token)


@at_most(READS, writes=WRITES)
@require_POST
@private
def my_cancel(request: HttpRequest, order: Order, token: str) -> HttpResponse:
    """The customer would rather not wait: what is not here yet is cancelled, the rest goes its way."""
    form = WaitingForm(request.POST)
    line = order.lines.filter(reference=form["reference"].value(), waiting_quantity__gt=0).first()
    if not form.is_valid() or line is None:
        messages.error(request, _("This item does not wait any more. Look at where your order is."))
        return redirect("orders:my_order", token)
    try:
        cancel(number=order.number, lines=[(line.reference, line.waiting_quantity)],
               reason=_("the customer would rather not wait"), by=BY, now=timezone.now())  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled: %s. You pay nothing for it.") % line.title)
    return redirect("orders:my_order", token)


def _say(form: ArrivalForm, work: FulfillmentOrder) -> None:
    act, car, now = form.cleaned_data["act"], Car(**form.parts), timezone.now()
    if act == ArrivalForm.CALL_OFF:
        call_off(number=work.number, by=BY, now=now)
    elif act == ArrivalForm.ARRIVED:
        arrive(number=work.number, car=car, by=BY, now=now)
    else:
        on_my_way(number=work.number, car=car, by=BY, now=now)


def _context(order: Order, token: str) -> dict[str, Any]:
    now = timezone.now()
    found = _shown(order)
    parts = parts_of(found, now=now)
    waiting = [line for line in found.lines.all() if line.waiting_quantity]
    choices = list(
        PickupChoice.objects.filter(order_line__order=order, answer="").select_related("order_line", "location")
    )
    asked = {choice.order_line_id for choice in choices}
    code = code_of(order.code_seed, order.pickup_code_digest)
    pickup = next((part for part in parts if part.is_pickup), None)
    context: dict[str, Any] = {
        "order": found, "token": token, "parts": [_drawn(part, now) for part in parts], "choices": choices,
        "waiting": [line for line in waiting if line.pk not in asked], "code": code,
        "code_shown": f"{code[:4]} {code[4:]}", "now": now, "can_name": any(part.can_come for part in parts),
        "place": (pickup or next(iter(parts), None)) and (pickup or parts[0]).place,
    }  # fmt: skip
    context["undated"] = any(line.expected_on is None for line in context["waiting"])
    return context | {"etag": _etag(context, parts)}


def _drawn(part: Part, now) -> dict[str, Any]:
    """A part with its forms and the store's hours."""
    arrival = part.arrival
    said = {"bay": arrival.bay, "car": arrival.car, "color": arrival.car_color} if arrival else {}
    return {
        "part": part, "work": part.work, "place": part.place, "arrival": arrival,
        "form": ArrivalForm(initial={"work": part.work.number, **said}, auto_id=f"{part.work.number}-%s"),
        "hours": hours_words(part.place, now) if part.is_pickup and part.is_open else [],
    }  # fmt: skip


def _shown(order: Order) -> Order:
    lines = FulfillmentLine.objects.select_related("order_line__kit", "variant__product").order_by("pk")
    works = FulfillmentOrder.objects.select_related("location", "order", "transfer").order_by("pk").prefetch_related(
        Prefetch("lines", lines), Prefetch("arrivals", Arrival.objects.filter(Q(served_at=None, cancelled_at=None)))
    )  # fmt: skip
    order_lines = OrderLine.objects.select_related("variant__product", "kit").order_by("position")
    return Order.objects.prefetch_related(Prefetch("fulfillment_orders", works), Prefetch("lines", order_lines)).get(
        pk=order.pk
    )


def _etag(context: dict[str, Any], parts: list[Part]) -> str:
    """Changes with anything that is drawn; a promise that has become late is another sentence."""
    drawn = [(part.title, part.text, part.work.status, _units(part), _car(part)) for part in parts]
    more = (get_language(), context["order"].collector_name, [each.pk for each in context["choices"]],
            [(line.pk, line.waiting_quantity, line.expected_on) for line in context["waiting"]])  # fmt: skip
    return f'"{hashlib.sha256(repr((drawn, more)).encode()).hexdigest()[:32]}"'


def _units(part: Part) -> list[tuple[int, int, int]]:
    return [(line.pk, line.wanted_quantity, line.issued_quantity) for line in part.lines]


def _car(part: Part) -> tuple[Any, ...] | None:
    came = part.arrival
    return (came.on_my_way_at, came.arrived_at, came.bay, came.car, came.car_color) if came else None
