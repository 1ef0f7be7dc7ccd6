"""The packing table: scan each unit of a tote into its parcel, close the box, go on to its label."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory.places import StoreRequest
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from omni.core.web import at_location, fragment
from orders.models import Shipment
from orders.operations.pack import close_parcel, pack_rest, pack_unit, take_out
from orders.operations.unpack import unpack
from orders.pick_forms import LineForm, ScanForm, cleaned
from orders.views.packing import PackPage, parcel_here, work_here

TEMPLATE = "orders/pack.html"
PAGE = "orders:pack"


@at_location
def pack(request: StoreRequest, number: str) -> HttpResponse:
    """What is to pack, and how far it is."""
    page = PackPage(work_here(request, number))
    response = render(request, TEMPLATE, _context(page))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@at_location
def scan(request: StoreRequest, number: str) -> HttpResponse:
    """One unit, or one pack, goes into the open parcel."""
    work = work_here(request, number)
    values = cleaned(ScanForm(request.POST))
    row = pack_unit(number=work.number, code=values["code"], key=values["scan_key"] or None,
                    by=Actor.of(request.user), now=timezone.now())  # fmt: skip
    line = row.fulfillment_line
    said = _("Packed %(packed)d of %(wanted)d · %(item)s") % {
        "packed": line.packed_quantity, "wanted": line.picked_quantity, "item": line.order_line.title,
    }  # fmt: skip
    if not request.htmx:
        messages.success(request, said)
        return redirect(PAGE, number)
    page = PackPage(work_here(request, number))
    context = _context(page) | {"status": said, "sound": "good", "undo_line": line.pk}
    return fragment(request, f"{TEMPLATE}#region", context, page=reverse(PAGE, args=[number]))


@require_POST
@at_location
def undo(request: StoreRequest, number: str) -> HttpResponse:
    """One unit of a line goes back into the tote."""
    page = PackPage(work_here(request, number))
    if page.open is None:
        raise Refusal("parcel_closed", _("The parcel is closed. Unpack it to change what is in it."))
    line_id = cleaned(LineForm(request.POST))["line"]
    take_out(number=page.open.number, line_id=line_id, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Back in the tote: 1 unit"))
    return redirect(PAGE, number)


@require_POST
@at_location
def all_in(request: StoreRequest, number: str) -> HttpResponse:
    """Everything left in the tote goes into the open parcel with one tap, where HQ allows it."""
    page = PackPage(work_here(request, number))
    if page.must_scan:
        raise Refusal("scan_each", _("Scan every unit into its parcel."))
    pack_rest(number=page.work.number, by=Actor.of(request.user), now=timezone.now())
    return redirect(PAGE, number)


@require_POST
@at_location
def close(request: StoreRequest, number: str) -> HttpResponse:
    """The box is closed and weighed; next is its label, or the next parcel of the same order."""
    page = PackPage(work_here(request, number))
    if page.open is None:
        raise Refusal("parcel_closed", _("This parcel is closed already."))
    form = page.box_form(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, _context(page) | {"form": form}, status=422)
    parcel = close_parcel(number=page.open.number, box=form.box, by=Actor.of(request.user), now=timezone.now())
    if page.left:
        messages.success(request, _("Parcel %s is packed. Go on with the next one.") % parcel.number)
        return redirect(PAGE, number)
    return redirect("orders:parcel", parcel.number)


@require_POST
@at_location
def open_again(request: StoreRequest, number: str) -> HttpResponse:
    """Everything of a parcel goes back into its tote."""
    parcel = parcel_here(request, number)
    unpack(number=parcel.number, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Parcel %s is unpacked; its units are to be packed again.") % parcel.number)
    return redirect(PAGE, parcel.fulfillment_order.number)


def _context(page: PackPage) -> dict[str, Any]:
    other = page.open.packed_by if page.open else None
    return {
        "page": page, "work": page.work, "form": page.box_form() if page.open_count else None,
        "other": other, "packing": Shipment.Status.PACKING,
    }  # fmt: skip
