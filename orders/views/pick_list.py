"""A pick list in the hand: scan by scan along the shelves, then order by order onto a pickup shelf."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.kept import is_kept_act, kept_offline
from omni.core.refusals import Refusal
from omni.core.web import at_location, fragment
from orders.models import FulfillmentLine, FulfillmentOrder, PickList
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import give_back, take_over
from orders.operations.join import join, leave
from orders.operations.pick import acknowledge_stop, pick, unpick
from orders.operations.stage import bring_to_packing, label_tote, stage
from orders.pick_forms import LineForm, ScanForm, ShelfForm, ToteForm, cleaned
from orders.views.picking import list_here, own_list
from orders.views.serial_wanted import serial_wanted
from orders.views.today import start_count
from orders.views.walk import Walk

TEMPLATE = "orders/pick_list.html"
PAGE = "orders:pick_list"


@kept_offline
@at_location
def pick_list(request: StoreRequest, number: int) -> HttpResponse:
    """The whole list; for somebody else's, who has it and how to join. A poll gets what others changed."""
    shown = list_here(request, number)
    phase = request.GET.get("phase") if request.htmx else None
    etag = _etag(request, shown)
    response = None if phase is None else get_conditional_response(request, etag=etag)
    if response is None:
        context = page_of(request, shown) | {"etag": etag}
        if phase is None:
            response = render(request, TEMPLATE, context)
        elif phase != context["phase"]:
            response = _whole(request, shown, context)  # other hands finished, stopped or began something
        else:
            response = render(request, f"{TEMPLATE}#walk", context)
    response["ETag"] = etag
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
        if refusal.code == "stopped" and request.htmx and not is_kept_act(request):
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
@at_location
def walk_along(request: StoreRequest, number: int) -> HttpResponse:
    """Somebody helps: both scan into the same list."""
    join(pick_list_id=list_here(request, number).pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("You are on this list now. Your scans count like those of your colleague."))
    return redirect(PAGE, number)


@require_POST
@at_location
def walk_away(request: StoreRequest, number: int) -> HttpResponse:
    """A helper has something else to do."""
    leave(pick_list_id=own_list(request, number).pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("You left the list. What you scanned stays picked."))
    return redirect("orders:today")


@require_POST
@at_location
def to_packing(request: StoreRequest, number: int) -> HttpResponse:
    """The totes of the walk stand at the packing table."""
    picked_from = own_list(request, number)
    works = bring_to_packing(pick_list_id=picked_from.pk, by=Actor.of(request.user), now=timezone.now())
    said = ngettext("%d tote waits at the packing table.", "%d totes wait at the packing table.", len(works))
    messages.success(request, said % len(works))
    return redirect(PAGE, number)


@require_http_methods(["GET", "POST"])
@at_location
def totes(request: StoreRequest, number: int) -> HttpResponse:
    """Which tote takes which order: its place on the cart, or the label that is scanned here, once per order."""
    picked_from = own_list(request, number)
    if request.method == "POST":
        values = cleaned(ToteForm(request.POST))
        work = label_tote(pick_list_id=picked_from.pk, number=values["work"], code=values["code"],
                          by=Actor.of(request.user))  # fmt: skip
        messages.success(request, _("Tote %(tote)s takes order %(order)s.") % {
            "tote": work.tote_label, "order": work.order.number,
        })  # fmt: skip
        return redirect("orders:totes", number)
    jobs = [job for job in Walk(picked_from).jobs if not job.is_over]
    wanted = request.GET.get("work", "")
    chosen = next((job for job in jobs if job.work.number == wanted), None)
    context = {
        "pick_list": picked_from,
        "jobs": jobs,
        "location": picked_from.location,
        "next": chosen or next((job for job in jobs if not job.work.tote_label), None),
    }
    return render(request, "orders/totes.html", context)


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
    mine = pick_list.is_walked_by(request.user.pk)
    wanted = request.GET.get("stage", "")
    staging = next((job for job in walk.to_stage if job.work.number == wanted), None)
    packing = walk.to_packing if staging is None else []
    if staging is None and not packing and not walk.left and walk.to_stage:
        staging = walk.to_stage[0]
    context = {"pick_list": pick_list, "walk": walk, "mine": mine, "staging": staging, "location": pick_list.location,
               "packing": packing, "people": _people(pick_list)}  # fmt: skip
    context["is_picker"] = pick_list.picker_id == request.user.pk
    context["serial_of"] = serial_wanted(walk, request.user)
    context["phase"] = _phase(context)
    context["etag"] = ""
    if pick_list.finished_at is not None:
        state = FulfillmentOrder.objects.at(pick_list.location).queue().state(timezone.now())
        context["start"] = start_count(state["urgent"], state["free"])
    if not mine:
        context["may_take"] = may(request.user, "staff", pick_list.location)
    return context


