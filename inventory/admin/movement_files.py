"""Files of movements: how far each is, what came of it, and its bad rows to take away."""

from typing import Any

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin import snapshot_numbers as numbers
from inventory.admin.snapshot_progress import Seen, progress
from inventory.admin.snapshots import bad_rows, time_left, time_taken
from inventory.admin.stock import STOCK
from inventory.models import MovementFile
from inventory.operations.movement_rows import MOVEMENTS
from omni.core.csv_download import csv_download
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import moment, page_url, tag
from omni.core.hq.story import changes_of, story

Status = MovementFile.Status
TONES = {Status.DONE: "done", Status.STOPPED: "stop"}
BAD_ROWS = ("line", "problem", "why", *MOVEMENTS.names)


class StateFilter(admin.SimpleListFilter):
    """How far it is."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


@admin.register(MovementFile)
class MovementFileAdmin(ReadOnlyAdmin):
    """What sources reported as files."""

    section, position, reads = STOCK, 29, CONFIGURE
    long = True
    list_display = ["name", "feed", "received", "state", "row_count", "repeated_count", "bad_count", "created_by"]
    list_filter = [typed(gettext_lazy("source's code"), "feed", "feed__code"), StateFilter]
    list_select_related = ["feed"]
    fields = ["feed", "key", "status"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.bad_rows_view)
        return [path("<int:pk>/bad-rows.csv", view, name="inventory_movementfile_bad_rows"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """While it is at work the page asks again by itself; when it is done, the page is drawn anew."""
        file, asks_again = self._one(request, object_id), getattr(request, "htmx", False)
        if not file.is_at_work and asks_again:
            return HttpResponse(headers={"HX-Refresh": "true"})
        context = {
            **self.admin_site.each_context(request), "title": str(file), "opts": self.opts, "original": file,
            "section": self.section, "file": file, "received": moment(file.created_at),
            "feed_url": page_url("inventory.feed", file.feed_id),
        }  # fmt: skip
        if file.is_at_work:
            context |= _at_work(file, Seen.asked(request.GET))
            return render(request, f"admin/hq/movements_at_work.html{'#work' if asks_again else ''}", context)
        return render(request, "admin/hq/movements.html", context | _result(file))

    def bad_rows_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """All rows that could not be booked, to mend them and to send them again."""
        file = self._one(request, pk)
        return csv_download(name=f"{file.feed.code}-{file.pk}-bad-rows.csv", header=BAD_ROWS,
                            rows=bad_rows(file.problems.all(), MOVEMENTS.names))  # fmt: skip

    def _one(self, request: HttpRequest, pk: Any) -> MovementFile:
        if not self.has_view_permission(request):
            raise PermissionDenied
        file = MovementFile.objects.select_related("feed").filter(pk=pk).first() if str(pk).isdigit() else None
        if file is None:
            raise Http404
        return file

    @admin.display(description=gettext_lazy("file"))
    def name(self, file: MovementFile) -> str:
        return str(file)

    @admin.display(description=gettext_lazy("received"))
    def received(self, file: MovementFile) -> str:
        return moment(file.created_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, file: MovementFile) -> str:
        label = file.get_status_display()
        if file.is_at_work:
            label = f"{label} · {file.percent} %"
        return tag(label, TONES.get(Status(file.status), "info"))


def _at_work(file: MovementFile, seen: Seen | None) -> dict[str, Any]:
    """`poll` keeps what the page saw first, so that the rate is that of the time since then."""
    now = Seen.now(file, timezone.now())
    done = progress(seen or Seen.begun(file), now)
    return {
        "percent": file.percent, "rate": done.rate, "waits": now.rows == 0,
        "remaining": time_left(done.remaining) if done.remaining is not None else "",
        "poll": f"{page_url('inventory.movementfile', file.pk)}?{(seen or now).query}",
    }  # fmt: skip


def _result(file: MovementFile) -> dict[str, Any]:
    problems = numbers.problems(file) if file.bad_count else []
    shares = [
        {"label": label, "value": count, "shown": intcomma(count), "tone": tone}
        for label, count, tone in (
            (_("Booked"), file.row_count, "done"), (_("Known before"), file.repeated_count, "info"),
            (_("Bad"), file.bad_count, "stop"),
        ) if count
    ]  # fmt: skip
    return {
        "shares": shares,
        "problems": problems,
        "took": time_taken(file),
        "not_kept": max(0, file.bad_count - sum(each["count"] for each in problems)),
        "bad_rows_url": reverse("admin:inventory_movementfile_bad_rows", args=[file.pk]),
        "history": story(changes_of(file.subject, dict(Status.choices))),
    }
