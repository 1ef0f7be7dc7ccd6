"""Availability rules: drafted, looked at, let loose with a reason, and undone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.admin.rule_effect_page import SHELVES, changed_shelves, shown_effect
from inventory.admin.rule_words import PRECEDENCE, meaning
from inventory.admin.stock import STOCK
from inventory.models import AvailabilityRule, LocationGroup
from inventory.operations.activate_rule import activate_rule
from inventory.operations.draft_rule import copy_rule
from inventory.operations.retire_rule import retire_rule
from inventory.rule_effect import channels_of
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.csv_download import csv_download
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, tag
from omni.core.hq.story import changes_of, story
from omni.core.refusals import Refusal
from omni.core.states import begin

Status = AvailabilityRule.Status
TONES = {Status.ACTIVE: "done", Status.DRAFT: "info"}


class RuleForm(forms.ModelForm):
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: every channel."),
    )  # fmt: skip

    class Meta:
        model = AvailabilityRule
        fields = ["name", "effect", "units", "percent", "category", "tag", "group", "channels", "position"]


class Activation(forms.Form):
    """Why, and which version of the draft was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.TextInput({"class": "vTextField"})
    )


def _retire(rule: AvailabilityRule, asked: Asked) -> None:
    retire_rule(rule_id=rule.pk, reason=asked.data.get("reason", ""), by=asked.by)


def _copy(rule: AvailabilityRule, asked: Asked) -> None:
    copy_rule(rule_id=rule.pk, by=asked.by)


