"""Inventory health: how true the stock is, in pictures, each leading to the rows behind it."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.chances import BINS
from inventory.confidence import percent
from inventory.health.lag import Lag, lags, sent_to_channels, told_to_channels
from inventory.health.shelves import looks, short
from inventory.health.sureness import Sureness, sureness
from inventory.health.unexplained import Day, Unexplained, unexplained
from inventory.models import Drift, Feed, Location, SnapshotRow, StockMovement
from inventory.models.feed import QUIET_FACTOR
from inventory.models.movement import UNEXPLAINED
from inventory.models.snapshot import Outcome
from omni.core.access import scopes
from omni.core.hq.permissions import CONFIGURE, READ
from omni.core.hq.show import list_url, page_url
from omni.core.models import AuditRun
from omni.core.ui import words

TITLE = gettext_lazy("Inventory health")
RUNS = 30
EVERY = 6  # days, of which the middle one is named below the picture
# The columns of every picture of lag, in the order of the steps.
TICKS = ("1 s", "5 s", "1 min", "10 min", "1 h", "1 d", "")
SPANS = (
    gettext_lazy("up to 1 second"), gettext_lazy("up to 5 seconds"), gettext_lazy("up to 1 minute"),
    gettext_lazy("up to 10 minutes"), gettext_lazy("up to 1 hour"), gettext_lazy("up to 1 day"),
    gettext_lazy("more than a day"),
)  # fmt: skip
WITHIN = (
    gettext_lazy("within 1 second"), gettext_lazy("within 5 seconds"), gettext_lazy("within 1 minute"),
    gettext_lazy("within 10 minutes"), gettext_lazy("within 1 hour"), gettext_lazy("within 1 day"),
    gettext_lazy("after more than a day"),
)  # fmt: skip
FAR, ENOUGH = 0.1, 100  # what was said is off by more, where there are visits enough to tell
# From a movement's commit to its number in the changes feed.
TOLD_TICKS = ("0.1 s", "¼ s", "½ s", "1 s", "5 s", "1 min", "")
TOLD_SPANS = (
    gettext_lazy("under 0.1 second"), gettext_lazy("0.1 to 0.25 seconds"), gettext_lazy("0.25 to 0.5 seconds"),
    gettext_lazy("0.5 to 1 second"), gettext_lazy("1 to 5 seconds"), gettext_lazy("5 seconds to a minute"),
    gettext_lazy("longer"),
)  # fmt: skip
TOLD_WITHIN = (
    gettext_lazy("within 0.1 second"), gettext_lazy("within a quarter of a second"),
    gettext_lazy("within half a second"), gettext_lazy("within a second"), gettext_lazy("within 5 seconds"),
    gettext_lazy("within a minute"), gettext_lazy("after more than a minute"),
)  # fmt: skip
SLOW_TOLD = 4  # more than a second
SLOW = 4  # from this step on (more than 10 minutes) a source is told of


def health_page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """For managers their stores; feeds, lags and audits are of the whole chain and shown to who configures it."""
    where = scopes(request.user, READ)
    if where is not None and not where:
        raise PermissionDenied
    now = timezone.now()
    places = Location.objects.for_user(request.user, READ)
    loss = unexplained(now, places=None if where is None else list(places.values_list("pk", flat=True)))
    missing = short(places)
    context = base | {
        "title": TITLE, "now": now, "whole_chain": where is None, "loss": _loss(loss), "short": missing,
        "short_rows": _short_rows(missing.places), "short_url": list_url("inventory.stocklevel", short="yes"),
        "looks": (asked := looks(places, now)), "look_rows": _look_rows(asked.places),
        "looks_most": max((row["open"] for row in asked.places), default=0),
        "looks_url": list_url("inventory.cyclecount", overdue="yes"), "counts_url": list_url("inventory.cyclecount"),
        "waiting": _waiting(places),
        "sure": _sure(sureness(now, places=None if where is None else list(places.values_list("pk", flat=True)))),
    }  # fmt: skip
    if scopes(request.user, CONFIGURE) is None:
        context |= {
            "feeds": _feeds(now), "lags": [_lag(each) for each in lags(now)], "audit": _audit(),
            "told": [_told(each) for each in told_to_channels(now)], "sent": _lag(sent_to_channels(now)),
        }  # fmt: skip
    return render(request, "admin/hq/health.html", context)


# --- confidence -------------------------------------------------------------------------------------------------
def _sure(sure: Sureness) -> dict[str, Any]:
    """Of visits of which about the same was said: the share that was found, which should be what was said."""
    rows = [
        {"label": _("%(from)d–%(to)d %%") % {"from": 100 * n // BINS, "to": 100 * (n + 1) // BINS},
         "value": of.found, "tone": "warn" if abs(of.found - of.said) > FAR and of.visits >= ENOUGH else "done",
         "shown": ngettext("%(found)s of %(n)s visit, said %(said)s", "%(found)s of %(n)s visits, said %(said)s",
                           of.visits) % {"found": percent(of.found), "n": intcomma(of.visits),
                                         "said": percent(of.said)},
         "url": list_url("inventory.pickvisit", said=n)}
        for n, of in sorted(sure.bins.items(), reverse=True)
    ]  # fmt: skip
    return {"rows": rows, "visits": sure.visits, "brier": f"{sure.brier:.4f}", "base": f"{sure.base_brier:.4f}",
            "model": sure.model, "url": list_url("inventory.pickvisit"),
            "model_url": page_url("inventory.confidencemodel", sure.model.pk) if sure.model else ""}  # fmt: skip


# --- lag --------------------------------------------------------------------------------------------------------
def _lag(lag: Lag) -> dict[str, Any]:
    numbers = [(span, intcomma(count)) for span, count in zip(SPANS, lag.counts, strict=True)]
    slow = lag.step_of(0.99)
    return {
        "name": lag.name, "total": lag.total, "values": lag.counts, "ticks": TICKS, "numbers": numbers,
        "half": WITHIN[lag.step_of(0.5)], "most": WITHIN[slow], "tone": "warn" if slow >= SLOW else "done",
        "url": list_url("inventory.stockmovement", source__exact=lag.source) if lag.source else "",
    }  # fmt: skip


def _told(lag: Lag) -> dict[str, Any]:
    """The same for a source's movements on their way to the channels."""
    slow = lag.step_of(0.99)
    numbers = [(span, intcomma(count)) for span, count in zip(TOLD_SPANS, lag.counts, strict=True)]
    return {
        "name": lag.name or _("Our own screens and orders"), "total": lag.total, "values": lag.counts,
        "ticks": TOLD_TICKS, "numbers": numbers, "half": TOLD_WITHIN[lag.step_of(0.5)], "most": TOLD_WITHIN[slow],
        "tone": "warn" if slow >= SLOW_TOLD else "done",
        "url": list_url("inventory.stockmovement", source__exact=lag.source) if lag.source else "",
    }  # fmt: skip


