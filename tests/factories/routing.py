"""Rule sets and costs for routing."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from omni.core.actors import Actor
from orders.models import (
    CostParameters,
    RoutingFrontier,
    RoutingReplay,
    RuleFilter,
    RulePrice,
    RuleSet,
    RuleStep,
    Tariff,
)
from orders.operations.activate_rule_set import activate_rule_set
from orders.operations.draft_rule_set import draft_rule_set, edit_rule_set, put_part
from orders.operations.set_costs import draft_costs, edit_costs, set_costs, set_tariff
from orders.routing.cost import MOST_POUNDS, ZONES

BY = Actor.system("test")
_names = count(1)


def rule_set(name: str = "", *, preset: str = "cheapest", filters=(), prices=(), **fields) -> RuleSet:
    """A draft; `filters` and `prices` as dictionaries of their fields."""
    draft = draft_rule_set(name=name or f"Rules {next(_names)}", preset=preset, by=BY)
    for each in filters:
        put_part(rule_set_id=draft.pk, part=RuleFilter(**each))
    for each in prices:
        put_part(rule_set_id=draft.pk, part=RulePrice(**each))
    if fields:
        edit_rule_set(rule_set_id=draft.pk, fields=fields)
    draft.refresh_from_db()
    return draft


def activated(draft: RuleSet, *, reason: str = "as agreed", by=BY, now=None) -> RuleSet:
    """As by somebody who has just looked at it, but replayed nothing."""
    old = RuleSet.objects.filter(name=draft.name, status="active").first()
    draft.refresh_from_db()
    return activate_rule_set(rule_set_id=draft.pk, edits=draft.edits, replaces=old.pk if old else None, reason=reason,
                             by=by, now=now or timezone.now(), without_replay=True)  # fmt: skip


def add_step(draft: RuleSet, name: str, *, filters=(), **fields) -> RuleStep:
    """A step behind the others, with its own filters."""
    step = put_part(rule_set_id=draft.pk, part=RuleStep(name=name, **fields))
    for each in filters:
        put_part(rule_set_id=draft.pk, part=RuleFilter(step=step, **each))
    return step


def costs_set(*, now=None, after: timedelta = timedelta(hours=1), **fields) -> CostParameters:
    """Cost parameters that count after a while."""
    now = now or timezone.now()
    draft = draft_costs(effective_from=now + after, by=BY, now=now)
    draft = edit_costs(parameters_id=draft.pk, fields=fields) if fields else draft
    return set_costs(parameters_id=draft.pk, edits=draft.edits, reason="as agreed", by=BY, now=now)


def tariff_set(
    service: str, amount: int | None, *, days: int = 2, now=None, after: timedelta = timedelta(hours=1)
) -> Tariff:  # fmt: skip
    """The same rate everywhere, in hundredths of a cent; None: not offered any more."""
    now = now or timezone.now()
    rates = [] if amount is None else [[amount] * (MOST_POUNDS + 1)] * ZONES
    return set_tariff(service=service, effective_from=now + after, rates=rates, days=[days] * ZONES,
                      reason="as agreed", by=BY, now=now)  # fmt: skip


def replay_done(**fields) -> RoutingReplay:
    """One that has ended, without orders."""
    now = timezone.now()
    known = {"rule_set": RuleSet.objects.first() or rule_set("World", filters=[{"kind": "open"}]),
             "since": now - timedelta(days=1), "until": now, "asked_by": "test", "asked_at": now, "status": "done",
             "finished_at": now, "total": 0, "orders": 0}  # fmt: skip
    return RoutingReplay.objects.create(**(known | fields))


def frontier_done(**fields) -> RoutingFrontier:
    """One that has ended: two settings, one order."""
    now = timezone.now()
    known = {"rule_set": RuleSet.objects.filter(objective="cost").first() or rule_set("World frontier"),
             "since": now - timedelta(days=1), "until": now, "asked_by": "test", "asked_at": now, "status": "done",
             "finished_at": now, "total": 1, "done": 1, "orders": 1, "sample": [1], "split": 15_000, "splits": [0],
             "percents": [0, 100], "sums": {
                 "grid": [[90_000, 30_000, 2, 0, 0, 2, 2, 1, 1], [100_000, 0, 1, 0, 0, 2, 0, 1, 0]],
                 "before": [100_000, 5_000, 1, 0, 0, 2, 1, 1, 0], "nearest": [120_000, 9_000, 2, 0, 0, 2, 2, 1, 1],
                 "fewest_splits": [110_000, 0, 1, 0, 0, 2, 0, 1, 0], "sequential": [110_000, 0, 1, 0, 0, 2, 0, 1, 0],
             }}  # fmt: skip
    return RoutingFrontier.objects.create(**(known | fields))
