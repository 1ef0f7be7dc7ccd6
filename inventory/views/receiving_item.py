"""One item of a delivery: correct its number, mark damaged units, put it away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import ReceivedItemForm
from inventory.models import DeliveryLine
from inventory.models.shelf import shelf_of
from inventory.operations.finish_delivery import put_away
from inventory.operations.receive_scans import mark_damaged, set_received
from inventory.places import StoreRequest
from inventory.views.receiving import delivery_at, row_of
from omni.core.actors import Actor
from omni.core.web import at_location


@at_location(capability="receive")
def item(request: StoreRequest, delivery_id: int, line_id: int) -> HttpResponse:
    """Three small forms; what is sent says by its button which of them."""
    found = delivery_at(request, delivery_id)
    lines = found.lines.select_related("variant__product").annotate(**shelf_of(location="delivery__location_id"))
    line = get_object_or_404(lines, pk=line_id)
    form = ReceivedItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _act(line, form, request))
        return redirect("inventory:received_item", delivery_id, line_id)
    context = {"delivery": found, "row": row_of(line), "line": line, "form": form}
    return render(request, "inventory/received_item.html", context, status=422 if form.is_bound else 200)


def _act(line: DeliveryLine, form: ReceivedItemForm, request: StoreRequest) -> str:
    entry = form.cleaned_data
    more: dict[str, Any] = {"by": Actor.of(request.user), "now": timezone.now()}
    act = request.POST.get("act", "")
    if act == "set" and entry["quantity"] is not None:
        seen = entry["seen"] if entry["seen"] is not None else line.sellable_quantity
        set_received(line_id=line.pk, quantity=entry["quantity"], seen=seen, key=entry["scan_key"], **more)
        return _("Good units of this item: %d") % entry["quantity"]
    if act == "damaged" and entry["damaged"]:
        mark_damaged(line_id=line.pk, units=entry["damaged"], key=entry["scan_key"], **more)
        return _("Held apart as damaged: %d") % entry["damaged"]
    put_away(line_id=line.pk, aisle=entry["aisle"], bin=entry["bin"], **more)
    return _("Put away.")
