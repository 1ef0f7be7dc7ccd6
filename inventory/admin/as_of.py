"""What was it on Tuesday at 14:00, and who changed it: one shelf, and a whole location, as of a moment."""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.as_of import Then, changed_last, course, location_as_of, shelves_as_of
from inventory.models import Location, StockLevel, StockMovement, Variant
from omni.core.csv_download import csv_download
from omni.core.hq.show import list_url, moment, page_url
from omni.core.ui.words import signed

SPAN, POINTS = timedelta(days=30), 61
TICKS = 5
AROUND = 10  # movements before and after the moment
SHOWN = 50  # shelves in the table; the download has them all
AT_ONCE = 500  # titles that a download looks up together
FORMAT = "%Y-%m-%dT%H:%M"
HEADER = ("sku", "item", "by the book then", "as known today", "now", "changed since")


class MomentForm(forms.Form):
    """A moment on the location's clock; now where none is given."""

    at = forms.DateTimeField(
        label=gettext_lazy("As of"), required=False, input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=FORMAT),
        help_text=gettext_lazy("On the location's clock."),
    )  # fmt: skip

    def __init__(self, data: Any, *, place: Location) -> None:
        super().__init__(data)
        self.place = place

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is None:
            return None
        at = at.replace(tzinfo=self.place.zone)
        if at > timezone.now():
            raise forms.ValidationError(_("That is still to come."))
        return at


Shelf = tuple[int, int]


def shelf_page(request: HttpRequest, level: StockLevel, base: dict[str, Any]) -> HttpResponse:
    """Units then and now, the course of the last 30 days, who changed it last, and the movements around the moment."""
    place, variant, now = level.location, level.variant, timezone.now()
    form, at = _asked(request, place, now)
    shelf = (variant.pk, place.pk)
    then = shelves_as_of(variants=[variant.pk], locations=[place.pk], at=at)[shelf]
    values = course(shelf, now=now, span=SPAN, points=POINTS)
    days = [now - SPAN + SPAN * (2 * n + 1) / (2 * TICKS) for n in range(TICKS)]
    return render(request, "admin/hq/as_of_shelf.html", base | {
        "title": _("%(item)s at %(place)s, as of a moment") % {"item": variant.title, "place": place.name},
        "form": form, "at": _words(at, place), "then": then, "last": _last(shelf, at), "place": place,
        "values": values, "ticks": [date_format(day.astimezone(place.zone), "M j") for day in days],
        "numbers": [(_words(now - SPAN + SPAN * n / (POINTS - 1), place), f"{values[n]:,}")
                    for n in range(POINTS - 1, -1, -2)],
        "around": _around(shelf, place, at), "level_url": page_url("inventory.stocklevel", level.pk),
        "ledger_url": list_url("inventory.stockmovement", variant__id__exact=variant.pk, location__id__exact=place.pk),
    })  # fmt: skip


def location_page(request: HttpRequest, place: Location, base: dict[str, Any]) -> HttpResponse:
    """The whole location then and now, and the shelves that changed most since."""
    form, at = _asked(request, place, timezone.now())
    booked = known = units = shelves = changed = 0
    most = _Most(SHOWN)
    for then in location_as_of(place.pk, at):
        booked, known, units, shelves = booked + then.booked, known + then.known, units + then.now, shelves + 1
        changed += then.booked != then.now
        most.look(then)
    variants = Variant.objects.select_related("product").in_bulk([then.variant_id for then in most.found])
    rows = [(variants[then.variant_id], then, signed(then.now - then.booked)) for then in most.found]
    return render(request, "admin/hq/as_of_location.html", base | {
        "title": _("%s as of a moment") % place.name, "form": form, "at": _words(at, place), "place": place,
        "booked": booked, "known": known, "units": units, "shelves": shelves, "changed": changed, "rows": rows,
        "download": f"download/?at={at.astimezone(place.zone):%Y-%m-%dT%H:%M:%S}",
    })  # fmt: skip


def location_download(request: HttpRequest, place: Location) -> HttpResponse | StreamingHttpResponse:
    """All shelves as a table."""
    form = MomentForm(request.GET, place=place)
    if not form.is_valid():
        return HttpResponse(str(form.errors["at"][0]), status=422, content_type="text/plain; charset=utf-8")
    at = form.cleaned_data["at"] or timezone.now()
    return csv_download(name=f"{place.code}-as-of-{at.astimezone(place.zone):%Y%m%d-%H%M}.csv", header=HEADER,
                        rows=_rows(place, at))  # fmt: skip


class _Most:
    """The shelves that changed most, without keeping all of them."""

    def __init__(self, most: int) -> None:
        self._heap: list[tuple[int, int, Then]] = []
        self._most = most

    def look(self, then: Then) -> None:
        entry = (abs(then.now - then.booked), -then.variant_id, then)
        if entry[0] and len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif entry[0]:
            heapq.heappushpop(self._heap, entry)

    @property
    def found(self) -> list[Then]:
        return [entry[2] for entry in sorted(self._heap, reverse=True)]


def _rows(place: Location, at: datetime) -> Iterator[tuple[Any, ...]]:
    batch: list[Then] = []
    for then in location_as_of(place.pk, at):
        batch.append(then)
        if len(batch) == AT_ONCE:
            yield from _named(batch)
            batch = []
    yield from _named(batch)


def _named(batch: list[Then]) -> Iterator[tuple[Any, ...]]:
    variants = Variant.objects.select_related("product").in_bulk([then.variant_id for then in batch])
    for then in batch:
        item = variants[then.variant_id]
        yield item.sku, item.title, then.booked, then.known, then.now, then.now - then.booked


def _asked(request: HttpRequest, place: Location, now: datetime) -> tuple[MomentForm, datetime]:
    form = MomentForm(request.GET or {"at": f"{now.astimezone(place.zone):{FORMAT}}"}, place=place)
    at = form.cleaned_data["at"] if form.is_valid() else None
    return form, at or now


def _around(shelf: Shelf, place: Location, at: datetime) -> list[dict[str, Any]]:
    """The newest first, as everywhere in HQ."""
    rows = StockMovement.objects.filter(variant=shelf[0], location=shelf[1])
    after = rows.filter(recorded_at__gt=at).order_by("recorded_at", "id")[:AROUND]
    before = rows.filter(recorded_at__lte=at).order_by("-recorded_at", "-id")[:AROUND]
    return [{"movement": row, "shown": moment(row.recorded_at, place), "units": signed(row.quantity)}
            for row in [*reversed(after), *before]]  # fmt: skip


def _last(shelf: Shelf, at: datetime) -> dict[str, str]:
    row = changed_last([shelf], at).get(shelf)
    return {"kind": row.get_kind_display(), "units": signed(row.quantity), "by": row.actor} if row else {}


def _words(at: datetime, place: Location) -> str:
    return date_format(at.astimezone(place.zone), "D M j Y, H:i")
