"""One transfer, from either end: pick and send here, receive there, each by scans that count once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inventory import shelves
from inventory.looks import look
from inventory.models import StockLevel, Transfer, TransferScan
from inventory.models.shelf import shelf_of
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer, decline_transfer
from inventory.operations.pick_transfer import pick_for_transfer, ship_transfer, unpick_for_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan, unreceive_scan
from inventory.places import StoreRequest, may
from inventory.transfer_forms import (
    REST_LOST,
    REST_MISSING,
    AnswerForm,
    ArrivalScanForm,
    FinishForm,
    ReasonForm,
    ShipForm,
)
from inventory.views.transfers import TONES
from omni.core.actors import Actor
from omni.core.kept import kept_offline
from omni.core.refusals import Invalid, NotAllowed
from omni.core.web import at_location, fragment

PAGE = "inventory:transfer"
TEMPLATE = "inventory/transfer.html"
LAST = 6
Kind = TransferScan.Kind


@kept_offline
@at_location
def transfer(request: StoreRequest, number: str) -> HttpResponse:
    """What this store can do with it now."""
    return render(request, TEMPLATE, _context(request, _here(request, number), _kind(request.GET.get("as"))))


@require_POST
@at_location
def scan(request: StoreRequest, number: str) -> HttpResponse:
    """A unit into the box, or out of it."""
    found = _here(request, number)
    form = ArrivalScanForm(request.POST)
    if not form.is_valid():
        raise Invalid("code_required", _("Scan or type an item."))
    entry = form.cleaned_data
    who: dict[str, Any] = {"number": number, "by": Actor.of(request.user), "now": timezone.now()}
    kind = _kind(entry["kind"])
    if found.from_location_id == request.location.pk and found.is_at_sender:
        done = pick_for_transfer(code=entry["code"], key=entry["scan_key"], **who)
    elif found.to_location_id == request.location.pk:
        done = receive_scan(code=entry["code"], key=entry["scan_key"], kind=kind, **who)
    else:
        raise Invalid("not_yours", _("Only the store that receives it scans it now."))
    line = done.line
    arrived = line.received_quantity + line.damaged_quantity
    so_far = (line.picked_quantity, line.approved_quantity) if done.kind == Kind.PICK else (
        arrived, line.shipped_quantity)  # fmt: skip
    said = _("%(what)s %(done)d of %(all)d · %(item)s") % {
        "what": done.get_kind_display(), "done": so_far[0], "all": so_far[1], "item": line.variant.title,
    }  # fmt: skip
    if not request.htmx:
        messages.success(request, said)
    context = _context(request, _here(request, number), kind) | {"status": said}
    page = reverse(PAGE, args=[number]) + ("" if kind == Kind.GOOD else f"?as={kind}")
    return fragment(request, f"{TEMPLATE}#region", context, page=page)


@require_POST
@at_location
def undo(request: StoreRequest, number: str) -> HttpResponse:
    """The last scan was wrong."""
    found = _here(request, number)
    chosen = request.POST.get("scan", "")
    taken = found.scans.filter(pk=chosen if chosen.isdecimal() and len(chosen) < 18 else 0).first()
    if taken is None:
        raise Invalid("unknown_scan", _("No such scan is part of this transfer."))
    mine = found.from_location_id if taken.kind == Kind.PICK else found.to_location_id
    if mine != request.location.pk:
        raise Invalid("not_yours", _("That was scanned at the other store."))
    back = unpick_for_transfer if taken.kind == Kind.PICK else unreceive_scan
    done = back(number=number, scan_id=taken.pk, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Taken back: %s") % done.line.variant.title)
    return redirect(PAGE, number)


@require_POST
@at_location(capability="approve")
def answer(request: StoreRequest, number: str) -> HttpResponse:
    """The sender's lead says yes, with how many, or no, with why."""
    found = _here(request, number, as_sender=True)
    by, now = Actor.of(request.user), timezone.now()
    if request.POST.get("act") == "decline":
        decline_transfer(number=number, reason=_reason(request), by=by, now=now)
        messages.info(request, _("Declined. %s is told why.") % found.to_location.name)
        return redirect("inventory:transfers")
    form = AnswerForm(request.POST, lines=_lines(found), there={})
    if not form.is_valid():
        raise Invalid("bad_quantity", _("Between nothing and what was asked for."))
    approve_transfer(number=number, units=form.units, by=by, now=now)
    messages.success(request, _("Approved. These units are kept until the box leaves."))
    return redirect(PAGE, number)


@require_POST
@at_location
def ship(request: StoreRequest, number: str) -> HttpResponse:
    """The box leaves."""
    _here(request, number, as_sender=True)
    form = ShipForm(request.POST)
    missing = form.is_valid() and form.cleaned_data["rest"] == REST_MISSING
    ship_transfer(number=number, is_rest_missing=missing, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("It has left. Put the slip into the box."))
    return redirect(PAGE, number)


@require_POST
@at_location
def finish(request: StoreRequest, number: str) -> HttpResponse:
    """All that came is scanned."""
    found = _here(request, number)
    if found.to_location_id != request.location.pk:
        raise Invalid("not_yours", _("Only the store that receives it can finish it."))
    form = FinishForm(request.POST)
    lost = form.is_valid() and form.cleaned_data["rest"] == REST_LOST
    if lost and not may(request.user, "approve", request.location):
        raise NotAllowed("not_allowed", _("A store lead says what is lost. Ask one, or keep expecting it."))
    done = finish_receiving(number=number, is_rest_lost=lost, by=Actor.of(request.user), now=timezone.now())
    if done.status == Transfer.Status.RECEIVED:
        messages.success(request, _("Received. What arrived in good order can be sold."))
    else:
        messages.warning(request, _("Noted. What is missing stays on the list of what comes."))
    return redirect(PAGE, number)


