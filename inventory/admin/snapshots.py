"""Snapshots: how far each is, and what became of its rows, to look at and to take away."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin import snapshot_numbers as numbers
from inventory.admin.snapshot_progress import Seen, progress
from inventory.admin.stock import STOCK
from inventory.models import Snapshot
from inventory.models.feed_file import FeedFile
from inventory.models.snapshot import Cause, Outcome
from omni.core.csv_download import csv_download
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, moment, page_url, tag
from omni.core.hq.story import changes_of, story
from omni.core.ui import words

TONES = {Snapshot.Status.DONE: "done", Snapshot.Status.STOPPED: "stop"}
RECENT = timedelta(days=7)
SECONDS = 120  # up to here a time is said in seconds
CHUNK = 2_000  # rows that a download reads at once

DIFFERENCES = ("line", "sku", "location", "reported", "expected", "difference", "value", "outcome", "cause",
               "decided by", "reason")  # fmt: skip
BAD_ROWS = ("line", "problem", "reason", "sku", "location", "quantity")


class WorkFilter(admin.SimpleListFilter):
    """What is at work, and what was stopped lately."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("work", gettext_lazy("At work")), ("done", gettext_lazy("Done")),
                ("stopped", gettext_lazy("Stopped in the last 7 days"))]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "work":
            return queryset.filter(status__in=Snapshot.AT_WORK)
        if self.value() == "stopped":
            return stopped_lately(queryset)
        return queryset.filter(status=Snapshot.Status.DONE) if self.value() == "done" else queryset


