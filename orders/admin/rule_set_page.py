"""What HQ's page of a rule set shows: its sentences, what it shuts out now, its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.geo import zip_centroid
from inventory.models import Location
from orders.models import RuleFilter, RuleSet, RuleStep
from orders.operations.routing_policy import draft_rules, group_names
from orders.operations.see_locations import see_locations
from orders.routing.rules import OrderFacts, columns, judge
from orders.rule_words import conditions_words, filter_words, limits_words, price_words, step_words


@dataclass(frozen=True)
class Sentence:
    """A part of a rule set as people read it; `key` names it in forms."""

    key: str
    words: str
    change_url: str
    is_first: bool
    is_last: bool


def sentences(rules: RuleSet) -> dict[str, Any]:
    """Everything it says, in its order."""
    groups, filters = group_names(), list(rules.filters.all())
    steps = list(rules.steps.all())
    return {
        "conditions": conditions_words(rules), "limits": limits_words(rules),
        "filters": _filters(rules, [each for each in filters if each.step_id is None], groups),
        "prices": _sentences(rules, "price", [(each.pk, price_words(each, groups)) for each in rules.prices.all()]),
        "steps": [
            (sentence, step, _filters(rules, [each for each in filters if each.step_id == step.pk], groups))
            for sentence, step in zip(
                _sentences(rules, "step", [(step.pk, _step(step, filters, groups)) for step in steps]), steps,
                strict=True,
            )
        ],
    }  # fmt: skip


def _step(step: RuleStep, filters: Sequence[RuleFilter], groups: dict[int, str]) -> str:
    return step_words(step, [each for each in filters if each.step_id == step.pk], groups)


def _filters(rules: RuleSet, filters: Sequence[RuleFilter], groups: dict[int, str]) -> list[Sentence]:
    return _sentences(rules, "filter", [(each.pk, filter_words(each, groups)) for each in filters])


def _sentences(rules: RuleSet, kind: str, rows: Sequence[tuple[int, str]]) -> list[Sentence]:
    return [
        Sentence(f"{kind}:{pk}", words, reverse("admin:orders_ruleset_part", args=[rules.pk, kind, pk]), n == 0,
                 n == len(rows) - 1)
        for n, (pk, words) in enumerate(rows)
    ]  # fmt: skip


@dataclass(frozen=True)
class StepPreview:
    """One step: who could serve, and how many each rule shuts out. `unasked` rules look at shelves, not at places."""

    name: str
    allowed: int
    shut: list[tuple[int, str]]
    unasked: list[str]


def preview(rules: RuleSet, *, zip_code: str, service: str, now: datetime) -> dict[str, Any]:
    """What it shuts out of all locations that ship, for an order that goes to a ZIP code by a service."""
    said, near = draft_rules(rules), zip_centroid(zip_code)
    places = list(Location.objects.active().filter(can_ship=True).with_closures().order_by("pk"))
    nodes = columns(see_locations(places, near=near, now=now))
    order = OrderFacts(services=frozenset({service} if service else ()))
    steps = []
    for n, step in enumerate(said.ladder[:-1]):
        judged = judge(said, order, nodes, n)
        shut = sorted(((count, name) for name, count in judged.excluded.items()), reverse=True)
        by_shelf = [each.name for each in said.at(n) if each.is_by_line and each.who.meets(order)]
        steps.append(StepPreview(step.name, int(judged.allowed.sum()), shut, by_shelf))
    return {
        "steps": steps, "places": len(places), "is_placed": near is not None, "zip": zip_code,
        "without_point": sum(place.point is None for place in places),
    }  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A sentence, and in which of two versions it stands."""

    words: str
    in_old: bool
    in_new: bool

    @property
    def tone(self) -> str:
        return "" if self.in_old and self.in_new else "done" if self.in_new else "stop"

    @property
    def mark(self) -> str:
        return _("in both") if self.in_old and self.in_new else _("new") if self.in_new else _("gone")


def compared(old: RuleSet, new: RuleSet) -> list[tuple[str, list[Difference]]]:
    """Section by section: what came, what went, what stayed."""
    before, after = (_plain(each) for each in (old, new))
    return [
        (title, [Difference(words, words in before[title], True) for words in after[title]]
         + [Difference(words, True, False) for words in before[title] if words not in after[title]])
        for title in after
    ]  # fmt: skip


def _plain(rules: RuleSet) -> dict[str, list[str]]:
    said = sentences(rules)
    ladder = [f"{n}. {step.name}: {each.words}" for n, (each, step, _own) in enumerate(said["steps"], start=1)]
    return {
        _("Orders"): [said["conditions"], _("Priority %d") % rules.priority],
        _("Looks for"): [str(rules.get_objective_display()), *said["limits"]],
        _("Filters"): [each.words for each in said["filters"]],
        _("Prices"): [each.words for each in said["prices"]],
        _("Ladder"): ladder,
    }  # fmt: skip
