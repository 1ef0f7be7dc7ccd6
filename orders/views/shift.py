"""The lead's view of the shift: what is late or about to be, who is on what, what was declined."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.models import Location
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.models import User
from omni.core.refusals import Invalid
from omni.core.ui.words import local_words
from omni.core.web import at_location
from orders.models import FulfillmentOrder
from orders.models.fulfillment_order import OFFERED, OPEN
from orders.models.order_line import Method
from orders.operations.join import reassign
from orders.pick_forms import ColleagueForm, cleaned
from orders.shift import DONE, HOUR, IN_TIME, Figures, by_hour, exceptions_at, figures, no_longer_theirs, of_the_day
from orders.views.cards import card
from orders.views.picking import list_here
from orders.views.today import open_lists

URGENT, SHOWN, FIRST = 8, 100, 5


@at_location(capability="staff")
def shift(request: StoreRequest) -> HttpResponse:
    """One store's shift; a poll gets it only when something changed."""
    location, now = request.location, timezone.now()
    numbers = figures([location], now)[location.pk]
    lists = list(open_lists(location))
    etag = _etag(request, numbers, lists, now)
    response = get_conditional_response(request, etag=etag) if request.htmx else None
    if response is None:
        context = _details(request, numbers, lists, now) | {"etag": etag}
        response = render(request, "orders/shift.html#region" if request.htmx else "orders/shift.html", context)
    response["ETag"] = etag
    patch_vary_headers(response, ["HX-Request"])
    return response


@at_location(capability="staff")
def shift_rows(request: StoreRequest) -> HttpResponse:
    """The orders behind one of the shift's figures."""
    location, now = request.location, timezone.now()
    show = request.GET.get("show", "late")
    if show not in ROWS:
        raise Http404
    title, text = ROWS[show]
    works = list(_rows(show, location, now).select_related("order", "location")[: SHOWN + 1])
    context = {
        "title": title, "text": text, "rows": [_row(work, now) for work in works[:SHOWN]],
        "columns": [{"label": _("Order")}, {"label": _("State")}, {"label": _("Deadline")}, {"label": _("Why")}],
        "more": len(works) > SHOWN, "location": location,
    }  # fmt: skip
    return render(request, "orders/shift_rows.html", context)


@require_POST
@at_location(capability="staff")
def give_list(request: StoreRequest, number: int) -> HttpResponse:
    """Somebody else of the store goes on with a list."""
    shown = list_here(request, number)
    to = people_at(request.location).filter(pk=cleaned(ColleagueForm(request.POST))["user"]).first()
    if to is None:
        raise Invalid("unknown_colleague", _("Choose one of the store’s people."))
    reassign(pick_list_id=shown.pk, to=to, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("%(name)s goes on with %(list)s. What was scanned stays picked.") % {
        "name": to.shown_name, "list": shown,
    })  # fmt: skip
    return redirect("orders:shift")


def people_at(location: Location) -> QuerySet[User]:
    """Everybody whose place is this store, by name."""
    here = User.objects.filter(is_active=True, grants__scope=location.scope)
    return here.distinct().order_by("display_name", "username")


def sla_words(numbers: Figures) -> str:
    return _("nothing due yet") if numbers.sla is None else f"{numbers.sla:.0f} %"


def _details(request: StoreRequest, numbers: Figures, lists: list, now: datetime) -> dict[str, Any]:
    location = request.location
    queue = FulfillmentOrder.objects.at(location).queue()
    people = list(people_at(location)) if lists else []
    exceptions = list(exceptions_at(location)[: FIRST + 1])
    declined = (
        no_longer_theirs([location], now).order_by().values("closed_reason").annotate(n=Count("pk")).order_by("-n")
    )  # fmt: skip
    return {
        "now": now, "numbers": numbers, "sla": sla_words(numbers), "day": _day(location, now),
        "urgent": [card(work, request.user) for work in queue.filter(due_at__lte=now + HOUR).as_cards()[:URGENT]],
        "lists": [{"list": each, "colleagues": [p for p in people if p.pk != each.picker_id]} for each in lists],
        "declined": [{"label": row["closed_reason"], "value": row["n"], "shown": str(row["n"])} for row in declined],
        "exceptions": exceptions[:FIRST], "more_exceptions": len(exceptions) > FIRST,
        "coming": FulfillmentOrder.objects.at(location).coming().filter(release_at__gt=now).count(),
        "paused": location.is_paused(now), "may_pause": may(request.user, "pause", location),
    }  # fmt: skip


