"""Rule sets of routing: drafted from a preset, written in sentences, looked at, activated with a reason, followed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.actors import Actor
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, link, moment, page_url, tag
from omni.core.hq.story import changes_of, story
from omni.core.refusals import Refusal
from orders.admin.routing_frontier import latest_frontiers
from orders.admin.routing_replay import ReplayPeriod, difference_words, latest_replays, period_words
from orders.admin.rule_services import KNOWN, unknown_services
from orders.admin.rule_set_forms import PARTS, Activation, NewRuleSet, OrdersForm, Retirement, TakenSetting, Where
from orders.admin.rule_set_page import compared, preview, sentences
from orders.models import RuleFilter, RuleSet
from orders.operations.activate_rule_set import activate_rule_set, replay_seen
from orders.operations.ask_frontier import ask_frontier, take_setting
from orders.operations.ask_replay import ask_replay
from orders.operations.draft_rule_set import (
    copy_rule_set,
    draft_rule_set,
    edit_rule_set,
    move_part,
    put_part,
    remove_part,
)
from orders.operations.retire_rule_set import retire_rule_set
from orders.rule_words import conditions_words

ROUTING = gettext_lazy("Routing")
Status = RuleSet.Status
TONES = {Status.ACTIVE: "done", Status.DRAFT: "info"}
DEEDS = ("activate", "discard", "retire")  # names of the buttons below the page


def _copy(rules: RuleSet, asked: Asked) -> None:
    copy_rule_set(rule_set_id=rules.pk, by=asked.by)


@admin.register(RuleSet)
class RuleSetAdmin(HqAdmin):
    """Active ones first, in the order in which they are asked."""

    section, position = ROUTING, 20
    adds = changes = CONFIGURE
    list_display = ["named", "orders", "looks_for", "state", "activated", "why"]
    list_filter = ["status", "objective"]
    finds = {"name": "part"}
    change_list_template = "admin/hq/rule_sets.html"
    acts = (
        Act("copy", gettext_lazy("Draft the next version"), CONFIGURE, _copy,
            text=gettext_lazy("What was active never changes: change a draft of the next version and activate it."),
            done=lambda n: ngettext("%d draft was made.", "%d drafts were made.", n) % n),
    )  # fmt: skip

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [
            Case(When(status=Status.ACTIVE, then=0), When(status=Status.DRAFT, then=1), default=2).asc(),
            "priority", "pk",
        ]  # fmt: skip

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return ()

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/orders/", view(self.orders_view), name="orders_ruleset_orders"),
            path("<int:pk>/<slug:kind>/<int:part_pk>/", view(self.part_view), name="orders_ruleset_part"),
            path("<int:pk>/<slug:kind>/add/", view(self.part_view), name="orders_ruleset_add_part"),
            path("<int:pk>/compare/", view(self.compare_view), name="orders_ruleset_compare"),
            *super().get_urls(),
        ]

    # --- begin --------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A name and a preset."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewRuleSet(request.POST or None)
        made: list[RuleSet] = []
        by = Actor.of(request.user)
        status = self._post(request, form, lambda: made.append(draft_rule_set(by=by, **form.cleaned_data)))
        if made:
            return redirect(page_of(made[0]))
        context = self.frame(request) | {"title": _("New rule set"), "form": form}
        return render(request, "admin/hq/rule_part.html", context, status=status)

    # --- the page -----------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Everything it says; of a draft also the buttons, and what it would shut out."""
        rules = self._one(request, object_id)
        if request.method == "POST":
            return self._act(request, rules)
        return self._page(request, rules)

    def _act(self, request: HttpRequest, rules: RuleSet) -> HttpResponse:
        if not self.has_change_permission(request, rules):
            raise PermissionDenied
        by, now = Actor.of(request.user), timezone.now()
        if "replay" in request.POST:
            return self._replay(request, rules, by, now)
        if "frontier_of" in request.POST:
            return self._frontier(request, rules, by, now)
        if "take" in request.POST:
            return self._take(request, rules)
        act = next((each for each in DEEDS if each in request.POST), request.POST.get("act", ""))
        if act in {"up", "down", "remove"}:
            part = self._part(rules, *request.POST.get("part", ":").split(":", 1))
            if part is None:
                return self._gone(request, rules)
            try:
                with transaction.atomic():
                    if act == "remove":
                        remove_part(rule_set_id=rules.pk, part=part)
                    else:
                        move_part(rule_set_id=rules.pk, part=part, up=act == "up")
            except Refusal as refusal:
                messages.error(request, str(refusal.message))
            return redirect(page_of(rules))
        if act == "discard":
            return self._retire(request, rules, "", by)
        if act not in DEEDS:
            raise Http404
        form: Any = Activation(request.POST) if act == "activate" else Retirement(request.POST)
        if not form.is_valid():
            return self._page(request, rules, form=form, status=422)
        if act != "activate":
            return self._retire(request, rules, form.cleaned_data["reason"], by)
        try:
            with transaction.atomic():
                activate_rule_set(rule_set_id=rules.pk, by=by, now=now, **form.cleaned_data)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return self._page(request, self._one(request, rules.pk), reason=form.cleaned_data["reason"],
                              status=refusal.status)  # fmt: skip
        messages.success(request, _("“%s” decides from now on.") % rules)
        return redirect(page_of(rules))

    def _replay(self, request: HttpRequest, rules: RuleSet, by: Actor, now: datetime) -> HttpResponse:
        """Its page shows how far it is, and what came out."""
        period = ReplayPeriod(request.POST)
        if not period.is_valid():
            return self._page(request, rules, period=period, status=422)
        since, until = period.bounds(now)
        try:
            with transaction.atomic():
                replay = ask_replay(rule_set_id=rules.pk, since=since, until=until, by=by, now=now)
        except Refusal as refusal:
            period.add_error(None, str(refusal.message))
            return self._page(request, rules, period=period, status=refusal.status)
        return redirect(page_url("orders.routingreplay", replay.pk))

    def _frontier(self, request: HttpRequest, rules: RuleSet, by: Actor, now: datetime) -> HttpResponse:
        """Its page shows how far it is, then two sliders."""
        span = ReplayPeriod(request.POST, prefix="frontier")
        if not span.is_valid():
            return self._page(request, rules, span=span, status=422)
        since, until = span.bounds(now)
        try:
            with transaction.atomic():
                found = ask_frontier(rule_set_id=rules.pk, since=since, until=until, by=by, now=now)
        except Refusal as refusal:
            span.add_error(None, str(refusal.message))
            return self._page(request, rules, span=span, status=refusal.status)
        return redirect(page_url("orders.routingfrontier", found.pk))

    def _take(self, request: HttpRequest, rules: RuleSet) -> HttpResponse:
        """A setting that was tried, into the draft that it was tried for."""
        said = TakenSetting(request.POST)
        if not said.is_valid() or not rules.routingfrontiers.filter(pk=said.cleaned_data["frontier"]).exists():
            raise Http404
        taken = said.cleaned_data
        try:
            with transaction.atomic():
                take_setting(frontier_id=taken["frontier"], split=taken["split"], percent=taken["percent"])
            messages.success(request, _("The draft says both now: it decides when it is activated."))
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return redirect(page_of(rules))

    def _retire(self, request: HttpRequest, rules: RuleSet, reason: str, by: Actor) -> HttpResponse:
        if rules.status == Status.ACTIVE and not reason:
            raise Http404
        try:
            with transaction.atomic():
                retire_rule_set(rule_set_id=rules.pk, reason=reason, by=by)
            messages.success(request, _("“%s” decides no longer.") % rules)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        return redirect(page_of(rules))

    def _page(
        self, request: HttpRequest, rules: RuleSet, *, form: Any = None, reason: str = "", status: int = 200,
        period: Any = None, span: Any = None,
    ) -> HttpResponse:  # fmt: skip
        versions = list(RuleSet.objects.filter(name=rules.name).order_by("-version"))
        active = next((each for each in versions if each.status == Status.ACTIVE), None)
        if form is None and rules.status == Status.DRAFT:
            form = Activation(initial={"edits": rules.edits, "replaces": active.pk if active else None,
                                       "reason": reason})  # fmt: skip
        elif form is None:
            form = Retirement()
        replay = replay_seen(rules) if rules.status == Status.DRAFT else None
        seen = replay and {"url": page_url("orders.routingreplay", replay.pk), "period": period_words(replay),
                           "words": difference_words(replay)}  # fmt: skip
        if seen and isinstance(form, Activation):
            del form.fields["without_replay"]
        context = self.frame(request) | sentences(rules) | {
            "title": str(rules), "original": rules, "rules": rules, "form": form, "active": active,
            "period": period or ReplayPeriod(), "replays": latest_replays(rules),
            "seen": seen, "span": span or ReplayPeriod(prefix="frontier"), "frontiers": latest_frontiers(rules),
            "is_by_cost": rules.objective == RuleSet.Objective.COST,
            "unknown": [] if rules.status == Status.RETIRED else unknown_services(rules), "known": ", ".join(KNOWN),
            "is_draft": rules.status == Status.DRAFT, "is_active": rules.status == Status.ACTIVE,
            "may_change": self.has_change_permission(request, rules),
            "state": tag(rules.get_status_display(), TONES.get(Status(rules.status), "")),
            "activated_at": moment(rules.activated_at), "orders_url": reverse("admin:orders_ruleset_orders",
                                                                              args=[rules.pk]),
            "add_urls": {kind: reverse("admin:orders_ruleset_add_part", args=[rules.pk, kind]) for kind in PARTS},
            "copy_url": f"{reverse('admin:orders_ruleset_act', args=['copy'])}?pk={rules.pk}",
            "versions": [
                (each, tag(each.get_status_display(), TONES.get(Status(each.status), "")), page_of(each),
                 compare_url(each, rules) if each.pk != rules.pk else "")
                for each in versions
            ],
            "history": story(changes_of(rules.subject, dict(Status.choices))), **self._preview(request, rules),
        }  # fmt: skip
        return render(request, "admin/hq/rule_set.html", context, status=status)

    def _preview(self, request: HttpRequest, rules: RuleSet) -> dict[str, Any]:
        if rules.status == Status.RETIRED:
            return {}
        where = Where(request.GET if "zip" in request.GET else None)
        said = where.cleaned_data if where.is_bound and where.is_valid() else {"zip": "", "service": ""}
        found = preview(rules, zip_code=said["zip"], service=said["service"].strip(), now=timezone.now())
        return {"where": where, "preview": found}

    # --- its parts ----------------------------------------------------------------------------------------

    def orders_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For which orders, and what holds for an order as a whole."""
        rules = self._draft(request, pk)
        form = OrdersForm(request.POST or None, instance=rules)
        return self._edit(request, rules, form, _("Orders of %s") % rules,
                          lambda seen: edit_rule_set(rule_set_id=pk, fields=form.cleaned_data, edits=seen))  # fmt: skip

    def part_view(self, request: HttpRequest, pk: int, kind: str, part_pk: int | None = None) -> HttpResponse:
        """A filter, a price or a step: a new one, or one that is there."""
        rules = self._draft(request, pk)
        if kind not in PARTS:
            raise Http404
        model, make, label = PARTS[kind]
        part = model(rule_set=rules) if part_pk is None else self._part(rules, kind, part_pk)
        if part is None:
            return self._gone(request, rules)
        if model is RuleFilter and part_pk is None and (step := request.GET.get("step")):
            part.step = self._part(rules, "step", step)
            if part.step is None:
                return self._gone(request, rules)
        form = make(request.POST or None, instance=part)
        title = _("%(what)s of %(rules)s") % {"what": label, "rules": rules}
        if isinstance(part, RuleFilter) and part.step is not None:
            title = _("Filter of the step “%(step)s”") % {"step": part.step}
        return self._edit(request, rules, form, title,
                          lambda seen: put_part(rule_set_id=pk, part=form.save(commit=False),
                                                edits=None if part_pk is None else seen))  # fmt: skip

    def _edit(
        self, request: HttpRequest, rules: RuleSet, form: Any, title: str, write: Callable[[int], Any]
    ) -> HttpResponse:
        """What is written is about the draft as it was seen: nobody takes back what another person wrote meanwhile."""
        said = request.POST.get("edits", "")
        seen = int(said) if said.isdecimal() else rules.edits
        status = self._post(request, form, lambda: write(seen))
        if status == 302:
            return redirect(page_of(rules))
        context = self.frame(request) | {
            "title": title, "form": form, "original": rules, "back_url": page_of(rules), "edits": seen,
        }  # fmt: skip
        return render(request, "admin/hq/rule_part.html", context, status=status)

    def _post(self, request: HttpRequest, form: Any, write: Callable[[], Any]) -> int:
        """302 where it was written; a refusal keeps what was typed."""
        if request.method != "POST":
            return 200
        if not form.is_valid():
            return 422
        try:
            with transaction.atomic():
                write()
        except Refusal as refusal:
            form.add_error(None, str(refusal.message))
            return refusal.status
        return 302

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions, sentence by sentence."""
        old = self._one(request, pk)
        new = self._one(request, request.GET.get("with", ""))
        if old.name != new.name:
            raise Http404
        old, new = sorted((old, new), key=lambda each: each.version)
        title = _("%(name)s: version %(old)d and %(new)d") % {
            "name": old.name, "old": old.version, "new": new.version,
        }  # fmt: skip
        context = self.frame(request) | {
            "title": title, "original": new, "old": old, "new": new, "sections": compared(old, new),
            "old_url": page_of(old), "new_url": page_of(new),
        }  # fmt: skip
        return render(request, "admin/hq/rule_set_compare.html", context)

    def _one(self, request: HttpRequest, pk: Any) -> RuleSet:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rules = RuleSet.objects.filter(pk=pk).first() if str(pk).isdigit() else None
        if rules is None:
            raise Http404
        return rules

    def _draft(self, request: HttpRequest, pk: Any) -> RuleSet:
        rules = self._one(request, pk)
        if not self.has_change_permission(request, rules) or rules.status != Status.DRAFT:
            raise PermissionDenied
        return rules

    def _part(self, rules: RuleSet, kind: str, pk: Any) -> Any:
        """None where nobody has it any more: another person has removed it meanwhile."""
        if kind not in PARTS or not str(pk).isdigit():
            raise Http404
        part = PARTS[kind][0].objects.filter(pk=pk).first()
        if part is not None and part.rule_set_id != rules.pk:
            raise Http404
        return part

    def _gone(self, request: HttpRequest, rules: RuleSet) -> HttpResponse:
        messages.error(request, _("Somebody removed this sentence meanwhile."))
        return redirect(page_of(rules))

    # --- the list -----------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("rule set"))
    def named(self, rules: RuleSet) -> str:
        return str(rules)

    @admin.display(description=gettext_lazy("orders"))
    def orders(self, rules: RuleSet) -> str:
        return conditions_words(rules)

    @admin.display(description=gettext_lazy("looks for"))
    def looks_for(self, rules: RuleSet) -> str:
        return str(rules.get_objective_display())

    @admin.display(description=gettext_lazy("state"))
    def state(self, rules: RuleSet) -> Any:
        return tag(rules.get_status_display(), TONES.get(Status(rules.status), ""))

    @admin.display(description=gettext_lazy("activated"))
    def activated(self, rules: RuleSet) -> Any:
        if rules.activated_at is None:
            return link(_("Look, then activate"), page_of(rules)) if rules.status == Status.DRAFT else NOTHING
        return format_html("{}, {}", rules.activated_by, moment(rules.activated_at))


def page_of(rules: RuleSet) -> str:
    return reverse("admin:orders_ruleset_change", args=[rules.pk])


def compare_url(old: RuleSet, new: RuleSet) -> str:
    return f"{reverse('admin:orders_ruleset_compare', args=[old.pk])}?with={new.pk}"
