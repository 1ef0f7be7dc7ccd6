"""Counts on paper: blind sheets to walk with, and the result of a count to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from inventory import shelves
from inventory.models import CountSession, CycleCount, StockLevel
from inventory.models.count_line import LineState
from inventory.models.shelf import shelf_of
from inventory.places import StoreRequest
from omni.core.ui.words import signed
from omni.core.web import at_location

MOST = 1000  # rows on one print
EMPTY_ROWS = 14  # of an area that has no shelves of its own
FOUND_ROWS = 4  # on each sheet: for what lies there and is not on it
SHEETS, RESULT = "inventory/count_sheets.html", "inventory/count_result_print.html"


@at_location
def sheets(request: StoreRequest, session_id: int) -> HttpResponse:
    """A sheet for each aisle in the order of its bins, an empty one for each other area; no number on any.

    `?aisle=` prints one aisle, `?from=` goes on from there where one print does not take everything. Everything that
    has a shelf in the count is on it, also what the book says is gone.
    """
    session = _session(request, session_id)
    found = session.shelves()
    aisles = sorted(set(found.values_list("aisle", flat=True)), key=lambda aisle: shelves.walk(aisle, ""))
    chosen = request.GET.get("aisle")
    if chosen not in aisles:
        chosen = None
    else:
        found = found.filter(aisle=chosen)
    walk = sorted(found.values_list("pk", "aisle", "bin"), key=lambda row: (shelves.walk(row[1], row[2]), row[0]))
    part = _part(request, len(walk))
    ids = [pk for pk, _aisle, _bin in walk[part.rows]]
    levels = found.select_related("variant__product").in_bulk(ids)
    filled = _sheets([_row(levels[pk]) for pk in ids])
    named = {sheet["title"] for sheet in filled} | {_aisle_words(aisle) for aisle in aisles}
    others = []
    if chosen is None and part.is_last:
        others = [area.name for area in session.areas.order_by("pk") if area.name not in named]
    hint = _("Print one part after the other, or one aisle at a time.") if len(aisles) > 1 else ""
    return _draw(
        request, title=str(session), back="inventory:count_session", back_id=session.pk,
        sheets=filled + [{"title": name, "rows": [], "empty": range(EMPTY_ROWS)} for name in others],
        part=part, hint=hint, chosen=chosen, aisles=aisles if len(aisles) > 1 else [],
    )  # fmt: skip


@at_location(capability="count")
def list_sheet(request: StoreRequest) -> HttpResponse:
    """What waits to be counted, on paper; where one print does not take everything, what waits longest is on the first
    and `?from=` goes on."""
    waiting = CycleCount.objects.open_at(request.location)
    part = _part(request, waiting.count())
    tasks = list(waiting.with_shelf()[part.rows])
    tasks.sort(key=lambda task: (shelves.walk(task.aisle, task.bin), task.pk))  # type: ignore[attr-defined]
    return _draw(request, title=_("Count list"), back="inventory:counts", back_id=None, part=part,
                 sheets=_sheets([_row(task) for task in tasks]),
                 hint=_("What waits longest is on the first part."))  # fmt: skip


@at_location(capability="staff")
def result(request: StoreRequest, session_id: int) -> HttpResponse:
    """What the count found, what of it was booked, by whom it was decided; with places to sign."""
    session = _session(request, session_id)
    is_compared = session.status != CountSession.Status.OPEN
    different = session.lines.exclude(state=LineState.MATCHES).exclude(delta=0, counted__isnull=False)
    shown = different.select_related("variant__product").annotate(**shelf_of()).by_value()
    areas = session.areas.select_related("done_by").annotate(units=Sum("scans__quantity", default=0)).order_by("pk")
    context = {
        "session": session, "areas": list(areas), "is_compared": is_compared,
        "lines": [_line(line) for line in shown[:MOST]] if is_compared else [],
        "left": max(0, different.count() - MOST) if is_compared else 0,
        "totals": _totals(session) if is_compared else {},
        "people": _people(session),
    }  # fmt: skip
    return render(request, RESULT, context)


def _session(request: StoreRequest, session_id: int) -> CountSession:
    return get_object_or_404(CountSession.objects.select_related("location"), pk=session_id, location=request.location)


@dataclass(frozen=True)
class _Part:
    """The rows of one print, of `count`; `most` on each."""

    start: int
    count: int
    most: int

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + self.most)

    @property
    def is_last(self) -> bool:
        return self.start + self.most >= self.count

    @property
    def words(self) -> str:
        """Which rows these are; nothing where they are all."""
        if self.count <= self.most:
            return ""
        return _("items %(first)d to %(last)d of %(all)d") % (self._ends(self.start) | {"all": self.count})

    def chips(self, aisle: str | None) -> list[dict[str, Any]]:
        """A link to each part."""
        if self.count <= self.most:
            return []
        kept = {} if aisle is None else {"aisle": aisle}
        return [
            {"label": _("%(first)d to %(last)d") % self._ends(start), "current": start == self.start,
             "url": f"?{urlencode(kept | {'from': start + 1})}"}
            for start in range(0, self.count, self.most)
        ]  # fmt: skip

    def _ends(self, start: int) -> dict[str, int]:
        return {"first": start + 1, "last": min(start + self.most, self.count)}


def _part(request: StoreRequest, count: int) -> _Part:
    """The one that has the item `?from=`; the first one for what is no such item."""
    asked = request.GET.get("from", "")
    start = int(asked) - 1 if asked.isdecimal() and len(asked) < 10 else 0
    return _Part(start // MOST * MOST if 0 < start < count else 0, count, MOST)


def _draw(
    request: StoreRequest, *, title: str, back: str, back_id: int | None, part: _Part, chosen: str | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {"title": title, "back": back, "back_id": back_id, "location": request.location, "chosen": chosen,
               "span": part.words, "parts": part.chips(chosen)} | more  # fmt: skip
    return render(request, SHEETS, context | {"found": range(FOUND_ROWS), "of": len(context["sheets"])})


def _row(thing: StockLevel | CycleCount) -> dict[str, Any]:
    """An item at its place; never how many there should be."""
    aisle, bin = str(thing.aisle), str(thing.bin)  # type: ignore[union-attr]
    return {"aisle": aisle, "bin": shelves.label(aisle, bin) or _("No bin"), "title": thing.variant.title,
            "sku": thing.variant.sku}  # fmt: skip


def _sheets(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"title": _aisle_words(aisle), "rows": list(of)} for aisle, of in groupby(rows, lambda row: row["aisle"])]


def _aisle_words(aisle: str) -> str:
    """As the areas of a count are named."""
    return _("Aisle %s") % aisle if aisle else _("Without an aisle")


def _line(line: Any) -> dict[str, Any]:
    return {
        "bin": shelves.label(line.aisle, line.bin), "title": line.variant.title, "sku": line.variant.sku,
        "state": line.get_state_display(), "counted": line.counted, "expected": line.expected,
        "delta": signed(line.delta) if line.counted is not None else "", "value": line.value,
        "decided_by": line.decided_by, "reason": line.reason, "again": line.is_second_look,
    }  # fmt: skip


def _totals(session: CountSession) -> dict[str, Any]:
    """Items that were counted and fit, and what of the differences was booked: up, down, and their value."""
    booked = Q(state=LineState.BOOKED)
    found = session.lines.aggregate(
        items=Count("pk", filter=Q(counted__isnull=False)),
        fitting=Count("pk", filter=Q(counted__isnull=False, delta=0)),
        uncounted=Count("pk", filter=Q(counted__isnull=True)),
        open=Count("pk", filter=Q(settled_at=None)),
        booked=Count("pk", filter=booked & ~Q(delta=0)),
        up=Sum("delta", filter=booked & Q(delta__gt=0), default=0),
        down=Sum("delta", filter=booked & Q(delta__lt=0), default=0),
        gain=Sum("value", filter=booked & Q(delta__gt=0), default=Decimal(0)),
        loss=Sum("value", filter=booked & Q(delta__lt=0), default=Decimal(0)),
    )
    exact = round(100 * found["fitting"] / found["items"], 1) if found["items"] else None
    return found | {"exact": exact, "up": signed(found["up"]), "down": signed(found["down"])}


def _people(session: CountSession) -> list[str]:
    """Who counted, people and machines."""
    actors = session.scans.order_by("actor").values_list("actor", flat=True).distinct()
    return [actor.removeprefix("key:") for actor in actors if not actor.startswith("system:")]
