"""Sources of stock news: what they are, what we expect of them, and the way to hand in a file for one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.admin.columns_field import ColumnsField
from inventory.admin.stock import STOCK
from inventory.feed_files import SHELVES, Shape
from inventory.models import Feed, MovementFile, Snapshot
from inventory.operations.movement_rows import MOVEMENTS
from inventory.operations.receive_movement_file import receive_movement_file
from inventory.operations.receive_snapshot import receive_snapshot
from omni.core.actors import Actor
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import age, link, list_url, moment, page_url, tag
from omni.core.models import ApiKey
from omni.core.refusals import Refusal

FIELD_OF = {
    "unknown_format": "file", "too_large": "file", "broken_file": "file", "from_the_future": "as_of",
    "unknown_location": "location_code",
}  # fmt: skip


class FeedForm(forms.ModelForm):
    columns = ColumnsField(
        help_text=gettext_lazy(
            "What stands in the header of its files. Empty: it is called as here. Snapshots have the first three."
        )
    )
    api_key = forms.ModelChoiceField(
        label=gettext_lazy("API key"), required=False, empty_label=gettext_lazy("None: files come by hand"),
        queryset=ApiKey.objects.none(),
        help_text=gettext_lazy("What comes with this key, or with one that replaces it, is this source's."),
    )  # fmt: skip

    class Meta:
        model = Feed
        fields = "__all__"  # noqa: DJ007 - the page below names its fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["api_key"]
        keys = ApiKey.objects.filter(revoked_at=None) | ApiKey.objects.filter(pk=self.instance.api_key_id)
        field.queryset = keys.order_by("name")
        field.label_from_instance = lambda key: f"{key.name} · {key.prefix}"


class MovementUpload(forms.Form):
    """A file, and what it does not say itself."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput({"accept": ".csv,.ndjson,.jsonl,.gz"}),
        help_text=gettext_lazy(".csv with a header or .ndjson, also packed as .gz; up to 2 GB."),
    )  # fmt: skip
    location_code = forms.CharField(
        label=gettext_lazy("Location code"), required=False, max_length=40,
        help_text=gettext_lazy("Only for a file about one location that has no column for it."),
    )  # fmt: skip


class Upload(MovementUpload):
    """A snapshot: also of which moment."""

    as_of = forms.DateTimeField(
        label=gettext_lazy("As of (UTC)"), widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"},
                                                                      format="%Y-%m-%dT%H:%M:%S"),
        help_text=gettext_lazy("When these numbers were true: when the file was made, not when it was sent."),
    )  # fmt: skip
    field_order = ("file", "as_of", "location_code")


class SilentFilter(admin.SimpleListFilter):
    """Sources that missed their rhythm."""

    title = gettext_lazy("silence")
    parameter_name = "silent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Silent"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(silent_since__isnull=False, is_active=True) if self.value() == "yes" else queryset


