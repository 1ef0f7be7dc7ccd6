"""Units from and to other stores: what to send, what comes, and a way to ask for more."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.forms import ScanForm
from inventory.models import Transfer
from inventory.operations.request_transfer import request_transfer
from inventory.places import StoreRequest
from inventory.transfer_forms import AskForm
from omni.core.actors import Actor
from omni.core.refusals import Invalid, Refusal
from omni.core.web import at_location

SHOWN = 50
Status = Transfer.Status
TONES = {
    Status.REQUESTED: "warn", Status.APPROVED: "info", Status.PICKING: "info", Status.IN_TRANSIT: "info",
    Status.RECEIVED: "done", Status.DECLINED: "stop", Status.CANCELLED: "",
}  # fmt: skip


@at_location
def transfers(request: StoreRequest) -> HttpResponse:
    """Four short lists, each oldest first, and what ended lately."""
    here, now = request.location, timezone.now()
    found = Transfer.objects
    left = found.on_the_road().filter(from_location=here).order_by("expected_at")
    ended = (Transfer.objects.filter(from_location=here) | Transfer.objects.filter(to_location=here)).exclude(
        status__in=[*Transfer.AT_SENDER, Status.IN_TRANSIT]
    )  # fmt: skip
    parts = [
        ("send", _("To send"), found.to_answer_at(here)),
        ("coming", _("On the way here"), found.coming_to(here)),
        ("asked", _("Asked for, not sent yet"), found.asked_by(here)),
        ("left", _("Left here, not arrived yet"), left),
    ]  # fmt: skip
    context: dict[str, Any] = {
        "parts": [
            {"key": key, "title": title, "rows": rows(each.with_units()[:SHOWN], here, now)}
            for key, title, each in parts
        ],
        "ended": rows(ended.with_units().order_by("-pk")[:10], here, now),
    }  # fmt: skip
    context["is_empty"] = not any(part["rows"] for part in context["parts"])
    return render(request, "inventory/transfers.html", context)


@at_location
def ask(request: StoreRequest) -> HttpResponse:
    """Another store is asked for units."""
    form = AskForm(request.POST or None, to=request.location)
    if form.is_valid():
        entry = form.cleaned_data
        asked = request_transfer(
            from_location_id=entry["source"].pk, to_location_id=request.location.pk, units=entry["items"],
            note=entry["note"], by=Actor.of(request.user),
        )  # fmt: skip
        messages.success(request, _("Asked: %(place)s sees transfer %(number)s now.") % {
            "place": entry["source"].name, "number": asked.number})  # fmt: skip
        return redirect("inventory:transfer", asked.number)
    return render(request, "inventory/ask_transfer.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@at_location
def find(request: StoreRequest) -> HttpResponse:
    """The slip in the box names its transfer."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        raise Invalid("code_required", _("Scan the slip in the box, or type its number."))
    number = form.cleaned_data["code"].strip().upper()
    found = Transfer.objects.filter(number=number).select_related("to_location").first()
    if found is None or request.location.pk not in (found.from_location_id, found.to_location_id):
        where = _(" It goes to %s.") % found.to_location.name if found else ""
        raise Refusal("not_here", _("Transfer %s is not for this store.") % number[:30] + where)
    return redirect("inventory:transfer", found.number)


def rows(found: Iterable[Any], here: Any, now: Any) -> list[dict[str, Any]]:
    """Each as a card of a list."""
    return [
        {
            "transfer": each, "is_late": each.is_late(now), "tone": "stop" if each.is_late(now) else TONES[each.status],
            "other": each.to_location if each.from_location_id == here.pk else each.from_location,
            "is_out": each.from_location_id == here.pk,
            "units": each.shipped_units or each.approved_units or each.requested_units,
        }
        for each in found
    ]  # fmt: skip
