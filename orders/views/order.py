"""One order's page: what was wanted, where each unit is, what was paid and said, and its whole story."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inventory.models import Location
from inventory.places import StoreRequest, find
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import LOCATION_IN_SESSION, needs
from orders.forms import CancelLinesForm
from orders.models import (
    FulfillmentLine,
    FulfillmentOrder,
    Order,
    OrderKit,
    OrderLine,
    Payment,
    PickupChoice,
    Refund,
    RoutingDecision,
    Shipment,
)
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.cancel import cancel
from orders.routing_words import Names, decision_for, places_of, why_here
from orders.timeline import timeline
from orders.views.money import money_of, paid_words
from orders.views.order_units import unit_parts
from orders.views.packing import TONES

ORDER_TONES: dict[str, str] = {
    Order.Status.OPEN: "info", Order.Status.PARTLY_FULFILLED: "info", Order.Status.FULFILLED: "done",
    Order.Status.CANCELLED: "",
}  # fmt: skip
WORK_TONES: dict[str, str] = {
    Status.PICKING: "info", Status.STAGED: "info", Status.HANDED_OVER: "done", Status.SHIPPED: "done",
    Status.DECLINED: "warn", Status.SHORT: "stop", Status.EXPIRED: "stop",
}  # fmt: skip


@needs("work")
@require_safe
def order(request: StoreRequest, number: int) -> HttpResponse:
    request.location = store_of(request)  # type: ignore[assignment]
    found = visible_order(request, number)
    works = list(found.fulfillment_orders.all())
    now = timezone.now()
    whys = _whys(found, works, request.location)
    choices = _open_choices(found)
    asked = {choice.order_line_id: choice.quantity for choice in choices}
    lines = [
        {"line": line, "parts": unit_parts(line, asked=asked.get(line.pk, 0)), "kit": kit}
        for line, kit in with_kits(found.lines.all())
    ]
    return render(request, "orders/order.html", {
        "order": found, "tone": ORDER_TONES[found.status], "lines": lines, "choices": choices,
        "works": [_work_row(work, now) | {"why": whys.get(work.pk, [])} for work in works],
        "money": money_of(found), "paid": paid_words(found),
        "told": [{"message": each, "to": masked(each.to)} for each in found.messages.all()],
        "timeline": timeline(order=found, works=works, now=now), "clock": request.location or _first_place(works),
        "can_cancel": any(line.open_quantity for line in found.lines.all()),
    })  # fmt: skip


@needs("work")
@require_http_methods(["GET", "POST"])
def cancel_lines(request: StoreRequest, number: int) -> HttpResponse:
    """Cancel units on the customer's word, said at the desk or on the phone."""
    request.location = store_of(request)  # type: ignore[assignment]
    found = visible_order(request, number)
    form = CancelLinesForm(request.POST or None, lines=list(found.lines.all()))
    if request.method == "GET" or not form.is_valid():
        return _cancel_page(request, found, form, status=200 if request.method == "GET" else 422)
    try:
        cancel(number=found.number, lines=form.units, reason=form.cleaned_data["reason"],
               by=Actor.of(request.user), now=timezone.now())  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _cancel_page(request, found, form, status=refusal.status)
    messages.success(request, _("Cancelled. The customer gets a message; picked units are put back first."))
    return redirect("orders:order", number)


def _work_row(work: FulfillmentOrder, now: datetime) -> dict[str, Any]:
    return {
        "work": work, "tone": WORK_TONES.get(work.status, ""),
        "parcels": [
            {"shipment": each, "tone": TONES.get(each.status, ""), "is_late": each.is_late(now)}
            for each in work.shipments.all()
        ],
    }  # fmt: skip


def _whys(found: Order, works: list[FulfillmentOrder], here: Location | None) -> dict[int, list[str]]:
    """By parcel of this store: why it comes from here. Two queries, and none where the store sends nothing of it."""
    mine = [work for work in works if here and work.location_id == here.pk and work.method == Method.SHIP]
    if not mine:
        return {}
    decisions = list(RoutingDecision.objects.filter(order=found).defer("inputs").order_by("-pk"))
    lines = {line.pk: line for line in found.lines.all()}
    positions: dict[int, set[int]] = {}
    for line in lines.values():
        for part in line.fulfillment_lines.all():
            positions.setdefault(part.fulfillment_order_id, set()).add(line.position)
    told = [
        (work, decision) for work in mine
        if (decision := decision_for(decisions, place=work.location_id, positions=positions.get(work.pk, set())))
    ]  # fmt: skip
    if not told:
        return {}
    places = Location.everywhere.filter(pk__in=places_of(decision for _work, decision in told))
    names = Names(dict(places.values_list("pk", "name")), {each.position: each.title for each in lines.values()})
    return {work.pk: why_here(decision, work.location_id, names) for work, decision in told}


def with_kits(lines: Iterable[OrderLine]) -> list[tuple[OrderLine, OrderKit | None]]:
    """Each line, with its kit where it is the first of its parts: there the kit is named."""
    seen: set[int | None] = {None}
    rows = []
    for line in lines:
        rows.append((line, None if line.kit_id in seen else line.kit))
        seen.add(line.kit_id)
    return rows


def visible_order(request: HttpRequest, number: int) -> Order:
    """The order, where it is this person's business; with what its page shows."""
    lines = OrderLine.objects.select_related("variant__product", "pickup_location", "order", "kit").order_by("position")
    parts = FulfillmentLine.objects.select_related("fulfillment_order__location").order_by("pk")
    parcels = Shipment.objects.real().with_units().order_by("pk")
    works = FulfillmentOrder.objects.for_desk().prefetch_related("hand_overs", Prefetch("shipments", parcels))
    orders = Order.objects.for_user(request.user).select_related("customer").prefetch_related(
        Prefetch("lines", lines.prefetch_related(Prefetch("fulfillment_lines", parts))),
        Prefetch("fulfillment_orders", works.order_by("pk")), Prefetch("payments", Payment.objects.order_by("pk")),
        Prefetch("refunds", Refund.objects.select_related("payment").order_by("pk")), "messages",
    )  # fmt: skip
    return get_object_or_404(orders, number=number)


def store_of(request: HttpRequest) -> Location | None:
    """The store in which this person works now, for the frame; the page itself needs none."""
    return find(request.user, "work", request.session.get(LOCATION_IN_SESSION))


def masked(address: str) -> str:
    """Enough of an e-mail address to recognize it."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at else "•••" * bool(address)


def _cancel_page(request: HttpRequest, found: Order, form: CancelLinesForm, *, status: int) -> HttpResponse:
    return render(request, "orders/order_cancel.html", {"order": found, "form": form}, status=status)


def _open_choices(found: Order) -> list[PickupChoice]:
    choices = PickupChoice.objects.filter(order_line__order=found, answer="")
    return list(choices.select_related("order_line__variant__product", "location").order_by("pk"))


def _first_place(works: list[FulfillmentOrder]) -> Location | None:
    return works[0].location if works else None
