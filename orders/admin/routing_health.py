"""Routing health: what the router does each minute, in pictures; and each of its runs."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omni.core.access import scopes
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import NOTHING, list_url, moment, tag
from omni.core.hq.tiles import Tile, needs_person
from omni.core.settings_store import setting
from omni.core.ui import words
from omni.core.ui.words import money_words
from orders import preferences
from orders.admin.orders import ORDERS
from orders.admin.price_sets import prices_context
from orders.models import OrderException, RoutingRun
from orders.routing_health import (
    Ages,
    Predicted,
    declines,
    degraded_decisions,
    exception_ages,
    last_runs,
    predicted_against_actual,
    standing_still,
    today,
    troubles,
)

TITLE = gettext_lazy("Routing health")
TONES = {RoutingRun.Status.DONE: "done", RoutingRun.Status.RUNNING: "info", RoutingRun.Status.DEGRADED: "stop"}
SLOW = 60.0  # seconds; the next run is due by then
FAR = 0.15  # predicted and actual cost differ by more than this share
MOST_ROWS = 10
OLD = 3  # of the ages, from this one on it has waited too long
TICKS = 4  # times below a picture
AGE_WORDS = (
    gettext_lazy("up to 1 hour"), gettext_lazy("1 to 4 hours"), gettext_lazy("4 hours to 1 day"),
    gettext_lazy("1 to 3 days"), gettext_lazy("more than 3 days"),
)  # fmt: skip


@needs_person(29)
def degraded_routing(request: HttpRequest) -> Any:
    """Orders keep their plans, and somebody should know why what is decided is not what it should be."""
    if scopes(request.user, CONFIGURE) is not None:
        return
    now = timezone.now()
    wrong = troubles(now)
    label = ngettext("trouble with routing", "troubles with routing", len(wrong))
    note = wrong[0] if wrong else ""
    yield Tile(len(wrong), label, reverse("admin:routing_health"), "stop" if wrong else "done", note)
    if many := (worse := degraded_decisions(now)).count():  # told also when all is well again within a minute
        label = ngettext("decision was degraded in 24 hours", "decisions were degraded in 24 hours", many)
        at = words.named_words(worse[0].decided_at, zone=words.zone_of(None), now=now)
        note = _("the last at %(at)s: %(why)s") % {"at": at, "why": worse[0].degraded_because}
        yield Tile(many, label, list_url("orders.routingdecision", engine="degraded"), "warn", note)
    held_up, since = standing_still(now)
    if since:
        label = ngettext("order does not reach its location", "orders do not reach their locations", held_up)
        note = _("for %s: are the routing worker and the relay alive?") % words.ago_words(since, now=now)
        yield Tile(held_up, label, reverse("admin:routing_health"), "stop", note)


@admin.register(RoutingRun)
class RoutingRunAdmin(ReadOnlyAdmin):
    """Each look at all unreleased parcels together."""

    section, position, reads = ORDERS, 38, CONFIGURE
    pages = (("admin:routing_health", TITLE),)
    long = True
    list_display = ["at", "state", "orders", "moved", "promised", "conflicts", "saved", "took"]
    list_filter = ["status"]
    fields = [
        "at", "state", "degraded_reason", "prices_trouble", "orders", "lines",
        "left_out", "moved", "promised", "too_little", "conflicts",
        "saved", "cost", "gap_words", "read_seconds", "decide_seconds", "commit_seconds",
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [path("health/", view(self.health_view), name="routing_health"), *super().get_urls()]

    def health_view(self, request: HttpRequest) -> HttpResponse:
        return health_page(request, self.frame(request))

    @admin.display(description=gettext_lazy("started"))
    def at(self, run: RoutingRun) -> str:
        return moment(run.started_at)

    @admin.display(description=gettext_lazy("status"))
    def state(self, run: RoutingRun) -> str:
        if run.prices_trouble and run.status == RoutingRun.Status.DONE:
            return tag(_("Done, without prices"), "warn")
        return tag(run.get_status_display(), TONES.get(RoutingRun.Status(run.status), ""))

    @admin.display(description=gettext_lazy("saved"))
    def saved(self, run: RoutingRun) -> str:
        return money_words(run.saved_amount, currency="USD")

    @admin.display(description=gettext_lazy("cost of the plan"))
    def cost(self, run: RoutingRun) -> str:
        return money_words(run.planned_amount, currency="USD")

    @admin.display(description=gettext_lazy("gap"))
    def gap_words(self, run: RoutingRun) -> str:
        return NOTHING if run.gap is None else f"{run.gap:.2%}"

    @admin.display(description=gettext_lazy("seconds"))
    def took(self, run: RoutingRun) -> str:
        return f"{run.seconds:.1f}"


def health_page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """For who configures the whole chain: one router serves all of it."""
    if scopes(request.user, CONFIGURE) is not None:
        raise PermissionDenied
    now = timezone.now()
    runs = last_runs(now)
    day = today(now)
    context = base | {
        "title": TITLE, "now": now, "troubles": troubles(now),
        "day": day, "saved": money_words(day.saved, currency="USD"),
        "is_paused": setting(preferences.ROUTING_PAUSED), "runs": _runs(runs), "last": runs[-1] if runs else None,
        "runs_url": list_url("orders.routingrun"), "is_slow": day.slowest > SLOW,
        "degraded_url": list_url("orders.routingrun", status__exact=RoutingRun.Status.DEGRADED),
        "is_fresh": bool(runs) and now - runs[-1].started_at < timedelta(minutes=1),
        "decisions": degraded_decisions(now).count(), "still": standing_still(now),
        "decisions_url": list_url("orders.routingdecision", engine="degraded"),
        "declines": _declines(now), "ages": [_ages(each, now) for each in exception_ages(now)],
        "prices": prices_context(now),
        "exceptions_url": list_url("orders.orderexception"), "costs": _costs(predicted_against_actual()),
    }  # fmt: skip
    context |= {
        "ages_most": max((row["value"] for row in context["ages"]), default=0),
        "age_numbers": [(row["label"], row["spans"]) for row in context["ages"]],
        "cost_numbers": [(row["label"], row["told"]) for row in context["costs"]],
    }  # fmt: skip
    return render(request, "admin/hq/routing_health.html", context)


def _runs(runs: list[RoutingRun]) -> dict[str, Any]:
    """The last runs as lines: plans, moves and seconds of each."""
    last = runs[-10:]
    certified = [(run, run.gap) for run in runs if run.gap is not None]
    return {
        "plans": [run.orders for run in runs], "moved": [run.moved for run in runs],
        "seconds": [round(run.seconds, 2) for run in runs],
        "gaps": [gap * 100 for _run, gap in certified],
        "gap_numbers": [(_clock(run), f"{gap:.2%} · {intcomma(run.orders)}") for run, gap in reversed(certified[-10:])],
        "gap_ticks": _ends([run for run, _gap in certified]), "gap": f"{certified[-1][1]:.2%}" if certified else "",
        "gap_at": moment(certified[-1][0].started_at) if certified else "",
        "plan_numbers": [(_clock(run), intcomma(run.orders)) for run in reversed(last)],
        "move_numbers": [
            (_clock(run), f"{intcomma(run.moved)} · {money_words(run.saved_amount, currency='USD')}")
            for run in reversed(last)
        ],
        "second_numbers": [
            (_clock(run), f"{run.read_seconds:.1f} + {run.decide_seconds:.1f} + {run.commit_seconds:.1f}")
            for run in reversed(last)
        ],
        "ticks": _ends(runs),
        "column_ticks": [_clock(runs[(2 * n + 1) * len(runs) // (2 * TICKS)]) for n in range(TICKS)] if runs else [],
    }  # fmt: skip


def _ends(runs: list[RoutingRun]) -> list[str]:
    """Clocks of a few runs, evenly from the first to the last."""
    return [_clock(runs[n * (len(runs) - 1) // (TICKS - 1)]) for n in range(TICKS)] if runs else []


def _clock(run: RoutingRun) -> str:
    return f"{timezone.localtime(run.started_at):%H:%M}"


def _declines(now: datetime) -> dict[str, Any]:
    told = declines(now)
    places: list[dict[str, Any]] = [
        {"label": name, "value": n, "shown": intcomma(n), "tone": "warn",
         "url": list_url("orders.fulfillmentorder", at=code, status__exact="declined")}
        for code, name, n in told.places
    ]  # fmt: skip
    reasons: list[dict[str, Any]] = [
        {"label": capfirst(reason or _("no reason")), "value": n, "shown": intcomma(n), "tone": ""}
        for reason, n in told.reasons
    ]
    return {"total": told.total, "places": places, "reasons": reasons,
            "places_most": max((row["value"] for row in places), default=0),
            "reasons_most": max((row["value"] for row in reasons), default=0)}  # fmt: skip


def _ages(of: Ages, now: datetime) -> dict[str, Any]:
    """One kind: how many, since when, and behind the picture how many of them wait how long."""
    total = sum(of.counts)
    shown = _("%(n)s · oldest %(age)s") % {"n": intcomma(total), "age": words.ago_words(of.oldest, now=now)}
    return {
        "label": dict(OrderException.Kind.choices).get(of.kind, of.kind), "value": total, "shown": shown,
        "tone": "stop" if sum(of.counts[OLD:]) else "warn",
        "url": list_url("orders.orderexception", kind__exact=of.kind),
        "spans": ", ".join(f"{span}: {intcomma(n)}" for span, n in zip(AGE_WORDS, of.counts, strict=True) if n),
    }  # fmt: skip


def _costs(found: list[Predicted]) -> list[dict[str, Any]]:
    """By location: what the labels cost, of what the decisions counted with."""
    rows = []
    for each in found[:MOST_ROWS]:
        share = float(each.actual / each.predicted) if each.predicted else 0.0
        told = ngettext(
            "%(actual)s for %(n)d parcel, predicted %(predicted)s",
            "%(actual)s for %(n)d parcels, predicted %(predicted)s", each.parcels,
        ) % {"actual": money_words(each.actual, currency="USD"), "n": each.parcels,
             "predicted": money_words(each.predicted, currency="USD")}  # fmt: skip
        rows.append({"label": each.name, "value": min(share, 2.0), "shown": f"{share - 1:+.0%}", "told": told,
                     "tone": "warn" if abs(share - 1) > FAR else "done",
                     "url": list_url("orders.shipment", at=each.code)})  # fmt: skip
    return rows
