"""Replays on past orders: how far one is, then what its rules would have cost, in dollars and order by order."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.db.models.functions import Abs
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Location
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import moment, page_url, tag
from omni.core.ui.words import money_words
from orders.models import RoutingFrontier, RoutingReplay, RuleFilter, RuleSet
from orders.routing.batch import UNIT

Status = RoutingReplay.Status
TONES = {Status.DONE: "done", Status.FAILED: "stop"}
SPANS = {"day": 1, "week": 7, "weeks": 28}  # days
MOST_ROWS = 100
LATEST = 5


class ReplayPeriod(forms.Form):
    """Which past orders."""

    span = forms.ChoiceField(
        label=gettext_lazy("Orders of"), initial="week",
        choices=[("day", gettext_lazy("the last day")), ("week", gettext_lazy("the last week")),
                 ("weeks", gettext_lazy("the last 4 weeks")), ("dates", gettext_lazy("the days given here"))],
    )  # fmt: skip
    first = forms.DateField(
        label=gettext_lazy("First day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("span") == "dates":
            for name in ("first", "last"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Say which day."))
        return said

    def bounds(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when; days begin at midnight where HQ is."""
        said = self.cleaned_data
        if said["span"] == "dates":
            return _midnight(said["first"]), _midnight(said["last"] + timedelta(days=1))
        return now - timedelta(days=SPANS[said["span"]]), now


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def latest_replays(rules: RuleSet) -> list[tuple[str, str, str]]:
    """Links to the latest of a rule set, with their periods and states."""
    return [
        (page_url("orders.routingreplay", each.pk), period_words(each), state_of(each))
        for each in RoutingReplay.objects.filter(rule_set=rules)[:LATEST]
    ]


def period_words(replay: RoutingReplay | RoutingFrontier) -> str:
    since, until = (timezone.localtime(each) for each in (replay.since, replay.until))
    return _("%(since)s to %(until)s") % {
        "since": date_format(since, "M j, Y, H:i"), "until": date_format(until, "DATETIME_FORMAT"),
    }  # fmt: skip


def state_of(replay: RoutingReplay | RoutingFrontier) -> str:
    label = replay.get_status_display()
    if replay.is_at_work:
        label = f"{label} · {replay.percent} %"
    return tag(label, TONES.get(Status(replay.status), "info"))


class AskedOfRules(ReadOnlyAdmin):
    """What a rule set's page asks of past orders: a list of answers, and where to ask."""

    section, reads = gettext_lazy("Routing"), CONFIGURE
    long = True
    list_filter = ["status"]
    list_select_related = ["rule_set"]
    fields = ["rule_set", "since", "until", "status"]
    change_list_template = "admin/hq/replays.html"
    asked_where: Any = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"asked_where": self.asked_where})


@admin.register(RoutingReplay)
class RoutingReplayAdmin(AskedOfRules):
    """Each question what a rule set would have done."""

    position = 25
    list_display = ["named", "state", "asked", "asked_by", "orders", "moved", "difference"]
    asked_where = gettext_lazy(
        "A rule set's page asks what its rules would have done with the orders of a period; what came out stands here."
    )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """While it is at work the page asks again by itself; when it is done, the page is drawn anew."""
        replay, asks_again = self._one(request, object_id), getattr(request, "htmx", False)
        if not replay.is_at_work and asks_again:
            return HttpResponse(headers={"HX-Refresh": "true"})
        url = page_url("orders.routingreplay", replay.pk)
        context = self.frame(request) | {
            "title": _("Replay of %s") % replay.rule_set, "original": replay, "replay": replay, "poll": url,
            "period": period_words(replay), "asked": moment(replay.asked_at),
            "rules_url": page_url("orders.ruleset", replay.rule_set_id),
        }  # fmt: skip
        if replay.is_at_work:
            return render(request, f"admin/hq/replay_at_work.html{'#work' if asks_again else ''}", context)
        return render(request, "admin/hq/replay.html", context | _result(replay))

    def _one(self, request: HttpRequest, pk: Any) -> RoutingReplay:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = RoutingReplay.objects.select_related("rule_set").defer("shelves")
        replay = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if replay is None:
            raise Http404
        return replay

    @admin.display(description=gettext_lazy("replay"))
    def named(self, replay: RoutingReplay) -> str:
        return f"{replay.rule_set} · {period_words(replay)}"

    @admin.display(description=gettext_lazy("state"))
    def state(self, replay: RoutingReplay) -> str:
        return state_of(replay)

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, replay: RoutingReplay) -> str:
        return moment(replay.asked_at)

    @admin.display(description=gettext_lazy("difference"))
    def difference(self, replay: RoutingReplay) -> str:
        return signed(_cost(replay))


