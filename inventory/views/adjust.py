"""Correct the number of one item, or set units of it aside; and what was corrected today."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inventory import shelves
from inventory.forms import AdjustForm, ScanForm
from inventory.looks import look
from inventory.models import Adjustment, Bucket, StockHeld, StockLevel, Variant
from inventory.models.adjustment import AWAY, SHELF
from inventory.operations.adjust import correct_shelf
from inventory.operations.book_adjustment import free_in_buckets
from inventory.operations.hold_apart import hold_apart
from inventory.operations.scanned_item import scanned_item
from inventory.operations.undo_adjustment import undo_adjustment, undo_since
from inventory.places import StoreRequest, may
from inventory.second_person import SecondPersonForm
from omni.core.actors import Actor
from omni.core.refusals import Invalid, Refusal
from omni.core.web import answer, at_location, refusals_shown

PAGE = "inventory:adjustments"
SHOWN = 100
ASKS = {"above_limit", "above_their_limit"}


@at_location
@refusals_shown
def adjustments(request: StoreRequest) -> HttpResponse:
    """A scan opens the item; below, what everybody corrected today."""
    if request.method == "POST":
        form = ScanForm(request.POST)
        if not form.is_valid():
            raise Invalid("code_required", _("Scan or type an item."))
        variant, _pack = scanned_item(form.cleaned_data["code"])
        return answer(request, reverse("inventory:adjust_item", args=[variant.sku]))
    now, location = timezone.now(), request.location
    today = now.astimezone(location.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # What was made just before midnight can still be taken back.
    since = min(today, undo_since(now))
    recent = location.adjustments.filter(made_at__gte=since).select_related("variant__product", "reason", "location")
    made = list(recent.order_by("-made_at", "-pk")[: SHOWN + 1])
    leads = may(request.user, "approve", location)
    rows = [_row(each, request, now, leads) for each in made[:SHOWN]]
    return render(request, "inventory/adjustments.html", {"rows": rows, "more": len(made) > SHOWN})


@at_location
def adjust_item(request: StoreRequest, sku: str) -> HttpResponse:
    """What the book says of this item here, and one form for what happened."""
    variant = get_object_or_404(Variant.objects.select_related("product"), sku=sku)
    if request.method != "POST":
        return _page(request, variant, AdjustForm())
    form = AdjustForm(request.POST)
    if not form.is_valid():
        return _page(request, variant, form, status=422)
    second = _second(request) if "second-approver" in request.POST else None
    approved_by = second.approve(timezone.now()) if second else None
    if second and approved_by is None:
        return _page(request, variant, form, second=second, status=422)
    try:
        with transaction.atomic():  # a refusal is drawn with the names of those who may approve
            made = _booked(request, variant, form.cleaned_data, approved_by)
    except Refusal as refusal:
        if refusal.code in ASKS:
            second = second or _second(request, drawn=True)
        return _page(request, variant, form, second=second, sentence=str(refusal), status=refusal.status)
    messages.success(request, f"{_words(made)} · {variant.title}")
    return redirect(PAGE)


@require_POST
@at_location
@refusals_shown
def undo(request: StoreRequest, adjustment_id: int) -> HttpResponse:
    """A correction of this store is taken back."""
    made = get_object_or_404(request.location.adjustments, pk=adjustment_id)
    undo_adjustment(
        adjustment_id=made.pk, is_lead=may(request.user, "approve", request.location), by=Actor.of(request.user),
        now=timezone.now(),
    )  # fmt: skip
    messages.info(request, _("Taken back: %s") % _words(made))
    return redirect(PAGE)


def _booked(request: StoreRequest, variant: Variant, entry: dict[str, Any], approved_by: Actor | None) -> Adjustment:
    what, units = entry["what"], entry["quantity"]
    reason = entry["reason"].code if entry["reason"] else ""
    act = {
        "variant_id": variant.pk, "location_id": request.location.pk, "note": entry["note"], "key": entry["scan_key"],
        "approved_by": approved_by, "by": Actor.of(request.user), "now": timezone.now(),
    }  # fmt: skip
    if what in (AdjustForm.MORE, AdjustForm.FEWER):
        signed = units if what == AdjustForm.MORE else -units
        return correct_shelf(quantity=signed, reason_code=reason, **act)
    if what == AdjustForm.ASIDE:
        return hold_apart(source=SHELF, target=entry["bucket"], quantity=units, **act)
    target = SHELF if what == AdjustForm.BACK else AWAY
    return hold_apart(source=entry["bucket"], target=target, quantity=units,
                      reason_code=reason if target == AWAY else "", **act)  # fmt: skip


def _second(request: StoreRequest, *, drawn: bool = False) -> SecondPersonForm:
    return SecondPersonForm(
        None if drawn else request.POST, capability="approve", location=request.location, other_than=request.user
    )


def _page(
    request: StoreRequest, variant: Variant, form: AdjustForm, *, second: SecondPersonForm | None = None,
    sentence: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    level = StockLevel.objects.filter(variant=variant, location=request.location).first()
    free = free_in_buckets(variant.pk, request.location.pk)
    held = StockHeld.objects.filter(variant=variant, location=request.location, quantity__gt=0).order_by("bucket")
    context = {
        "variant": variant, "level": level, "form": form, "second": second, "sentence": sentence,
        "look": look(variant.title, variant.options, variant.product.category),
        "bin": shelves.label(level.aisle, level.bin) if level else "",
        "held": [
            {"label": row.get_bucket_display(), "units": row.quantity, "bound": row.quantity - free.get(row.bucket, 0)}
            for row in held
        ],
    }  # fmt: skip
    return render(request, "inventory/adjust_item.html", context, status=status)


def _row(made: Adjustment, request: StoreRequest, now: datetime, leads: bool) -> dict[str, Any]:
    is_mine = made.maker_id == request.user.pk
    return {
        "id": made.pk, "title": made.variant.title, "sku": made.variant.sku, "words": _words(made),
        "reason": made.reason, "note": made.note, "made_at": made.made_at, "made_by": made.made_by,
        "approved_by": made.approved_by, "undone_by": made.undone_by, "is_undone": made.undone_at is not None,
        "can_undo": made.undone_at is None and (is_mine or leads) and made.made_at >= undo_since(now),
    }  # fmt: skip


def _words(made: Adjustment) -> str:
    """What was done, in few words: "2 units: Shelf → Damaged"."""
    units = ngettext("%d unit", "%d units", made.quantity) % made.quantity
    if made.source == AWAY:
        return _("%s found") % units
    if made.target == AWAY:
        if made.source == SHELF:
            return _("%s gone") % units
        return _("%(units)s written off: %(place)s") % {"units": units, "place": Bucket(made.source).label}
    return f"{units}: {made.get_source_display()} → {made.get_target_display()}"