# --- feeds ------------------------------------------------------------------------------------------------------
def _feeds(now: datetime) -> list[dict[str, Any]]:
    """The source that missed most of its rhythm first; the bar is how much of its patience is used up."""
    rows = [_feed(feed, now) for feed in Feed.objects.filter(is_active=True)]
    return sorted(rows, key=lambda row: (-row["value"], row["label"]))


def _feed(feed: Feed, now: datetime) -> dict[str, Any]:
    ago = words.ago_words(feed.heard_at, now=now)
    used = 0.0
    if feed.rhythm_minutes:
        patience = timedelta(minutes=feed.rhythm_minutes * QUIET_FACTOR)
        used = min(1.0, max(0.0, (now - feed.heard_at) / patience))
    shown = _("silent, last heard %s ago") % ago if feed.silent_since else _("heard %s ago") % ago
    return {"label": feed.name, "value": 1.0 if feed.silent_since else used, "shown": shown,
            "tone": "stop" if feed.silent_since else "warn" if used > 0.5 else "done",
            "url": page_url("inventory.feed", feed.pk)}  # fmt: skip


# --- drift ------------------------------------------------------------------------------------------------------
def _audit() -> dict[str, Any]:
    """The last run, and how many violations the runs before it found."""
    runs = list(AuditRun.objects.order_by("-pk")[:RUNS])
    if not runs:
        return {}
    last = runs[0]
    return {"at": last.at, "violations": last.violations, "checks": len(last.results),
            "values": [run.violations for run in reversed(runs)], "url": page_url("core.auditrun", last.pk),
            "broken": [each for each in last.results if each["count"]], "drift": Drift.objects.open().count(),
            "drift_url": list_url("inventory.drift", open="yes")}  # fmt: skip


