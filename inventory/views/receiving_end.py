"""Look through what came, decide about what differs, finish; or print it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import shelves
from inventory.models import Delivery, DeliveryLine
from inventory.models.delivery import DECISIONS
from inventory.models.shelf import shelf_of
from inventory.operations.announce import cancel_delivery
from inventory.operations.finish_delivery import finish_delivery, undecided
from inventory.places import StoreRequest, may
from inventory.views.receiving import SHOWN, delivery_at, row_of
from omni.core.actors import Actor
from omni.core.refusals import NotAllowed
from omni.core.web import at_location


@at_location(capability="receive")
def summary(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """What differs stands first, with what can be done about it."""
    found = delivery_at(request, delivery_id)
    lines = list(_lines(found))
    differing = [_choice(line) for line in lines if not line.is_decided]
    missing = found.cartons.exclude(scans__is_undone=False).order_by("code")
    context = {
        "delivery": found, "differing": differing, "missing": list(missing[:SHOWN]),
        "settled": [row_of(line) for line in lines if line.is_decided],
        "settles": may(request.user, "settle", request.location), "late": found.scans.filter(is_late=True).exists(),
    }  # fmt: skip
    return render(request, "inventory/receiving_summary.html", context)


@require_POST
@at_location(capability="receive")
def finish(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """Anybody ends a delivery that is as expected; about what differs a lead decides."""
    found = delivery_at(request, delivery_id)
    waiting = undecided(found)
    if waiting and not may(request.user, "settle", request.location):
        raise NotAllowed("not_allowed", _("Something differs: a lead decides about it and finishes the delivery."))
    decisions = {line.pk: request.POST.get(f"decision-{line.pk}", "") for line in waiting}
    finish_delivery(
        delivery_id=found.pk, decisions=decisions, reason=request.POST.get("reason", "").strip()[:200],
        by=Actor.of(request.user), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Finished: %s") % found)
    return redirect("inventory:receiving")


@require_POST
@at_location(capability="settle")
def cancel(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """It does not come."""
    found = delivery_at(request, delivery_id)
    reason = request.POST.get("reason", "").strip()[:200]
    cancel_delivery(delivery_id=found.pk, reason=reason, by=Actor.of(request.user))
    messages.info(request, _("Cancelled: %s") % found)
    return redirect("inventory:receiving")


@at_location(capability="receive")
def paper(request: StoreRequest, delivery_id: int) -> HttpResponse:
    """By shelf, with boxes to tick."""
    found = delivery_at(request, delivery_id)
    rows = sorted((row_of(line) for line in _lines(found)), key=lambda row: _walk(row["line"]))
    return render(request, "inventory/receiving_print.html", {"delivery": found, "rows": rows})


def _walk(line: Any) -> Any:
    return shelves.walk(line.aisle, line.bin)


def _lines(found: Delivery) -> Any:
    lines = found.lines.select_related("variant__product", "order_line")
    return lines.annotate(**shelf_of(location="delivery__location_id")).order_by("pk")


def _choice(line: DeliveryLine) -> dict[str, Any]:
    return row_of(line) | {"choices": DECISIONS[line.difference], "surplus": line.surplus}
