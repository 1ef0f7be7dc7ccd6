"""A pick list in the hand: scan by scan along the shelves, then order by order onto a pickup shelf."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location, fragment
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import give_back, take_over
from orders.operations.pick import acknowledge_stop, pick, unpick
from orders.operations.stage import stage
from orders.pick_forms import LineForm, ScanForm, ShelfForm, cleaned
from orders.views.picking import list_here, own_list
from orders.views.serial_wanted import serial_wanted
from orders.views.today import start_count
from orders.views.walk import Walk, row_of

TEMPLATE = "orders/pick_list.html"
PAGE = "orders:pick_list"


@at_location
def pick_list(request: StoreRequest, number: int) -> HttpResponse:
    """The whole list; for somebody else's, who has it and how to take it over."""
    response = render(request, TEMPLATE, page_of(request, list_here(request, number)))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@at_location
def scan(request: StoreRequest, number: int) -> HttpResponse:
    """One unit, or one pack, into the picker's hands: its line comes back."""
    picked_from = own_list(request, number)
    values = cleaned(ScanForm(request.POST))
    try:
        line = _take(picked_from, values, by=Actor.of(request.user))
    except Refusal as refusal:
        if refusal.code == "stopped" and request.htmx:
            return _region(request, picked_from)  # with the stop on top
        raise
    return _scanned(request, picked_from, line, serial=values["code"] if values["serial_for"] else "")


def _take(picked_from: PickList, values: dict[str, Any], *, by: Actor) -> FulfillmentLine:
    """An item, or the serial number of the piece that was scanned before it."""
    key, now = values["scan_key"] or None, timezone.now()
    if line_id := values["serial_for"]:
        return capture_serial(
            pick_list_id=picked_from.pk, line_id=line_id, serial=values["code"], key=key, by=by, now=now
        )
    return pick(pick_list_id=picked_from.pk, code=values["code"], key=key, by=by, now=now)


@require_POST
@at_location
def undo(request: StoreRequest, number: int) -> HttpResponse:
    """The last unit of a line goes back to where it lay."""
    picked_from = own_list(request, number)
    line_id = cleaned(LineForm(request.POST))["line"]
    line = unpick(pick_list_id=picked_from.pk, line_id=line_id, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Back on its shelf: 1 unit · %s") % line.variant.title)
    return redirect(PAGE, number)


@require_POST
@at_location
def acknowledge(request: StoreRequest, number: int) -> HttpResponse:
    """The picker has read what the customer changed, and goes on."""
    acknowledge_stop(pick_list_id=own_list(request, number).pk, by=Actor.of(request.user))
    return redirect(PAGE, number)


@require_POST
@at_location
def put_on_shelf(request: StoreRequest, number: int) -> HttpResponse:
    """A picked order lies on a shelf now; its customer is told."""
    picked_from = own_list(request, number)
    values = cleaned(ShelfForm(request.POST))
    work = picked_from.fulfillment_orders.filter(number=values["work"]).first()
    if work is None:
        raise Refusal("not_on_list", _("This order is no longer on the pick list."))
    work = stage(number=work.number, shelf_code=values["code"], by=Actor.of(request.user), now=timezone.now())
    said = _staged_words(work)
    if not request.htmx:
        messages.success(request, said)
        return redirect(PAGE, number)
    return _region(request, picked_from, status=said, sound="good")


@require_POST
@at_location
def put_down(request: StoreRequest, number: int) -> HttpResponse:
    """Give the list back: untouched orders return to the queue, begun ones stay."""
    after = give_back(pick_list_id=own_list(request, number).pk, by=Actor.of(request.user), now=timezone.now())
    if after.finished_at:
        messages.success(request, _("The orders are back in the queue."))
        return redirect("orders:queue")
    left = after.fulfillment_orders.filter(status=FulfillmentOrder.Status.PICKING).count()
    messages.warning(request, ngettext(
        "%d order is begun and stays on your list: put its units back with Undo, or finish it.",
        "%d orders are begun and stay on your list: put their units back with Undo, or finish them.", left,
    ) % left)  # fmt: skip
    return redirect(PAGE, number)


@require_POST
@at_location(capability="staff")
def take(request: StoreRequest, number: int) -> HttpResponse:
    """A lead goes on with a colleague's list."""
    take_over(pick_list_id=list_here(request, number).pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("You are picking this list now. What was scanned stays picked."))
    return redirect(PAGE, number)


def page_of(request: StoreRequest, pick_list: PickList) -> dict[str, Any]:
    """Everything the page or its region draws."""
    walk = Walk(pick_list)
    mine = pick_list.picker_id == request.user.pk
    wanted = request.GET.get("stage", "")
    staging = next((job for job in walk.to_stage if job.work.number == wanted), None)
    if staging is None and not walk.left and walk.to_stage:
        staging = walk.to_stage[0]
    context = {"pick_list": pick_list, "walk": walk, "mine": mine, "staging": staging, "location": pick_list.location}
    context["serial_of"] = serial_wanted(walk, request.user)
    if pick_list.finished_at is not None:
        state = FulfillmentOrder.objects.at(pick_list.location).queue().state(timezone.now())
        context["start"] = start_count(state["urgent"], state["free"])
    if not mine:
        context["may_take"] = may(request.user, "staff", pick_list.location)
    return context


def _region(request: StoreRequest, pick_list: PickList, **more: Any) -> HttpResponse:
    pick_list.refresh_from_db(fields=["finished_at"])
    context = page_of(request, pick_list) | more
    response = fragment(request, f"{TEMPLATE}#whole", context, page=_url(pick_list))
    response["HX-Retarget"], response["HX-Reswap"] = "#pick", "outerHTML"
    return response


def _scanned(request: StoreRequest, pick_list: PickList, picked: FulfillmentLine, serial: str = "") -> HttpResponse:
    """The scanned line, and only where the scan finished the walk, everything."""
    walk = Walk(pick_list)
    line = walk.line(picked.pk)
    said = _("Picked %(picked)d of %(wanted)d · %(item)s") % {
        "picked": line.picked_quantity, "wanted": line.wanted_quantity, "item": line.variant.title,
    }  # fmt: skip
    if serial:
        said = _("Serial number %(serial)s · %(item)s") % {"serial": serial[:40], "item": line.variant.title}
    if not request.htmx:
        messages.success(request, said)
        return redirect(PAGE, pick_list.number)
    if not walk.left or line.variant.is_serial_tracked:
        return _region(request, pick_list, status=said, sound="good", undo_line=line.pk)
    row = row_of(line)
    context = {
        "pick_list": pick_list, "walk": walk, "mine": True, "row": row, "status": said, "sound": "good",
        "undo_line": line.pk, "next": walk.to_pick[0], "finished": row["state"] == "done",
    }  # fmt: skip
    response = fragment(request, f"{TEMPLATE}#scanned", context, page=_url(pick_list))
    response["HX-Reswap"] = "none"  # each part names its own place
    return response


def _staged_words(work: FulfillmentOrder) -> str:
    words = {"order": work.order.number, "shelf": work.shelf_code}
    if work.method == "ship":
        return _("Order %(order)s is on shelf %(shelf)s and waits for the carrier.") % words
    return _("Order %(order)s is on shelf %(shelf)s. The customer is told that it is ready.") % words


def _url(pick_list: PickList) -> str:
    return reverse(PAGE, args=[pick_list.number])