def _waiting(places: Any) -> dict[str, Any]:
    """Differences that a person must decide."""
    rows = SnapshotRow.objects.filter(outcome=Outcome.REVIEW, location__in=places.values("pk"))
    found = rows.aggregate(
        n=Count("pk"), value=Sum("value"), oldest=Min(Coalesce("in_question_since", "snapshot__as_of"))
    )
    return {"n": found["n"], "value": found["value"] or Decimal(0), "oldest": found["oldest"],
            "url": list_url("inventory.snapshotrow")}  # fmt: skip


# --- shrink -----------------------------------------------------------------------------------------------------
def _loss(loss: Unexplained) -> dict[str, Any]:
    since = datetime.combine(loss.days[0].day, time.min, UTC)
    kinds = dict(StockMovement.Kind.choices)
    behind = {"kind__in": ",".join(UNEXPLAINED), "recorded_at__gte": since.isoformat()}
    kind_rows = [
        {"label": kinds[kind], "value": max(Decimal(0), of.net), "shown": _both(of),
         "url": list_url("inventory.stockmovement", kind__exact=kind, recorded_at__gte=since.isoformat())}
        for kind, of in sorted(loss.kinds.items(), key=lambda item: -item[1].net)
    ]  # fmt: skip
    place_rows = [
        {"label": f"{code} {name}", "value": net, "shown": _money(net),
         "url": list_url("inventory.stockmovement", at=code, **behind)}
        for code, name, net, _movements in loss.places
    ]  # fmt: skip
    item_rows = [
        {"label": f"{item.sku} {item.title}", "value": net,
         "shown": _("%(value)s · %(units)s units") % {"value": _money(net), "units": intcomma(units)},
         "url": list_url("inventory.stockmovement", sku=item.sku, **behind)}
        for item, net, units in loss.items
    ]  # fmt: skip
    return {
        "movements": loss.movements, "missing": loss.missing, "found": loss.found, "net": loss.missing - loss.found,
        "days": [float(day.missing) for day in loss.days],
        "ticks": [date_format(day.day, "M j") for day in loss.days[EVERY // 2 :: EVERY]],
        "numbers": [(day.day, _both(day)) for day in reversed(loss.days) if day.missing or day.found],
        "kinds": kind_rows, "kinds_most": _most(kind_rows), "places": place_rows, "places_most": _most(place_rows),
        "items": item_rows, "items_most": _most(item_rows), "url": list_url("inventory.stockmovement", **behind),
    }  # fmt: skip


def _both(day: Day) -> str:
    return _("−%(missing)s · +%(found)s") % {"missing": _money(day.missing), "found": _money(day.found)}


def _short_rows(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"label": f"{row['location__code']} {row['location__name']}", "value": row["units"],
         "shown": _("%(units)s units, %(shelves)s")
         % {"units": intcomma(row["units"]), "shelves": _shelves(row["shelves"])},
         "url": list_url("inventory.stocklevel", short="yes", at=row["location__code"])}
        for row in places
    ]  # fmt: skip


def _look_rows(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"label": f"{row['location__code']} {row['location__name']}", "value": row["open"],
         "tone": "warn" if row["overdue"] else "info",
         "shown": _("%(open)s open, %(overdue)s overdue")
         % {"open": intcomma(row["open"]), "overdue": intcomma(row["overdue"])},
         "url": list_url("inventory.cyclecount", at=row["location__code"])}
        for row in places
    ]  # fmt: skip


def _shelves(count: int) -> str:
    return ngettext("%s shelf", "%s shelves", count) % intcomma(count)


def _most(rows: list[dict[str, Any]]) -> Any:
    return max((row["value"] for row in rows), default=0)


def _money(value: Decimal) -> str:
    return words.money_words(value, currency="USD")