@admin.register(Feed)
class FeedAdmin(HqAdmin):
    """Tills, warehouses, partners: who tells us what lies where."""

    section, position = STOCK, 27
    adds = changes = CONFIGURE
    form = FeedForm
    list_display = ["name", "kind", "where", "heard", "state", "snapshots", "is_active"]
    list_filter = ["kind", SilentFilter, "is_active"]
    list_select_related = ["group"]
    finds = {"name": "part", "code": "part"}
    prepopulated_fields = {"code": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "code", "kind", "api_key", "group", "is_active"]}),
        (gettext_lazy("What we expect"), {"fields": ["rhythm_minutes", "heard", "state"]}),
        (gettext_lazy("Its files"), {"fields": ["columns", "is_complete", "most_bad_percent"]}),
        (gettext_lazy("Differences that are booked without asking"),
         {"fields": ["tolerance_units", "tolerance_value"]}),
    ]  # fmt: skip
    readonly_fields = ["heard", "state"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.prepopulated_fields if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A code is written once: under another one, events that were sent before would count again."""
        return self.readonly_fields if obj is None else [*self.readonly_fields, "code"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:feed_id>/upload/", view(self.upload_view), name="inventory_feed_upload"),
            path("<int:feed_id>/upload-movements/", view(self.movements_view), name="inventory_feed_upload_movements"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        feed = context.get("original")
        if feed is not None:
            context["links"] = [
                {"label": _("Upload a snapshot"), "url": upload_url(feed)},
                {"label": _("Its snapshots"), "url": snapshots_url(feed)},
                {
                    "label": _("Upload movements"),
                    "url": reverse("admin:inventory_feed_upload_movements", args=[feed.pk]),
                },
                {"label": _("Its movement files"), "url": list_url("inventory.movementfile", feed=feed.code)},
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def upload_view(self, request: HttpRequest, feed_id: int) -> HttpResponse:
        """What lies on its shelves at one moment."""
        return self._upload(
            request, feed_id, make=Upload, take_in=_take_in, page="inventory.snapshot", shape=SHELVES,
            title=_("Upload a snapshot of %s"), template="admin/hq/upload.html",
        )  # fmt: skip

    def movements_view(self, request: HttpRequest, feed_id: int) -> HttpResponse:
        """What happened on its shelves."""
        return self._upload(
            request, feed_id, make=MovementUpload, take_in=_take_in_movements, page="inventory.movementfile",
            shape=MOVEMENTS, title=_("Upload movements of %s"), template="admin/hq/upload_movements.html",
        )  # fmt: skip

    def _upload(
        self, request: HttpRequest, feed_id: int, *, make: Callable[..., forms.Form], take_in: Callable[..., Any],
        page: str, shape: Shape, title: str, template: str,
    ) -> HttpResponse:  # fmt: skip
        """Not in a transaction: a large file takes its time. A refusal keeps what was typed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        feed = Feed.objects.filter(pk=feed_id).first()
        if feed is None:
            raise Http404
        now, status = timezone.now(), 200
        form = make(initial={"as_of": now.replace(microsecond=0)})
        if request.method == "POST":
            form, status = make(request.POST, request.FILES), 422
            if form.is_valid():
                try:
                    file = take_in(feed, form.cleaned_data, by=Actor.of(request.user), now=now)
                except Refusal as refusal:
                    form.add_error(FIELD_OF.get(refusal.code), str(refusal.message))
                    status = refusal.status
                else:
                    if file.created_at != now:
                        messages.info(request, _("This file was sent before; here is what became of it."))
                    return redirect(page_url(page, file.pk))
        context = {
            **self.admin_site.each_context(request), "title": title % feed, "opts": self.opts,
            "section": self.section, "feed": feed, "form": form, "columns": [feed.column(name) for name in shape.names],
        }  # fmt: skip
        return render(request, template, context, status=status)

    @admin.display(description=gettext_lazy("locations"))
    def where(self, feed: Feed) -> str:
        return str(feed.group) if feed.group_id else _("all")

    @admin.display(description=gettext_lazy("last heard"), ordering="heard_at")
    def heard(self, feed: Feed) -> Any:
        return age(feed.heard_at) if feed.pk else _("not yet")

    @admin.display(description=gettext_lazy("state"), ordering="silent_since")
    def state(self, feed: Feed) -> Any:
        if not feed.pk:
            return _("new")
        if not feed.is_active:
            return tag(_("Switched off"))
        if feed.silent_since:
            return tag(format_html(_("Silent since {}"), moment(feed.silent_since)), "warn")
        return tag(_("Speaks"), "done") if feed.rhythm_minutes else tag(_("Not watched"))

    @admin.display(description=gettext_lazy("snapshots"))
    def snapshots(self, feed: Feed) -> str:
        return link(_("Snapshots"), snapshots_url(feed))


def upload_url(feed: Feed) -> str:
    return reverse("admin:inventory_feed_upload", args=[feed.pk])


def snapshots_url(feed: Feed) -> str:
    return list_url("inventory.snapshot", feed=feed.code)


def _take_in(feed: Feed, data: dict[str, Any], *, by: Actor, now: datetime) -> Snapshot:
    file = data["file"]
    return receive_snapshot(
        feed=feed, chunks=file.chunks(), name=file.name, as_of=data["as_of"], location_code=data["location_code"],
        by=by, now=now,
    )  # fmt: skip


def _take_in_movements(feed: Feed, data: dict[str, Any], *, by: Actor, now: datetime) -> MovementFile:
    file = data["file"]
    return receive_movement_file(
        feed=feed, chunks=file.chunks(), name=file.name, location_code=data["location_code"], by=by, now=now
    )