@require_POST
@at_location(capability="approve")
def cancel(request: StoreRequest, number: str) -> HttpResponse:
    """Not wanted, or not possible after all; until it left."""
    _here(request, number)
    cancel_transfer(number=number, reason=_reason(request), by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Cancelled. What was kept for it can be sold again."))
    return redirect("inventory:transfers")


@require_safe
@at_location
def slip(request: StoreRequest, number: str) -> HttpResponse:
    """Goes into the box: the receiver scans its barcode."""
    found = _here(request, number)
    return render(request, "inventory/transfer_slip.html", {"transfer": found, "lines": _lines(found)})


def _here(request: StoreRequest, number: str, *, as_sender: bool = False) -> Transfer:
    both = Transfer.objects.select_related("from_location", "to_location")
    found = get_object_or_404(both, number=number)
    sides = [found.from_location_id] if as_sender else [found.from_location_id, found.to_location_id]
    return found if request.location.pk in sides else get_object_or_404(both.none())


def _reason(request: StoreRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid("reason_required", _("Say why, so that the other store knows."))
    return str(form.cleaned_data["reason"])


def _kind(text: str | None) -> str:
    return text if text in (Kind.DAMAGED, Kind.OVER) else Kind.GOOD


def _lines(found: Transfer) -> list[Any]:
    lines = found.lines.select_related("variant__product").prefetch_related("variant__barcodes")
    return list(lines.annotate(**shelf_of(location="transfer__from_location_id")).order_by("pk"))


def _context(request: StoreRequest, found: Transfer, kind: str) -> dict[str, Any]:
    lines, here = _lines(found), request.location
    sends, leads = found.from_location_id == here.pk, may(request.user, "approve", here)
    picks, receives = sends and found.keeps_units, not sends and found.status == Transfer.Status.IN_TRANSIT
    page = reverse(PAGE, args=[found.number])
    scans = found.scans.standing().filter(kind=Kind.PICK) if picks else found.scans.standing().exclude(kind=Kind.PICK)
    last = scans.select_related("line__variant__product").order_by("-pk")[:LAST] if picks or receives else []
    there = dict(
        StockLevel.objects.filter(location=found.from_location_id, variant__in=[line.variant_id for line in lines])
        .values_list("variant_id", "on_hand")
    ) if sends else {}  # fmt: skip
    rows = [_row(line, picks) for line in lines]
    wanted, done = sum(row["wanted"] for row in rows), sum(row["picked"] for row in rows)
    return {
        "transfer": found, "location": here, "sends": sends, "leads": leads, "picks": picks, "receives": receives,
        "rows": sorted(rows, key=lambda row: (row["state"] == "done", row["walk"])), "last": list(last),
        "answers": sends and leads and found.status == Transfer.Status.REQUESTED,
        "answer_form": AnswerForm(lines=lines, there=_free(here, there)), "kind": kind, "wanted": wanted, "done": done,
        "missing": wanted - done if (picks or receives) else 0, "ship_form": ShipForm(), "finish_form": FinishForm(),
        "differences": _differences(rows), "difference_columns": _columns(),
        "tone": TONES[Transfer.Status(found.status)],
        "other": found.to_location if sends else found.from_location, "is_late": found.is_late(timezone.now()),
        "kinds": [
            {"label": label, "url": page if value == Kind.GOOD else f"{page}?as={value}", "current": kind == value}
            for value, label in ((Kind.GOOD, _("In good order")), (Kind.DAMAGED, Kind.DAMAGED.label),
                                 (Kind.OVER, Kind.OVER.label))
        ],
        "hidden": [{"name": "kind", "value": kind}] if receives else [],
    }  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    words = (_("Sent"), _("Good"), _("Damaged"), _("Lost"), _("Not here yet"), _("More than sent"))
    return [{"label": _("Item")}, *({"label": word, "number": True} for word in words)]


def _differences(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What did not arrive as it was sent."""
    names = ("title", "shipped", "received", "damaged", "lost", "under_way", "over")
    return [[{"text": row[name]} for name in names] for row in rows if row["differs"]]


def _free(here: Any, there: dict[int, int]) -> dict[int, int]:
    """What the sender has and nobody was promised."""
    kept = StockLevel.objects.filter(location=here, variant__in=there).values_list("variant_id", "on_hand", "reserved")
    return {variant: on_hand - reserved for variant, on_hand, reserved in kept}


def _row(line: Any, picks: bool) -> dict[str, Any]:
    variant, arrived = line.variant, line.received_quantity + line.damaged_quantity
    shipped = line.shipped_quantity
    wanted = shipped or line.approved_quantity or line.requested_quantity
    picked = arrived if shipped else line.picked_quantity
    place = shelves.label(line.aisle, line.bin) if picks else ""
    return {
        "id": f"line-{line.pk}", "sku": variant.sku, "bin": place or ("—" if not picks else _("No bin")),
        **look(variant.title, variant.options, variant.product.category), "wanted": wanted, "picked": picked,
        "walk": shelves.walk(line.aisle, line.bin), "state": "done" if wanted and picked >= wanted else "",
        "note": _("for an order") if line.demand_key else "",
        "requested": line.requested_quantity, "shipped": shipped, "received": line.received_quantity,
        "damaged": line.damaged_quantity, "lost": line.lost_quantity, "over": line.over_quantity,
        "under_way": line.in_transit_quantity,
        "differs": line.differs or (line.transfer_id and 0 < arrived < shipped),
        "codes": variant.codes if picked < wanted else [],
    }  # fmt: skip
