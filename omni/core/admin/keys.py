"""API keys: made here and shown once, replaced with an overlap, revoked; never deleted."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.admin.people import PEOPLE
from omni.core.hq.acts import Act, Asked, ShownOnce
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.scope_field import ScopesField
from omni.core.hq.show import tag
from omni.core.models import ApiKey
from omni.core.operations.rotate_key import revoke, rotate
from omni.core.rest.known_scopes import known_scopes
from omni.core.scope_names import names

ONCE = _("Copy it now: only its fingerprint is kept, and nobody can show it again.")


class KeyForm(forms.ModelForm):
    """What a key may do, for whom and how often."""

    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=lambda: [(scope, scope) for scope in known_scopes()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    channels = forms.CharField(
        label=_("Channels"), required=False, help_text=_("Separated by commas; empty means all channels.")
    )
    locations = ScopesField(
        label=_("Places"), help_text=_("Codes of stores or groups, one a line; empty means everywhere.")
    )
    expires_at = forms.DateTimeField(
        label=_("Expires (UTC)"), required=False, widget=forms.DateTimeInput({"type": "datetime-local"})
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "channels", "locations", "rate_per_minute", "expires_at"]

    def clean_channels(self) -> list[str]:
        return [channel.strip() for channel in self.cleaned_data["channels"].split(",") if channel.strip()]


class Overlap(forms.Form):
    """How long the old key still opens."""

    hours = forms.IntegerField(label=_("Hours that the old key still works"), min_value=0, max_value=720, initial=24)


def _replace(key: ApiKey, asked: Asked) -> ShownOnce:
    twin, token = rotate(key, overlap=timedelta(hours=asked.data["hours"]))
    return ShownOnce(_("The new key of %s") % twin.name, token, ONCE)


def _revoke(key: ApiKey, asked: Asked) -> None:
    revoke(key)


@admin.register(ApiKey)
class ApiKeyAdmin(HqAdmin):
    """The ways in for machines."""

    section, position = PEOPLE, 51
    adds = CONFIGURE
    form = KeyForm
    list_display = ["name", "prefix", "state", "may", "last_used_at", "created_at"]
    finds = {"name": "part", "prefix": "exact"}
    fields = ["name", "scopes", "channels", "locations", "rate_per_minute", "expires_at"]
    acts = (
        Act("rotate", _("Replace…"), CONFIGURE, _replace, form=Overlap,
            text=_("A new key with the same rights is shown once; the old one goes on for the hours you choose."),
            done=lambda n: ngettext("%d key replaced.", "%d keys replaced.", n) % n),
        Act("revoke", _("Revoke…"), CONFIGURE, _revoke,
            text=_("The key opens nothing from now on. This cannot be undone."),
            done=lambda n: ngettext("%d key revoked.", "%d keys revoked.", n) % n),
    )  # fmt: skip

    @admin.display(description=_("state"))
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return tag(_("Revoked"), "stop")
        if key.expires_at and key.expires_at <= timezone.now():
            return tag(_("Expired"), "warn")
        return tag(_("In use"), "done")

    @admin.display(description=_("may"))
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=_("places"))
    def where(self, key: ApiKey) -> str:
        known = names()
        return ", ".join(known.get(scope, scope) for scope in key.locations) or str(_("everywhere"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        shown = ["name", "state", "prefix", "may", "channels", "where", "rate_per_minute"]
        return [*shown, "created_at", "created_by", "last_used_at", "expires_at", "revoked_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        key, token = ApiKey.issue(
            name=data["name"], scopes=data["scopes"], channels=data["channels"], locations=data["locations"],
            rate_per_minute=data["rate_per_minute"], expires_at=data["expires_at"], created_by=request.user,
        )  # fmt: skip
        obj.pk, obj.prefix, obj.token = key.pk, key.prefix, token

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """The token on the answer itself: no message, cookie or session ever holds it."""
        once = ShownOnce(_("The key of %s") % obj.name, obj.token, ONCE)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "once": once}
        return render(request, "admin/hq/shown_once.html", context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return super().render_change_form(request, context | {"places": names().values()}, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("created_by")

    change_form_template = "admin/hq/with_places.html"
