"""What splits and stores' stock cost: past orders at many settings of both prices, as a picture with two sliders."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.core.hq.show import moment, page_url
from omni.core.ui.charts import round_steps
from orders.admin.routing_replay import AskedOfRules, dollars, period_words, signed, state_of
from orders.models import RoutingFrontier, RuleSet
from orders.operations.frontier import BEFORE, BESIDE, settings_of, sums_of
from orders.routing.batch import UNIT
from orders.routing.frontier import Setting, Tally, frontier
from orders.rule_presets import PRESETS

LATEST = 5
LEFT, RIGHT, TOP, BOTTOM = 15.0, 97.0, 6.0, 82.0  # of the picture, in percent
TICKS = 5  # at most, beside the first
CENT = UNIT // 100
FEWEST = 0.04  # the share of split orders that the picture reaches at least: its lines are whole percents then


def latest_frontiers(rules: RuleSet) -> list[tuple[str, str, str]]:
    """Links to the latest of a rule set, with their periods and states."""
    rows = RoutingFrontier.objects.filter(rule_set=rules).defer("sample", "sums")[:LATEST]
    return [(page_url("orders.routingfrontier", each.pk), period_words(each), state_of(each)) for each in rows]


@admin.register(RoutingFrontier)
class RoutingFrontierAdmin(AskedOfRules):
    """Each question what splits and stock cost."""

    position = 26
    list_display = ["named", "state", "asked", "asked_by", "orders"]
    asked_where = gettext_lazy(
        "The page of a rule set that looks for the cheapest asks what splits and stores' stock cost; what came out "
        "stands here."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoutingFrontier]:
        """What a list shows; a page reads its sums by itself."""
        return super().get_queryset(request).defer("sample", "sums")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """While it is at work the page asks again by itself; when it is done, the page is drawn anew."""
        found, asks_again = self._one(request, object_id), getattr(request, "htmx", False)
        if not found.is_at_work and asks_again:
            return HttpResponse(headers={"HX-Refresh": "true"})
        url = page_url("orders.routingfrontier", found.pk)
        context = self.frame(request) | {
            "title": _("Splits and stock in dollars: %s") % found.rule_set, "original": found, "frontier": found,
            "poll": url, "period": period_words(found), "asked": moment(found.asked_at),
            "rules_url": page_url("orders.ruleset", found.rule_set_id),
        }  # fmt: skip
        if found.is_at_work:
            return render(request, f"admin/hq/frontier_at_work.html{'#work' if asks_again else ''}", context)
        context |= {"is_draft": found.rule_set.status == RuleSet.Status.DRAFT}
        if found.status == RoutingFrontier.Status.DONE:
            context |= _result(found, request)
        return render(request, "admin/hq/frontier.html", context)

    def _one(self, request: HttpRequest, pk: Any) -> RoutingFrontier:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = RoutingFrontier.objects.select_related("rule_set").defer("sample")
        found = rows.filter(pk=pk).first() if str(pk).isdigit() else None
        if found is None:
            raise Http404
        return found

    @admin.display(description=gettext_lazy("rule set and period"))
    def named(self, found: RoutingFrontier) -> str:
        return f"{found.rule_set} · {period_words(found)}"

    @admin.display(description=gettext_lazy("state"))
    def state(self, found: RoutingFrontier) -> str:
        return state_of(found)

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, found: RoutingFrontier) -> str:
        return moment(found.asked_at)


@dataclass
class Row:
    """One setting as it is shown: `x` and `y` in the picture, figures by order, and a sentence."""

    setting: Setting
    tally: Tally
    price: str
    x: str
    y: str
    words: str
    difference: str
    is_best: bool = False
    is_present: bool = False
    is_chosen: bool = False

    @property
    def cost(self) -> str:
        return per_order(self.tally, self.tally.cost)

    @property
    def paid(self) -> str:
        return per_order(self.tally, self.tally.paid)

    @property
    def stock(self) -> str:
        return per_order(self.tally, self.tally.stock)

    @property
    def splits(self) -> str:
        return percent(self.tally.split, self.tally.orders)

    @property
    def from_stores(self) -> str:
        return percent(self.tally.from_stores, self.tally.units)


def per_order(tally: Tally, amount: int) -> str:
    return dollars(round(amount / tally.orders)) if tally.orders else dollars(0)


def percent(part: int, whole: int) -> str:
    return _("%s %%") % (f"{100 * part / whole:.1f}" if whole else "0.0")


def _result(found: RoutingFrontier, request: HttpRequest) -> dict[str, Any]:
    grid, named = sums_of(found)
    before, settings = named[BEFORE], settings_of(found)
    if not before.orders:
        return {"is_empty": True}
    scale = _Scale([*grid, before])
    present = Setting(round(found.rule_set.split_amount * UNIT), found.rule_set.unit_value_percent)
    rows = [_row(setting, tally, before, found, scale) for setting, tally in zip(settings, grid, strict=True)]
    best = frontier([(tally.split, tally.cost) for tally in grid])
    for n in best:
        rows[n].is_best = True
    for row in rows:
        row.is_present = row.setting == present
    says = next((row for row in rows if row.is_present), None)
    chosen = _chosen(rows, request) or says or rows[best[0]]
    chosen.is_chosen = True
    return {
        "rows": rows, "chosen": chosen, "steps": [(rows[a], rows[b]) for a, b in pairwise(best)],
        "ticks": scale.ticks, "frame": (f"{LEFT}%", f"{RIGHT}%", f"{TOP}%", f"{BOTTOM}%"),
        "before": (scale.x(before), scale.y(before)), "before_cost": per_order(before, before.cost),
        "before_splits": percent(before.split, before.orders), "tried": before.orders,
        "splits": [(each, dollars(found.split + each), each == chosen.setting.split) for each in found.splits],
        "percents": [(each, each == chosen.setting.percent) for each in found.percents],
        "own": dollars(found.split), "others": _others(before, says, named),
        "is_changed": found.rule_set.edits != found.edits,
    }  # fmt: skip


def _chosen(rows: Sequence[Row], request: HttpRequest) -> Row | None:
    said = request.GET.get("split", ""), request.GET.get("percent", "")
    return next((row for row in rows if (str(row.setting.split), str(row.setting.percent)) == said), None)


class _Scale:
    """From splits and cost to places in the picture."""

    def __init__(self, tallies: Sequence[Tally]) -> None:
        costs = [each.cost / each.orders for each in tallies if each.orders]
        room = (max(costs) - min(costs)) * 0.08 or UNIT / 100
        self.low, self.high = min(costs) - room, max(costs) + room
        self.widest = max(max((each.split / each.orders for each in tallies if each.orders), default=0) * 1.06, FEWEST)

    def x(self, tally: Tally) -> str:
        return self._across(tally.split / tally.orders if tally.orders else 0)

    def y(self, tally: Tally) -> str:
        return self._down(tally.cost / tally.orders if tally.orders else self.low)

    def _across(self, share: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * share / self.widest:.2f}%"

    def _down(self, cost: float) -> str:
        return f"{BOTTOM - (BOTTOM - TOP) * (cost - self.low) / (self.high - self.low):.2f}%"

    @property
    def ticks(self) -> dict[str, list[tuple[str, str]]]:
        """Where lines of the picture are, and what stands beside them."""
        cents = round_steps(self.low / CENT, self.high / CENT, most=TICKS)
        shares = round_steps(0, 100 * self.widest, most=TICKS)
        return {
            "down": [(self._down(each * CENT), dollars(each * CENT)) for each in cents],
            "across": [(self._across(each / 100), _("%s %%") % each) for each in shares],
        }


def _row(setting: Setting, tally: Tally, before: Tally, found: RoutingFrontier, scale: _Scale) -> Row:
    price = dollars(found.split + setting.split)
    less = tally.cost - before.cost
    told = {
        "price": price, "percent": setting.percent, "cost": per_order(tally, tally.cost),
        "splits": percent(tally.split, tally.orders), "stores": percent(tally.from_stores, tally.units),
        "against": _against(tally, less),
    }  # fmt: skip
    words = (
        _(
            "At %(price)s per split and %(percent)d %% of the stock's value: %(cost)s per order, %(splits)s of orders "
            "split, %(stores)s of units from stores: %(against)s."
        )
        % told
    )
    difference = signed(round(less / tally.orders)) if tally.orders else ""
    return Row(setting, tally, price, scale.x(tally), scale.y(tally), words, difference)


def _against(tally: Tally, less: int) -> str:
    amount = per_order(tally, abs(less))
    if less < 0:
        return _("%s less per order than as it was decided") % amount
    return _("%s more per order than as it was decided") % amount if less else _("it costs what it cost")


def _others(before: Tally, says: Row | None, named: dict[str, Tally]) -> dict[str, Any]:
    """What other systems would have done with the same orders, beside what was decided and these rules."""
    told: list[tuple[Any, Tally, str]] = [(_("As decided"), before, "")]
    told += [(_("These rules"), says.tally, "done")] if says else []
    told += [(PRESETS[name].label, named[name], "warn") for name in BESIDE]
    rows: list[dict[str, Any]] = [
        {"label": label, "value": max(0, tally.cost), "tone": tone,
         "shown": f"{per_order(tally, tally.cost)} ({signed(round((tally.cost - before.cost) / tally.orders))})"}
        for label, tally, tone in told
    ]  # fmt: skip
    numbers = [
        (label, _("%(splits)s split · %(stores)s from stores · %(late)s late · %(unserved)d units without a place") % {
            "splits": percent(tally.split, tally.orders), "stores": percent(tally.from_stores, tally.units),
            "late": percent(tally.late, tally.parcels), "unserved": tally.unserved})
        for label, tally, _tone in told
    ]  # fmt: skip
    return {"rows": rows, "whole": max(row["value"] for row in rows), "numbers": numbers}