def _day(location: Location, now: datetime) -> dict[str, Any] | None:
    hours = by_hour(location, now)
    if not hours:
        return None
    clock = now.astimezone(location.zone).hour
    first, step = hours[0][0], 1 + len(hours) // 10
    return {
        "due": [due for _hour, due, _done in hours], "done": [done for _hour, _due, done in hours],
        "ticks": [f"{hour}" if (hour - first) % step == 0 else "" for hour, _due, _done in hours], "now": clock - first,
        "cutoff": location.carrier_cut_off.hour - first,
        "numbers": [
            (f"{hour}:00", _("%(done)d of %(due)d done") % {"done": done, "due": due}) for hour, due, done in hours
        ],
    }  # fmt: skip


ROWS: dict[str, tuple[Any, Any]] = {
    "late": (gettext_lazy("Late"), gettext_lazy("In the queue, and their time to begin is over.")),
    "soon": (gettext_lazy("Due within the hour"), gettext_lazy("In the queue; somebody should begin now.")),
    "offered": (gettext_lazy("To accept"), gettext_lazy("Parcels that go elsewhere unless somebody accepts them.")),
    "missed": (gettext_lazy("Missed their carrier"), gettext_lazy("Still here although the carrier has left.")),
    "in-time": (gettext_lazy("In time today"), gettext_lazy("Ready by their time, or gone with their carrier.")),
    "not-in-time": (gettext_lazy("Not in time today"), gettext_lazy("Due until now, and late or still to do.")),
    "declined": (gettext_lazy("Declined today"), gettext_lazy("A person said no; another store has them.")),
    "timed-out": (gettext_lazy("Not accepted today"), gettext_lazy("Nobody answered in time; another store has them.")),
}


def _rows(show: str, location: Location, now: datetime) -> Any:
    here = FulfillmentOrder.objects.at(location)
    if show == "late":
        return here.queue().filter(due_at__lt=now)
    if show == "soon":
        return here.queue().filter(due_at__gte=now, due_at__lte=now + HOUR)
    if show == "offered":
        return here.filter(OFFERED).order_by("confirm_by", "pk")
    if show == "missed":
        return here.filter(status__in=OPEN, method=Method.SHIP, missed_at__isnull=False).order_by("due_at", "pk")
    if show in ("declined", "timed-out"):
        gone = no_longer_theirs([location], now).filter(timed_out_at__isnull=show == "declined")
        return gone.order_by("-closed_at", "-pk")
    decided = of_the_day([location], now).order_by("deadline", "pk")
    if show == "in-time":
        return decided.filter(IN_TIME)
    return (decided.filter(DONE) | decided.filter(deadline__lte=now)).exclude(IN_TIME)


def _row(work: FulfillmentOrder, now: datetime) -> list[Any]:
    deadline = local_words(work.cutoff_at or work.due_at, zone=work.location.zone, now=now)
    order = {"text": f"#{work.order.number}", "url": reverse("orders:order", args=[work.order.number])}
    return [order, f"{work.get_method_display()}: {work.get_status_display()}", deadline, work.closed_reason or "–"]


def _etag(request: StoreRequest, numbers: Figures, lists: list, now: datetime) -> str:
    """Changes with anything drawn, and each minute."""
    walks = [(each.number, each.picker_id, each.helper_ids, each.picked, each.wanted) for each in lists]
    counts = sorted((name, value) for name, value in vars(numbers).items() if name != "location")
    drawn = (request.user.pk, get_language(), request.location.pk, request.location.paused_until,
             int(now.timestamp() // 60), walks, counts)  # fmt: skip
    return f'"{hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]}"'
