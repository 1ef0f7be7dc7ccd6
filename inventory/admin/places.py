"""Locations: address, hours, services, capacity; closing and pausing are acts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.as_of import location_download, location_page
from inventory.admin.closures import CLOSE, STORES
from inventory.admin.week_field import WeekField
from inventory.models import Location
from inventory.operations.pause import pause, resume
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import link, list_url, moment, tag

HOURS = ["weekly_hours", "last_order_at"]


class LocationForm(forms.ModelForm):
    weekly_hours = WeekField(label=gettext_lazy("Opening hours"))

    class Meta:
        model = Location
        fields = "__all__"  # noqa: DJ007 - the page below names its fields


class Pause(forms.Form):
    """For how long, and why."""

    hours = forms.IntegerField(label=gettext_lazy("Hours"), min_value=1, max_value=14 * 24, initial=2)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def _pause(location: Location, asked: Asked) -> None:
    until = asked.now + timedelta(hours=asked.data["hours"])
    pause(location_id=location.pk, until=until, reason=asked.data["reason"], by=asked.by, now=asked.now)


def _resume(location: Location, asked: Asked) -> None:
    resume(location_id=location.pk, by=asked.by)


def _is_paused(location: Location) -> bool:
    return location.is_paused(timezone.now())


@admin.register(Location)
class LocationAdmin(HqAdmin):
    """Stores, distribution centers, vendors."""

    section, position = STORES, 1
    place_paths = ("pk",)
    reads, adds, changes = READ, CONFIGURE, "hours"
    form = LocationForm
    list_display = ["code", "name", "kind", "group", "city", "region", "state", "stock"]
    list_display_links = ["code", "name"]
    list_filter = ["kind", "is_active", "can_ship", "can_pick_up", "sets"]
    list_select_related = ["group"]
    finds = {"code": "part", "name": "part", "city": "part", "postal_code": "exact"}
    readonly_fields = ["paused", "closed_days"]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "group", "is_active"]}),
        (gettext_lazy("Hours"), {"fields": [*HOURS, "timezone", "closed_days", "paused"]}),
        (gettext_lazy("Address"), {"fields": ["line1", "line2", "city", "region", "postal_code", "country",
                                              ("latitude", "longitude")]}),
        (gettext_lazy("Parcels"), {"fields": ["carrier_cut_off", "pick_pack_minutes", "offer_minutes", "wave_times",
                                              "wave_minutes", "wave_orders"]}),
        (gettext_lazy("Services"), {"fields": ["can_ship", "can_pick_up", "can_return", "preparation_minutes",
                                               "pickup_capacity", "ship_capacity"]}),
    ]  # fmt: skip
    acts = (
        CLOSE,
        Act("pause", gettext_lazy("Pause…"), "pause", _pause, form=Pause,
            applies=lambda location: not _is_paused(location),
            text=gettext_lazy("No new order is planned here for that time; what it has stays its own."),
            done=lambda n: ngettext("%d place is paused.", "%d places are paused.", n) % n),
        Act("resume", gettext_lazy("End the pause"), "pause", _resume, applies=_is_paused,
            done=lambda n: ngettext("%d place takes work again.", "%d places take work again.", n) % n),
    )  # fmt: skip

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/as-of/", view(self.as_of_view), name="inventory_location_as_of"),
            path("<int:pk>/as-of/download/", view(self.as_of_download), name="inventory_location_as_of_download"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if place := context.get("original"):
            context["links"] = [
                {"label": _("Stock as of a moment"), "url": reverse("admin:inventory_location_as_of", args=[place.pk])}
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def as_of_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return location_page(request, get_object_or_404(self.get_queryset(request), pk=pk), self.frame(request))

    def as_of_download(self, request: HttpRequest, pk: int) -> Any:
        return location_download(request, get_object_or_404(self.get_queryset(request), pk=pk))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A manager sets hours; the rest is HQ's."""
        if self.holds(request, CONFIGURE):
            return self.readonly_fields
        every = [name for _heading, part in self.fieldsets for name in _flat(part["fields"])]
        return [name for name in every if name not in HOURS]

    @admin.display(description=gettext_lazy("state"))
    def state(self, location: Location) -> str:
        if not location.is_active:
            return tag(_("Inactive"))
        if _is_paused(location):
            return tag(_("Paused"), "warn")
        return tag(_("Active"), "done")

    @admin.display(description=gettext_lazy("stock"))
    def stock(self, location: Location) -> str:
        return link(_("Stock"), list_url("inventory.stocklevel", at=location.code))

    @admin.display(description=gettext_lazy("paused until"))
    def paused(self, location: Location) -> str:
        if not _is_paused(location):
            return _("not paused")
        return f"{moment(location.paused_until, location)} · {location.pause_reason}"

    @admin.display(description=gettext_lazy("closed days"))
    def closed_days(self, location: Location) -> str:
        if location.pk is None:
            return _("none")
        rows = location.closures.filter(lifted_at=None, ends_on__gte=timezone.now().date()).order_by("starts_on")[:20]
        return format_html_join("", "<div>{}</div>", ((row,) for row in rows)) or _("none")


def _flat(fields: Any) -> list[str]:
    return [name for each in fields for name in (each if isinstance(each, tuple) else [each])]