def stopped_lately(rows: Any) -> Any:
    return rows.filter(status=Snapshot.Status.STOPPED, finished_at__gte=timezone.now() - RECENT)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """What sources said lies on their shelves."""

    section, position, reads = STOCK, 28, CONFIGURE
    long = True
    list_display = ["name", "feed", "taken", "state", "row_count", "bad_count", "waiting", "created_by"]
    list_filter = [typed(gettext_lazy("source's code"), "feed", "feed__code"), WorkFilter]
    list_select_related = ["feed"]
    fields = ["feed", "key", "as_of", "status"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/differences.csv", view(self.differences_view), name="inventory_snapshot_differences"),
            path("<int:pk>/bad-rows.csv", view(self.bad_rows_view), name="inventory_snapshot_bad_rows"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """While it is at work the page asks again by itself; when it is done, the page is drawn anew."""
        snapshot, now = self._one(request, object_id), timezone.now()
        if not snapshot.is_at_work and getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Refresh": "true"})
        context = {
            **self.admin_site.each_context(request), "title": str(snapshot), "opts": self.opts, "original": snapshot,
            "section": self.section, "snapshot": snapshot, "as_of": moment(snapshot.as_of),
            "feed_url": page_url("inventory.feed", snapshot.feed_id),
        }  # fmt: skip
        if snapshot.is_at_work:
            context |= _at_work(snapshot, Seen.asked(request.GET), Seen.now(snapshot, now))
            part = "#work" if getattr(request, "htmx", False) else ""
            return render(request, f"admin/hq/snapshot_at_work.html{part}", context)
        return render(request, "admin/hq/snapshot.html", context | _result(snapshot))

    def differences_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """All that was not as expected, as a table for a spreadsheet."""
        snapshot = self._one(request, pk)
        rows = snapshot.rows.exclude(outcome=Outcome.SAME)
        return csv_download(name=f"{snapshot.feed.code}-{snapshot.pk}-differences.csv", header=DIFFERENCES,
                            rows=_differences(rows))  # fmt: skip

    def bad_rows_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """All rows that could not be taken, to mend them at their source."""
        snapshot = self._one(request, pk)
        return csv_download(name=f"{snapshot.feed.code}-{snapshot.pk}-bad-rows.csv", header=BAD_ROWS,
                            rows=bad_rows(snapshot.problems.all(), BAD_ROWS[3:]))  # fmt: skip

    def _one(self, request: HttpRequest, pk: Any) -> Snapshot:
        if not self.has_view_permission(request):
            raise PermissionDenied
        snapshot = Snapshot.objects.select_related("feed").filter(pk=pk).first() if str(pk).isdigit() else None
        if snapshot is None:
            raise Http404
        return snapshot

    @admin.display(description=gettext_lazy("file"))
    def name(self, snapshot: Snapshot) -> str:
        return str(snapshot)

    @admin.display(description=gettext_lazy("as of"))
    def taken(self, snapshot: Snapshot) -> str:
        return moment(snapshot.as_of)

    @admin.display(description=gettext_lazy("state"))
    def state(self, snapshot: Snapshot) -> str:
        label = snapshot.get_status_display()
        if snapshot.is_at_work:
            label = f"{label} · {snapshot.percent} %"
        return tag(label, TONES.get(Snapshot.Status(snapshot.status), "info"))

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, snapshot: Snapshot) -> str:
        return link(_("Differences"), numbers.rows_url(snapshot))


def _at_work(snapshot: Snapshot, seen: Seen | None, now: Seen) -> dict[str, Any]:
    """`poll` keeps what the page saw first, so that the rate is that of the time since then."""
    done = progress(seen or Seen.begun(snapshot), now)
    ahead = 0
    if now.rows == 0:
        ahead = Snapshot.objects.unfinished().filter(as_of__lt=snapshot.as_of).count()
    return {
        "percent": snapshot.percent, "rate": done.rate, "ahead": ahead, "waits": now.rows == 0,
        "remaining": time_left(done.remaining) if done.remaining is not None else "",
        "poll": f"{page_url('inventory.snapshot', snapshot.pk)}?{(seen or now).query}",
    }  # fmt: skip


def time_left(left: timedelta) -> str:
    now = timezone.now()
    return _("less than a minute") if left < timedelta(minutes=1) else words.ago_words(now - left, now=now)


def _result(snapshot: Snapshot) -> dict[str, Any]:
    sums = numbers.outcomes(snapshot)
    shares = numbers.share_rows(snapshot, sums) if snapshot.status == Snapshot.Status.DONE else []
    places = numbers.locations(snapshot)
    problems = numbers.problems(snapshot) if snapshot.bad_count else []
    kept = sum(each["count"] for each in problems)
    return {
        "shares": shares, "whole": snapshot.row_count + snapshot.bad_count,
        "booked": numbers.total(sums, Outcome.BOOKED, Outcome.APPROVED),
        "waiting": numbers.total(sums, Outcome.REVIEW), "refused": numbers.total(sums, Outcome.REFUSED),
        "different": sum(each.rows for outcome, each in sums.items() if outcome != Outcome.SAME),
        "histogram": numbers.histogram(snapshot), "places": places,
        "most": max((place["value"] for place in places), default=0),
        "problems": problems, "not_kept": max(0, snapshot.bad_count - kept),
        "waiting_url": numbers.rows_url(snapshot),
        "differences_url": reverse("admin:inventory_snapshot_differences", args=[snapshot.pk]),
        "bad_rows_url": reverse("admin:inventory_snapshot_bad_rows", args=[snapshot.pk]),
        "history": story(changes_of(snapshot.subject, dict(Snapshot.Status.choices))),
        "took": time_taken(snapshot),
    }  # fmt: skip


def time_taken(file: FeedFile) -> str:
    if file.finished_at is None:
        return ""
    seconds = int((file.finished_at - file.created_at).total_seconds())
    if seconds < SECONDS:
        return _("%d s") % max(1, seconds)
    return words.ago_words(file.created_at, now=file.finished_at)


def _differences(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    outcomes, causes = dict(Outcome.choices), dict(Cause.choices)
    found = rows.order_by("pk").values_list(
        "line", "variant__sku", "location__code", "quantity", "expected", "difference", "value", "outcome", "cause",
        "decided_by", "reason",
    )  # fmt: skip
    for line, *numbers_of, outcome, cause, by, reason in found.iterator(CHUNK):
        said = (str(outcomes[outcome]), str(causes[cause]) if cause else "")
        yield (line or "", *numbers_of, *said, by, reason)


def bad_rows(rows: QuerySet[Any], cells: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    words_of = dict(rows.model._meta.get_field("kind").choices)
    for line, kind, reason, raw in rows.values_list("line", "kind", "reason", "raw").iterator(CHUNK):
        yield line, str(words_of[kind]), reason, *(raw.get(name, "") for name in cells)