def _cost(replay: RoutingReplay) -> int:
    before, after = (replay.totals.get(side, {}).get("cost", 0) for side in ("before", "after"))
    return int(after - before)


def difference_words(replay: RoutingReplay) -> str:
    """What its rules would have cost more, or saved."""
    cost = _cost(replay)
    if not cost:
        return _("no difference in cost")
    words = _("%s: these rules would have cost more") if cost > 0 else _("%s: these rules would have saved")
    return words % signed(cost)


def dollars(amount: int) -> str:
    return money_words(Decimal(amount) / UNIT, currency="USD")


def signed(amount: int) -> str:
    """With a plus where it would have cost more."""
    return f"+{dollars(amount)}" if amount > 0 else dollars(amount)


def _result(replay: RoutingReplay) -> dict[str, Any]:
    before, after = (replay.totals.get(side, {}) for side in ("before", "after"))
    orders = replay.orders or 1
    pictures: list[tuple[Any, str, Callable[[int], str]]] = [
        (_("Cost"), "cost", dollars), (_("Postage"), "postage", dollars), (_("Labor"), "labor", dollars),
        (_("Parcels per order"), "parcels", lambda n: f"{n / orders:.2f}"),
        (_("Late parcels"), "late", intcomma), (_("Units without a place"), "unserved", intcomma),
    ]  # fmt: skip
    rows = _rows(replay)
    return {
        "pictures": [
            _picture(title, before.get(name, 0), after.get(name, 0), shown) for title, name, shown in pictures
        ],
        "difference": signed(_cost(replay)), "is_dearer": _cost(replay) > 0, "is_cheaper": _cost(replay) < 0,
        "is_partly_asked": RuleFilter.objects.filter(
            rule_set=replay.rule_set, kind__in=[RuleFilter.Kind.DAILY, RuleFilter.Kind.COUNTED]
        ).exists(),
        "rows": rows, "not_shown": replay.different - len(rows),
    }  # fmt: skip


def _picture(title: str, before: int, after: int, shown: Callable[[int], str]) -> dict[str, Any]:
    tone = "stop" if after > before else "done" if after < before else "info"
    return {
        "title": title, "whole": max(before, after, 0),
        "rows": [
            {"label": _("As decided"), "value": max(0, before), "shown": shown(before), "tone": ""},
            {"label": _("By these rules"), "value": max(0, after), "shown": shown(after), "tone": tone},
        ],
    }  # fmt: skip


def _rows(replay: RoutingReplay) -> list[dict[str, Any]]:
    """Those that differ by most dollars first."""
    found = list(
        replay.rows.select_related("decision__order")
        .defer("decision__inputs", "decision__explanation")
        .order_by(Abs(F("amount_after") - F("amount_before")).desc(), "pk")[:MOST_ROWS]
    )
    ids = {pk for row in found for pk in (*row.places_before, *row.places_after)}
    names = dict(Location.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "number": row.decision.order.number, "url": page_url("orders.order", row.decision.order_id),
            "kind": row.decision.get_kind_display(), "at": moment(row.decision.decided_at),
            "before": [names.get(pk, pk) for pk in row.places_before],
            "after": [names.get(pk, pk) for pk in row.places_after],
            "amounts": (dollars(row.amount_before), dollars(row.amount_after)),
            "difference": signed(row.amount_after - row.amount_before),
        }
        for row in found
    ]  # fmt: skip
