"""Settings: what the code declares, what HQ decided instead, and everybody who decided before."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core import settings_store
from omni.core.actors import Actor
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.story import Line, story
from omni.core.models import Setting, StateChange
from omni.core.operations.change_setting import SUBJECT, change_setting
from omni.core.refusals import Refusal
from omni.core.settings_store import Declared

WORDS = {bool: forms.BooleanField, int: forms.IntegerField, float: forms.FloatField, str: forms.CharField}


@admin.register(Setting)
class SettingAdmin(HqAdmin):
    """One page per declared setting, whether somebody decided on it or not."""

    section, position = gettext_lazy("Settings and control"), 60
    changes = CONFIGURE

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        decided = {row.key: row for row in self.get_queryset(request)}
        rows = [
            {
                "url": reverse("admin:core_setting_change", args=[quote(key)]),
                "key": key,
                "help": declared.help_text,
                "value": shown(decided[key].value if key in decided else declared.default),
                "default": shown(declared.default),
                "changed_at": decided[key].changed_at if key in decided else None,
            }
            for key, declared in settings_store.declared_settings().items()
        ]
        context = {**self.admin_site.each_context(request), "title": _("Settings"), "rows": rows, "opts": self.opts}
        return render(request, "admin/hq/settings.html", context | {"section": self.section})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        declared = settings_store.declared_settings().get(unquote(object_id))
        if declared is None:
            raise Http404
        if request.method == "POST":
            form = form_for(declared)(request.POST)
            if form.is_valid() and self._change(request, declared, form):
                messages.success(request, _("%s is changed; it holds everywhere within five seconds.") % declared.key)
                return redirect("admin:core_setting_changelist")
        else:
            row = Setting.objects.filter(key=declared.key).first()
            form = form_for(declared)(initial={"value": row.value if row else declared.default})
        context = {
            **self.admin_site.each_context(request),
            "title": declared.key,
            "declared": declared,
            "default": shown(declared.default),
            "form": form,
            "opts": self.opts,
            "section": self.section,
            "history": story(_lines(declared.key)),
        }
        return render(request, "admin/hq/setting.html", context, status=422 if form.errors else 200)

    def _change(self, request: HttpRequest, declared: Declared, form: forms.Form) -> bool:
        data = form.cleaned_data
        try:
            with transaction.atomic():
                change_setting(
                    key=declared.key,
                    value=data["value"],
                    reason=data["reason"],
                    by=Actor.of(request.user),
                )
        except Refusal as refusal:
            form.add_error("value", str(refusal.message))
            return False
        return True


def form_for(declared: Declared) -> type[forms.Form]:
    """A form whose field has the kind and the bounds of the declaration."""
    bounds = {"min_value": declared.minimum, "max_value": declared.maximum} if declared.kind in (int, float) else {}
    required = declared.kind is not bool
    value = WORDS[declared.kind](label=_("Value"), help_text=declared.help_text, required=required, **bounds)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    return type("SettingForm", (forms.Form,), {"value": value, "reason": reason})


def shown(value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value)


def _lines(key: str) -> list[Line]:
    rows = StateChange.objects.about((SUBJECT, key)).order_by("-id")[:100]
    return [Line(row.at, _words(row), row.actor, row.reason) for row in rows]


def _words(row: StateChange) -> str:
    after = shown(json.loads(row.to_status))
    if not row.from_status:
        return _("set to %s") % after
    return f"{shown(json.loads(row.from_status))} → {after}"
