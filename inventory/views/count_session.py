"""Count together: choose an area, scan what lies there, take a scan back, look at an item again. Blind all the way."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import shelves
from inventory.forms import CountForm, CountScanForm
from inventory.looks import look
from inventory.models import CountArea, CountScan, CountSession
from inventory.models.shelf import shelf_of
from inventory.operations.count_scans import count_again, finish_area, reopen_area, scan_item, undo_scan
from inventory.operations.count_tags import count_tags
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.kept import done_at, kept_offline
from omni.core.refusals import Invalid
from omni.core.web import at_location, fragment

LAST = 8
SHOWN = 200


@at_location
def sessions(request: StoreRequest) -> HttpResponse:
    """What is being counted here, and what was counted lately."""
    here = CountSession.objects.filter(location=request.location)
    ended = list(here.exclude(status__in=CountSession.AT_WORK).order_by("-started_at")[:10])
    leads = may(request.user, "staff", request.location)
    context = {"open": list(CountSession.objects.open_at(request.location)), "ended": ended, "leads": leads}
    return render(request, "inventory/count_sessions.html", context)


@kept_offline
@at_location
def session(request: StoreRequest, session_id: int) -> HttpResponse:
    """Its areas with who was there, and what has to be looked at again."""
    found = _session(request, session_id)
    areas = found.areas.annotate(
        units=Sum("scans__quantity", default=0), people=Count("scans__person", distinct=True),
    ).order_by("pk")  # fmt: skip
    again = found.lines.to_count_again().select_related("variant__product").annotate(**shelf_of())[:SHOWN]
    context = {
        "session": found, "areas": list(areas), "done": sum(area.done_at is not None for area in areas),
        "again": [_row(line) for line in again], "leads": may(request.user, "staff", request.location),
    }  # fmt: skip
    return render(request, "inventory/count_session.html", context)


@kept_offline
@at_location
def area(request: StoreRequest, session_id: int, area_id: int) -> HttpResponse:
    """Scan here."""
    return render(request, "inventory/count_area.html", _page(_area(request, session_id, area_id)))


@require_POST
@at_location
def scan(request: StoreRequest, session_id: int, area_id: int) -> HttpResponse:
    """One scan, saved on its own under its key."""
    where = _area(request, session_id, area_id)
    form, now = CountScanForm(request.POST), timezone.now()
    if not form.is_valid():
        raise Invalid("bad_scan", " ".join(str(error) for errors in form.errors.values() for error in errors))
    entry = form.cleaned_data
    done = scan_item(
        area_id=where.pk, code=entry["code"], units=entry["units"], by=Actor.of(request.user), now=now,
        at=done_at(request, now), key=entry["scan_key"],
    )  # fmt: skip
    title = done.scan.variant.title
    if done.is_late:
        said, tone = _("%s is settled already. It is on the list to be counted anew.") % title, "warn"
    else:
        said, tone = _("%(n)d · %(item)s") % {"n": done.scan.quantity, "item": title}, "done"
    if not request.htmx:
        messages.success(request, said)
    page = reverse("inventory:count_area", args=[session_id, area_id])
    context = _page(where) | {"status": said, "tone": tone, "here": _units(where, done.scan.variant_id)}
    return fragment(request, "inventory/count_area.html#region", context, page=page)


@require_POST
@at_location
def undo(request: StoreRequest, session_id: int) -> HttpResponse:
    """Take one of this count's scans back."""
    found = _session(request, session_id)
    scan_id = request.POST.get("scan", "")
    taken = found.scans.exclude(area=None).filter(pk=scan_id if scan_id.isdecimal() else 0).first()
    if taken is None:
        raise Invalid("unknown_scan", _("No such scan is part of this count."))
    undo_scan(scan_id=taken.pk, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Taken back: %s") % taken.variant.title)
    return redirect("inventory:count_area", session_id, taken.area_id)


@require_POST
@at_location
def done(request: StoreRequest, session_id: int, area_id: int) -> HttpResponse:
    """The area is walked; or there is more to count after all."""
    where = _area(request, session_id, area_id)
    if request.POST.get("again"):
        reopen_area(area_id=where.pk, by=Actor.of(request.user))
        return redirect("inventory:count_area", session_id, area_id)
    finish_area(area_id=where.pk, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("Done: %s") % where.name)
    return redirect("inventory:count_session", session_id)


@require_POST
@at_location
def tags(request: StoreRequest, session_id: int, area_id: int) -> HttpResponse:
    """A file of radio tags, one a line; what could not be taken is told by line."""
    where, file = _area(request, session_id, area_id), request.FILES.get("file")
    text = file.read(4_000_000).decode("utf-8", "replace") if file else request.POST.get("epcs", "")
    epcs = [line.split(",")[0].strip().strip('"') for line in text.splitlines() if line.strip()]
    if epcs and epcs[0].lower() == "epc":
        epcs = epcs[1:]
    read = count_tags(area_id=where.pk, epcs=epcs, by=Actor.of(request.user), now=timezone.now())
    messages.success(request, _("%(n)d tags counted, %(known)d were counted already.")
                     % {"n": read.counted, "known": read.known})  # fmt: skip
    for line, epc, why in read.problems[:20]:
        messages.warning(request, _("Line %(line)d, %(epc)s: %(why)s") % {"line": line, "epc": epc, "why": why})
    return redirect("inventory:count_area", session_id, area_id)


@kept_offline
@at_location
def again(request: StoreRequest, session_id: int, line_id: int) -> HttpResponse:
    """All units of one item anew, blind like the first time."""
    found = _session(request, session_id)
    line = get_object_or_404(found.lines.select_related("variant__product").annotate(**shelf_of()), pk=line_id)
    form, now = CountForm(request.POST or None), timezone.now()
    if form.is_valid():
        count_again(
            line_id=line.pk, counted=form.cleaned_data["quantity"], by=Actor.of(request.user), now=now,
            at=done_at(request, now), key=form.cleaned_data["scan_key"],
        )  # fmt: skip
        messages.success(request, _("Counted again: %s") % line.variant.title)
        return redirect("inventory:count_session", session_id)
    context = {"form": form, "row": _row(line), "session": found}
    return render(request, "inventory/count_again.html", context, status=422 if form.is_bound else 200)


def _session(request: StoreRequest, session_id: int) -> CountSession:
    return get_object_or_404(CountSession, pk=session_id, location=request.location)


def _area(request: StoreRequest, session_id: int, area_id: int) -> CountArea:
    areas = CountArea.objects.select_related("session", "done_by").filter(session__location=request.location)
    return get_object_or_404(areas, pk=area_id, session=session_id)


def _page(where: CountArea) -> dict[str, Any]:
    scans = CountScan.objects.filter(area=where)
    last = scans.filter(undoes=None, undone_by=None).select_related("variant__product", "person")
    return {
        "area": where, "session": where.session, "last": list(last.order_by("-pk")[:LAST]),
        "units": scans.aggregate(n=Sum("quantity", default=0))["n"],
    }  # fmt: skip


def _units(where: CountArea, variant_id: int) -> int:
    """How many of this item were counted in this area; never how many there should be."""
    return CountScan.objects.filter(Q(area=where), variant=variant_id).aggregate(n=Sum("quantity", default=0))["n"]


def _row(line: Any) -> dict[str, Any]:
    variant = line.variant
    return {
        "id": line.pk, "bin": shelves.label(line.aisle, line.bin) or _("No bin"), "sku": variant.sku,
        "reason": line.get_state_display(), **look(variant.title, variant.options, variant.product.category),
    }  # fmt: skip
