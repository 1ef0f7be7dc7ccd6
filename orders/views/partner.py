"""A partner's orders by hand: what to answer, what to ship, each with its way back until it has left."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import FulfillmentOrder, Shipment
from orders.models.fulfillment_order import Status
from orders.operations.confirm import confirm, withdraw_confirmation
from orders.partner_forms import ConfirmForm
from orders.partner_orders import WORDS, partner_actions, shown_partner_work, state_of
from orders.views.partner_door import agreement, at_partner, attempt, their_work

SHOWN = 100
TONES = {"new": "warn", "acknowledged": "warn", "confirmed": "info", "on_hold": "", "shipped": "done", "refused": "",
         "cancelled": ""}  # fmt: skip


@at_partner
def orders(request: StoreRequest) -> HttpResponse:
    """Two lists by the time at which the carrier leaves: what waits for an answer, what is to ship."""
    now = timezone.now()
    theirs = FulfillmentOrder.objects.at(request.location).of_partners().filter(order__hold="")
    unanswered = _rows(theirs.filter(status=Status.RELEASED), now)
    to_ship = _rows(theirs.filter(status=Status.ACCEPTED), now)
    done = next((row for row in to_ship if row["work"].number == request.GET.get("confirmed")), None)
    return render(request, "orders/partner_orders.html", {
        "unanswered": unanswered[:SHOWN], "to_ship": to_ship[:SHOWN], "location": request.location, "done": done,
        "more": len(unanswered) > SHOWN or len(to_ship) > SHOWN,
        "numbers": [row["work"].number for row in unanswered[:SHOWN]],
        "feed": getattr(agreement(request), "feed", None),
    })  # fmt: skip


@at_partner
def history(request: StoreRequest) -> HttpResponse:
    """What left, was refused or cancelled, the latest first; found by order, tracking number or item."""
    query = request.GET.get("q", "").strip()[:100].replace("\0", "")
    over = FulfillmentOrder.objects.at(request.location).of_partners().filter(closed_at__isnull=False)
    if query:
        tracked = Shipment.objects.at(request.location).filter(tracking_number__iexact="".join(query.split()))
        found = Q(number__startswith=query) | Q(pk__in=tracked.values("fulfillment_order"))
        over = over.filter(found | Q(partner_order__reference__iexact=query))
    rows = _rows(over.order_by("-closed_at", "-pk"), timezone.now(), ordered=True)
    context = {"rows": rows[:SHOWN], "more": len(rows) > SHOWN, "query": query, "location": request.location}
    return render(request, "orders/partner_history.html", context)


@at_partner
def order(request: StoreRequest, number: str) -> HttpResponse:
    """One order: where it goes, what is in it, and what may be done now."""
    return render(request, "orders/partner_order.html", page_of(request, number))


@at_partner
@require_http_methods(["GET", "POST"])
def confirm_units(request: StoreRequest, number: str) -> HttpResponse:
    """So many of each line, leaving on that day; all of it as promised is proposed."""
    work = their_work(request, number)
    lines = work.shown_lines  # type: ignore[attr-defined]
    today = timezone.now().astimezone(request.location.zone).date()
    leaves = max((work.cutoff_at or work.due_at).astimezone(request.location.zone).date(), today)
    form = ConfirmForm(request.POST or None, lines=lines, initial={"ships_on": leaves})
    if form.is_valid():
        try:
            attempt(lambda: confirm(number=number, units=form.units, ships_on=form.cleaned_data["ships_on"],
                                    by=_by(request), now=timezone.now()))  # fmt: skip
        except Refusal as refusal:
            return refused(request, "orders/partner_confirm.html", number, form, refusal)
        return redirect(f"/partner/?confirmed={number}")
    context = page_of(request, number, work) | {"form": form}
    return render(request, "orders/partner_confirm.html", context, status=422 if form.is_bound else 200)


@at_partner
@require_POST
def confirm_listed(request: StoreRequest) -> HttpResponse:
    """Everything that stood on the page, as promised; one that changed meanwhile keeps the others from nothing."""
    theirs = FulfillmentOrder.objects.at(request.location).of_partners()
    numbers = theirs.filter(number__in=request.POST.getlist("work")[:SHOWN], status=Status.RELEASED)
    done, problems = 0, []
    for number in numbers.values_list("number", flat=True):
        try:
            attempt(partial(confirm, number=number, by=_by(request), now=timezone.now()))
        except Refusal as refusal:
            problems.append(str(refusal))
        else:
            done += 1
    if done:
        words = ngettext("%d order is confirmed.", "%d orders are confirmed.", done) % done
        messages.success(request, words)
    for problem in problems:
        messages.warning(request, problem)
    if not done and not problems:
        messages.info(request, _("Nothing was left to confirm."))
    return redirect("orders:partner")


@at_partner
@require_POST
def take_back(request: StoreRequest, number: str) -> HttpResponse:
    """A confirmation by mistake; possible until a parcel has left."""
    their_work(request, number)
    try:
        attempt(lambda: withdraw_confirmation(number=number, by=_by(request), now=timezone.now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The confirmation is taken back. Order %s waits for your answer again.") % number)
    return redirect("orders:partner_order", number)


def page_of(request: StoreRequest, number: str, work: FulfillmentOrder | None = None) -> dict[str, Any]:
    """What each page about one order shows of it."""
    work = work or their_work(request, number)
    row = row_of(work, timezone.now())
    return row | {
        "location": request.location,
        "address": work.order.shipping_address or {},
        "acts": partner_actions(work),
    }


def row_of(work: FulfillmentOrder, now: datetime) -> dict[str, Any]:
    """One order in a list."""
    lines: list[Any] = work.shown_lines  # type: ignore[attr-defined]
    parcels: list[Any] = work.shown_shipments  # type: ignore[attr-defined]
    state = state_of(work)
    is_open = work.status in (Status.RELEASED, Status.ACCEPTED)
    leaves = work.cutoff_at or work.due_at
    return {
        "work": work, "lines": lines, "parcels": parcels, "state": str(WORDS[state]), "tone": TONES[state],
        "units": sum(line.open_quantity if is_open else line.quantity for line in lines),
        "leaves": leaves, "is_open": is_open, "is_late": is_open and leaves <= now,
        "must_answer": work.status == Status.RELEASED and work.confirm_by, "is_partly": is_open and bool(parcels),
        "is_confirmed": work.status == Status.ACCEPTED,
    }  # fmt: skip


def refused(request: StoreRequest, template: str, number: str, form: Any, refusal: Refusal) -> HttpResponse:
    """What was typed is kept, and the sentence stands above it."""
    form.add_error(None, str(refusal))
    return render(request, template, page_of(request, number) | {"form": form}, status=refusal.status)


def _rows(work: Any, now: datetime, *, ordered: bool = False) -> list[dict[str, Any]]:
    sorted_work = work if ordered else work.order_by("cutoff_at", "pk")
    return [row_of(each, now) for each in shown_partner_work(sorted_work[: SHOWN + 1])]


def _by(request: StoreRequest) -> Actor:
    return Actor.of(request.user)
