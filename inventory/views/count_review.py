"""A lead begins a count, looks through what it found, decides and books."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from inventory.forms import StartCountForm
from inventory.models import CountSession, StockLevel
from inventory.models.count_line import LineState
from inventory.operations.count_session import cancel_count, compare_again, end_counting, start_count
from inventory.operations.decide_count import FITS, book_count, decide_lines
from inventory.places import StoreRequest, may
from omni.core.actors import Actor
from omni.core.csv_download import csv_download
from omni.core.ui.words import signed
from omni.core.web import at_location

SHOWN = 100
LONGEST_ID = 18  # digits; more is no row of any table
REVIEW = "inventory:count_review"
WORDS = {
    "approve": gettext_lazy("Approve"),
    "refuse": gettext_lazy("Refuse"),
    "recount": gettext_lazy("Count again"),
    "zero": gettext_lazy("There is none"),
    "leave": gettext_lazy("Leave as it is"),
}
COLUMNS = (
    "sku", "title", "state", "counted", "expected", "difference", "value", "scanned_at", "decided_by", "reason",
)  # fmt: skip


@at_location(capability="staff")
def start(request: StoreRequest) -> HttpResponse:
    """What shall be counted."""
    here = StockLevel.objects.filter(location=request.location)
    paths = here.exclude(variant__product__category="").values_list("variant__product__category", flat=True).distinct()
    aisles = sorted(here.exclude(aisle="").values_list("aisle", flat=True).distinct())
    form = StartCountForm(request.POST or None, categories=_departments(paths), aisles=aisles)
    if form.is_valid():
        entry = form.cleaned_data
        begun = start_count(
            location=request.location, category=entry["category"], aisles=entry["aisles"],
            areas=entry["areas"].split(","), by=Actor.of(request.user), now=timezone.now(),
        )  # fmt: skip
        return redirect("inventory:count_session", begun.pk)
    return render(request, "inventory/start_count.html", {"form": form}, status=422 if form.is_bound else 200)


@at_location(capability="staff")
def review(request: StoreRequest, session_id: int) -> HttpResponse:
    """Progress by area, and the differences of the greatest value first."""
    session = _session(request, session_id)
    counts = dict(session.lines.order_by().values_list("state").annotate(n=Count("pk")))
    chosen = request.GET.get("state", "")
    lines = session.lines.select_related("variant__product").by_value()
    lines = lines.filter(state=chosen) if chosen in counts else lines.exclude(state=LineState.MATCHES)
    page = reverse(REVIEW, args=[session.pk])
    areas = list(session.areas.select_related("done_by").annotate(units=Sum("scans__quantity", default=0)))
    totals = session.lines.filter(state=LineState.BOOKED).aggregate(units=Sum("delta", default=0), n=Count("pk"))
    context = {
        "session": session, "areas": areas, "done": sum(area.done_at is not None for area in areas),
        "lines": [_line(line) for line in lines[:SHOWN]], "more": sum(counts.values()) > SHOWN, "chosen": chosen,
        "chips": [{"label": _("Everything else than expected"), "url": page, "current": not chosen}] + [
            {"label": state.label, "url": f"{page}?state={state}", "count": counts[state], "current": chosen == state}
            for state in LineState if state in counts
        ],
        "acts": [(act, WORDS[act]) for act, fits in FITS.items() if not chosen or chosen in fits], "totals": totals,
        "to_book": counts.get(LineState.READY, 0), "approves": may(request.user, "adjust", request.location),
    }  # fmt: skip
    return render(request, "inventory/count_review.html", context)


@require_POST
@at_location(capability="staff")
def decide(request: StoreRequest, session_id: int) -> HttpResponse:
    """About the chosen items, or all of a state."""
    session, state = _session(request, session_id), request.POST.get("state", "")
    ids = [int(each) for each in request.POST.getlist("line") if each.isdecimal() and len(each) <= LONGEST_ID]
    if request.POST.get("all") and state:
        ids = list(session.lines.filter(state=state, settled_at=None).values_list("pk", flat=True))
    n = decide_lines(
        session_id=session.pk, ids=ids, act=request.POST.get("act", ""), reason=request.POST.get("reason", ""),
        by=Actor.of(request.user), now=timezone.now(), approves=may(request.user, "adjust", request.location),
    )  # fmt: skip
    messages.success(request, _("Decided: %d") % n)
    return redirect(f"{reverse(REVIEW, args=[session.pk])}{f'?state={state}' if state in LineState.values else ''}")


@require_POST
@at_location(capability="staff")
def end(request: StoreRequest, session_id: int) -> HttpResponse:
    """The counting is over; or weigh once more what is open."""
    session, by, now = _session(request, session_id), Actor.of(request.user), timezone.now()
    if session.status == CountSession.Status.OPEN:
        end_counting(session_id=session.pk, by=by, now=now)
    else:
        compare_again(session_id=session.pk, by=by, now=now)
    return redirect(REVIEW, session.pk)


@require_POST
@at_location(capability="staff")
def book(request: StoreRequest, session_id: int) -> HttpResponse:
    """What is decided becomes stock; the rest goes on waiting."""
    session = _session(request, session_id)
    n = book_count(session_id=session.pk, by=Actor.of(request.user), now=timezone.now())
    left = session.lines.filter(settled_at=None).count()
    messages.success(request, _("Settled: %(n)d. Still open: %(left)d.") % {"n": n, "left": left})
    return redirect(REVIEW, session.pk)


@require_POST
@at_location(capability="staff")
def cancel(request: StoreRequest, session_id: int) -> HttpResponse:
    """Nothing more of it is booked."""
    session = _session(request, session_id)
    cancel_count(session_id=session.pk, by=Actor.of(request.user), now=timezone.now())
    messages.info(request, _("Cancelled: %s") % session)
    return redirect("inventory:count_sessions")


@at_location(capability="staff")
def download(request: StoreRequest, session_id: int) -> HttpResponseBase:
    """Every item of the count, for a spreadsheet."""
    session = _session(request, session_id)
    return csv_download(name=f"count-{session.pk}.csv", header=COLUMNS, rows=_rows(session))


def _rows(session: CountSession) -> Iterator[list[Any]]:
    for line in session.lines.select_related("variant__product").by_value().iterator(chunk_size=2000):
        yield [line.variant.sku, line.variant.title, line.state, line.counted, line.expected, line.delta, line.value,
               line.last_at.isoformat(), line.decided_by, line.reason]  # fmt: skip


def _session(request: StoreRequest, session_id: int) -> CountSession:
    return get_object_or_404(CountSession, pk=session_id, location=request.location)


def _departments(paths: Any) -> list[str]:
    """Each path, and each one above it."""
    found: set[str] = set()
    for path in paths:
        parts = path.split(" > ")
        found |= {" > ".join(parts[: n + 1]) for n in range(len(parts))}
    return sorted(found)


def _line(line: Any) -> dict[str, Any]:
    tones = {"booked": "done", "matches": "done", "ready": "info", "refused": "info", "left": "info"}
    return {
        "id": line.pk, "title": line.variant.title, "sku": line.variant.sku, "state": line.get_state_display(),
        "tone": tones.get(line.state, "warn"), "counted": "—" if line.counted is None else line.counted,
        "expected": line.expected, "delta": signed(line.delta), "value": line.value, "open": line.settled_at is None,
        "decided_by": line.decided_by, "reason": line.reason,
    }  # fmt: skip