def _people(pick_list: PickList) -> list[dict[str, Any]]:
    """Who walks, and how many units each scanned; empty for one person alone."""
    helpers = [each.user for each in pick_list.helpers.filter(left_at=None).select_related("user").order_by("pk")]
    if not helpers:
        return []
    scanned = dict(pick_list.scans.order_by().values_list("scanned_by").annotate(n=Sum("quantity")))
    return [{"name": user.shown_name, "units": scanned.get(user.pk, 0)} for user in (pick_list.picker, *helpers)]


def _phase(context: dict[str, Any]) -> str:
    """Which of its faces the page shows; a poll that finds another one brings the whole page."""
    walk, staging = context["walk"], context["staging"]
    if walk.notices and context["mine"]:
        return "stopped"
    if not context["mine"]:
        return "others"
    if context["pick_list"].finished_at:
        return "finished"
    if context["serial_of"]:
        return f"serial-{context['serial_of']['line_id']}"
    if context["packing"]:
        return "packing"
    return f"staging-{staging.work.number}" if staging else "walking"


def _etag(request: StoreRequest, pick_list: PickList) -> str:
    drawn = (request.user.pk, get_language(), request.GET.get("stage", ""), PickList.objects.mark(pick_list.pk))
    return f'"{hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]}"'


def _region(request: StoreRequest, pick_list: PickList, **more: Any) -> HttpResponse:
    pick_list.refresh_from_db(fields=["finished_at"])
    return _whole(request, pick_list, page_of(request, pick_list) | more)


def _whole(request: StoreRequest, pick_list: PickList, context: dict[str, Any]) -> HttpResponse:
    response = fragment(request, f"{TEMPLATE}#whole", context, page=_url(pick_list))
    response["HX-Retarget"], response["HX-Reswap"] = "#pick", "outerHTML"
    return response


def _scanned(request: StoreRequest, pick_list: PickList, picked: FulfillmentLine, serial: str = "") -> HttpResponse:
    """The scanned line, and only where the scan finished the walk, everything."""
    walk = Walk(pick_list)
    line, row = walk.line(picked.pk), walk.row(picked.pk)
    assert row is not None, "the line that was scanned is on the walk"
    said = _("Picked %(picked)d of %(wanted)d · %(item)s") % {
        "picked": row.picked, "wanted": row.wanted, "item": line.variant.title,
    }  # fmt: skip
    if serial:
        said = _("Serial number %(serial)s · %(item)s") % {"serial": serial[:40], "item": line.variant.title}
    tote = line.fulfillment_order.tote if walk.is_wave else ""
    if not request.htmx:
        words = {"said": said, "tote": tote}
        messages.success(request, _("Tote %(tote)s. %(said)s") % words if tote else said)
        return redirect(PAGE, pick_list.number)
    if not walk.left or line.variant.is_serial_tracked:
        return _region(request, pick_list, status=said, sound="good", undo_line=line.pk, tote=tote)
    drawn = row.words()
    context = {
        "pick_list": pick_list, "walk": walk, "mine": True, "row": drawn, "status": said, "sound": "good", "tote": tote,
        "undo_line": line.pk, "next": walk.to_pick[0], "finished": drawn["state"] == "done",
    }  # fmt: skip
    response = fragment(request, f"{TEMPLATE}#scanned", context, page=_url(pick_list))
    response["HX-Reswap"] = "none"  # each part names its own place
    return response


def _staged_words(work: FulfillmentOrder) -> str:
    words = {"order": work.order.number, "shelf": work.shelf_code}
    if work.method == "ship":
        return _("Order %(order)s is on shelf %(shelf)s and waits to be packed.") % words
    return _("Order %(order)s is on shelf %(shelf)s. The customer is told that it is ready.") % words


def _url(pick_list: PickList) -> str:
    return reverse(PAGE, args=[pick_list.number])
