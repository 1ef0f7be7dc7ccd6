"""What needs hands today: late, due, ready, waiting; and the one button that begins."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Min, OuterRef, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from inventory.models import CycleCount, Location, PutBack
from inventory.places import StoreRequest, may
from omni.core.access import is_partner
from omni.core.web import at_location
from orders.models import Arrival, FulfillmentLine, FulfillmentOrder, OrderLine, PickHelper, PickList
from orders.views.cards import card

NEXT = 5
MOST = 10  # orders that one person can carry at once
HOUR = timedelta(hours=1)


def home(request: StoreRequest) -> HttpResponse:
    """The front door leads to today's work, a partner to its orders."""
    return redirect("orders:partner") if is_partner(request.user) else _work(request)


@at_location
def _work(request: StoreRequest) -> HttpResponse:
    """Whoever has no store yet chooses one first."""
    return redirect("orders:today")


@at_location
def today(request: StoreRequest) -> HttpResponse:
    """The store's day in a few numbers, and the next orders."""
    now = timezone.now()
    context = _numbers(request, now)
    etag = _etag(request, context, now)
    htmx = request.htmx
    response = get_conditional_response(request, etag=etag) if htmx else None
    if response is None:
        context |= _details(request, context, now) | {"etag": etag}
        response = render(request, "orders/today.html#poll" if htmx else "orders/today.html", context)
    response["ETag"] = etag
    patch_vary_headers(response, ["HX-Request"])
    return response


def start_count(urgent: int, free: int) -> int:
    """How many orders the one big button takes: what is due within the hour, at least one, at most ten."""
    return min(max(urgent, 1), MOST, free)


def _numbers(request: StoreRequest, now: datetime) -> dict[str, Any]:
    location = request.location
    works = FulfillmentOrder.objects.at(location)
    midnight = now.astimezone(location.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    numbers: dict[str, Any] = {
        "queue": works.queue().state(now),
        "ready": works.waiting_for_collection().order_by().aggregate(
            total=Count("pk"), old=Count("pk", filter=Q(staged_at__lt=midnight))
        ),
        "outside": Arrival.objects.waiting_at(location).order_by().aggregate(
            total=Count("pk"), since=Min("arrived_at")
        ),
        "put_backs": PutBack.objects.open_at(location).order_by().aggregate(
            units=Sum(F("quantity") - F("done_quantity"), default=0)
        )["units"],
        "to_ship": works.to_ship().order_by().count(),
        "waits": OrderLine.objects.waiting().filter(pickup_location=location).order_by().aggregate(
            units=Sum("waiting_quantity", default=0)
        )["units"],
    }  # fmt: skip
    numbers["lists"] = list(open_lists(location))
    if may(request.user, "count", location):
        numbers["counts"] = CycleCount.objects.open_at(location).count()
    return numbers


def _details(request: StoreRequest, numbers: dict[str, Any], now: datetime) -> dict[str, Any]:
    location = request.location
    queue = FulfillmentOrder.objects.at(location).queue()
    soon = FulfillmentLine.objects.due_between(location, now, now + HOUR).order_by()
    state = numbers["queue"]
    lists = numbers["lists"]
    return {
        "now": now,
        "soon": soon.aggregate(
            units=Sum(F("quantity") - F("short_quantity") - F("cancelled_quantity"), default=0),
            aisles=Count("aisle", distinct=True, filter=~Q(aisle="")),
        ),
        "cards": [card(work, request.user) for work in queue.as_cards()[:NEXT]],
        "start": start_count(state["urgent"], state["free"]),
        "mine": [each for each in lists if request.user.pk in (each.picker_id, *each.helper_ids)],
        "shown_lists": lists if may(request.user, "staff", location) else [],
        "may_pause": may(request.user, "pause", location),
        "paused": location.is_paused(now),
    }


def open_lists(location: Location):
    """Who is picking what, with how far they are."""
    helpers = PickHelper.objects.filter(pick_list=OuterRef("pk"), left_at=None).order_by("pk")
    wanted = F("fulfillment_orders__lines__quantity") - F("fulfillment_orders__lines__short_quantity")
    return (
        PickList.objects.at(location).open().select_related("picker").order_by("started_at")
        .annotate(
            orders=Count("fulfillment_orders", distinct=True),
            due_at=Min("fulfillment_orders__due_at"),
            wanted=Sum(wanted - F("fulfillment_orders__lines__cancelled_quantity"), default=0),
            picked=Sum("fulfillment_orders__lines__picked_quantity", default=0),
            helper_ids=ArraySubquery(helpers.values("user")),
            helper_names=ArraySubquery(helpers.values("user__display_name")),
        )
    )  # fmt: skip


def _etag(request: StoreRequest, numbers: dict[str, Any], now: datetime) -> str:
    """Changes with anything drawn, and each minute."""
    location = request.location
    lists = [(each.number, each.picker_id, each.helper_ids, each.picked, each.wanted) for each in numbers["lists"]]
    drawn = (request.user.pk, get_language(), location.pk, location.paused_until, int(now.timestamp() // 60), lists,
             [(name, value) for name, value in sorted(numbers.items()) if name != "lists"])  # fmt: skip
    return f'"{hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]}"'