@admin.register(AvailabilityRule)
class AvailabilityRuleAdmin(HqAdmin):
    """In the order in which they are asked; those that hold first."""

    section, position = STOCK, 26
    adds = changes = CONFIGURE
    form = RuleForm
    list_display = ["name", "sentence", "state", "would_change"]
    list_filter = ["status", "effect"]
    list_select_related = ["group"]
    finds = {"name": "part", "category": "part", "tag": "exact"}
    change_list_template = "admin/hq/rules.html"
    fieldsets = [
        (None, {"fields": ["name", "effect", "units", "percent"]}),
        (gettext_lazy("Which items"), {"fields": ["category", "tag"]}),
        (gettext_lazy("Where and for whom"), {"fields": ["group", "channels", "position"]}),
    ]  # fmt: skip
    acts = (
        Act("retire", gettext_lazy("Undo"), CONFIGURE, _retire,
            applies=lambda rule: rule.may_move_to(Status.RETIRED),
            text=gettext_lazy("What it matched has the number of the next rule or of its location again, at once."),
            done=lambda n: ngettext("%d rule holds no longer.", "%d rules hold no longer.", n) % n),
        Act("copy", gettext_lazy("Copy as a draft"), CONFIGURE, _copy,
            text=gettext_lazy("A rule that holds is never changed: change a copy, activate it and undo this one."),
            done=lambda n: ngettext("%d draft was made.", "%d drafts were made.", n) % n),
    )  # fmt: skip

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """As `AvailabilityRule.precedence` has it."""
        return [
            Case(When(status=Status.ACTIVE, then=0), When(status=Status.DRAFT, then=1), default=2).asc(),
            Case(When(effect=AvailabilityRule.Effect.EXCLUDE, then=0), default=1).asc(),
            Case(When(tag="", then=1), default=0).asc(),
            RawSQL("cardinality(string_to_array(path, ' > '))", []).desc(),
            _depth().desc(),
            RawSQL("cardinality(channels) = 0", []).asc(),
            "position", "pk",
        ]  # fmt: skip

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return ()  # the order of the list is the order of the rules

    def get_object(self, request: HttpRequest, object_id: Any, from_field: Any = None) -> Any:
        """Who writes into a draft holds it, so that nobody lets it loose half written."""
        if request.method == "POST" and str(object_id).isdigit():
            AvailabilityRule.objects.select_for_update().filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status == Status.DRAFT)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.save(force_insert=True)
            begin(obj, by=Actor.of(request.user))
            return
        obj.version += 1
        obj.save(update_fields=[*RuleForm.Meta.fields, "version"])

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return redirect(effect_url(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return redirect(effect_url(obj))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"precedence": PRECEDENCE} | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        rule = context.get("original")
        if rule is not None and rule.status != Status.RETIRED:
            context["links"] = [{"label": _link_label(rule), "url": effect_url(rule)}]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/effect/", view(self.effect_view), name="inventory_availabilityrule_effect"),
            path("<int:pk>/effect.csv", view(self.download_view), name="inventory_availabilityrule_download"),
            *super().get_urls(),
        ]

    def effect_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it would change, and the deed that does it; a refusal keeps what was typed."""
        rule = self._one(request, pk)
        form, status = Activation(initial={"version": rule.version}), 200
        if request.method == "POST":
            try:
                if "retire" in request.POST:
                    with transaction.atomic():
                        retire_rule(rule_id=pk, reason=request.POST.get("reason", ""), by=Actor.of(request.user))
                    messages.success(request, _("“%s” holds no longer.") % rule)
                    return redirect(effect_url(rule))
                form, status = Activation(request.POST), 422
                if form.is_valid():
                    with transaction.atomic():
                        activate_rule(rule_id=pk, by=Actor.of(request.user), **form.cleaned_data)
                    messages.success(request, _("“%s” holds from now on.") % rule)
                    return redirect(effect_url(rule))
            except Refusal as refusal:
                status = refusal.status
                rule = self._one(request, pk)
                form = Activation(initial={"version": rule.version, "reason": request.POST.get("reason", "")})
                messages.error(request, str(refusal.message))
        context = {
            **self.admin_site.each_context(request), "title": str(rule), "opts": self.opts, "original": rule,
            "section": self.section, "rule": rule, "sentence": meaning(rule), "form": form,
            "state": tag(rule.get_status_display(), TONES.get(Status(rule.status), "")),
            "history": story(changes_of(rule.subject, dict(Status.choices))),
            "change_url": reverse("admin:inventory_availabilityrule_change", args=[pk]),
        }  # fmt: skip
        if rule.status != Status.RETIRED:
            context |= shown_effect(request, rule)
        return render(request, "admin/hq/rule_effect.html", context, status=status)

    def download_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Every shelf that changes, as a table for a spreadsheet."""
        rule = self._one(request, pk)
        channel = request.GET.get("channel", "")
        if channel not in channels_of(rule) or rule.status == Status.RETIRED:
            raise Http404
        return csv_download(name=f"rule-{rule.pk}-{channel}.csv", header=SHELVES, rows=changed_shelves(rule, channel))

    def _one(self, request: HttpRequest, pk: Any) -> AvailabilityRule:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule = AvailabilityRule.objects.select_related("group").filter(pk=pk).first()
        if rule is None:
            raise Http404
        return rule

    @admin.display(description=gettext_lazy("meaning"))
    def sentence(self, rule: AvailabilityRule) -> str:
        return meaning(rule)

    @admin.display(description=gettext_lazy("state"))
    def state(self, rule: AvailabilityRule) -> Any:
        return tag(rule.get_status_display(), TONES.get(Status(rule.status), ""))

    @admin.display(description=gettext_lazy("effect on shelves"))
    def would_change(self, rule: AvailabilityRule) -> str:
        return link(_link_label(rule), effect_url(rule))


def _link_label(rule: AvailabilityRule) -> str:
    if rule.status == Status.DRAFT:
        return _("Show what it would change")
    return _("Show what undoing gives back") if rule.status == Status.ACTIVE else _("History")


def effect_url(rule: AvailabilityRule) -> str:
    return reverse("admin:inventory_availabilityrule_effect", args=[rule.pk])


def _depth() -> Any:
    """How deep a rule's group lies, as the precedence has it; the tree is small."""
    by_depth: dict[int, list[int]] = {}
    for group, depth in LocationGroup.depths().items():
        by_depth.setdefault(depth, []).append(group)
    whens = [When(group__in=groups, then=Value(depth)) for depth, groups in by_depth.items()]
    return Case(When(group=None, then=Value(-1)), *whens, default=Value(0), output_field=IntegerField())
