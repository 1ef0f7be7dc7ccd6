"""Go on with what splits and stores' stock cost: the orders of a sample, each at many settings.

Each order is decided by itself, on the shelves as they were then: one setting takes nothing from another.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import product

from django.db import transaction

from omni.core.actors import Actor
from omni.core.operation import retried
from orders.models import RoutingDecision, RoutingFrontier
from orders.operations.past_decisions import grouped, groups_of, is_asked, past_of
from orders.operations.past_trials import PATIENCE, finish, go_on_with, taken_up
from orders.operations.routing_policy import draft_rules, preset_rules
from orders.routing.frontier import Setting, Tally, as_said, tallies
from orders.routing.replay import Past, answerable, names_groups
from orders.routing.rules import Rules
from orders.rule_presets import PRESETS

BY = Actor.system("frontier")
SLICE = 10  # orders
BESIDE = ("nearest", "fewest_splits", "sequential")  # presets: what other systems do
BEFORE = "before"  # what was really decided


def go_on(*, now: datetime, patience: float = PATIENCE) -> int:
    """Slices of those that wait or run; returns how many."""
    return go_on_with(RoutingFrontier, lambda pk: try_next(frontier_id=pk, now=now), by=BY, now=now, patience=patience)


@retried
@transaction.atomic
def try_next(*, frontier_id: int, now: datetime, most: int = SLICE) -> bool:
    """Decide the next orders at each setting; False where another worker is at it or it has ended."""
    frontier = taken_up(RoutingFrontier, frontier_id, by=BY, now=now)
    if frontier is None:
        return False
    _decide(frontier, frontier.sample[frontier.done : frontier.done + most])
    frontier.done = min(frontier.total, frontier.done + most)
    frontier.save()
    if frontier.done < frontier.total:
        return True
    finish(frontier, by=BY, now=now)
    return False


def settings_of(frontier: RoutingFrontier) -> list[Setting]:
    """All that are tried, in the order of their sums."""
    return [Setting(*each) for each in product(frontier.splits, frontier.percents)]


def sums_of(frontier: RoutingFrontier) -> tuple[list[Tally], dict[str, Tally]]:
    """What each setting comes to, in the order of `settings_of`; and by name the presets and what was decided."""
    grid = [Tally(*each) for each in frontier.sums.get("grid", [])] or [Tally() for _each in settings_of(frontier)]
    named = {name: Tally(*frontier.sums.get(name, [])) for name in (*BESIDE, BEFORE)}
    return grid, named


def _decide(frontier: RoutingFrontier, orders: list[int]) -> None:
    rules, settings = draft_rules(frontier.rule_set), settings_of(frontier)
    beside = {name: preset_rules(PRESETS[name]) for name in BESIDE}
    grid, named = sums_of(frontier)
    for pasts in _pasts(frontier, orders, rules):
        if not pasts:
            frontier.left_out += 1
            continue
        tried = [tallies(past.problem, answerable(rules, past.rules), past.costs, settings) for past in pasts]
        grid = [sums + _whole(each) for sums, each in zip(grid, zip(*tried, strict=True), strict=True)]
        named[BEFORE] += _whole(as_said(past.problem, past.rules, past.costs) for past in pasts)
        for name, others in beside.items():
            named[name] += _whole(as_said(past.problem, others, past.costs) for past in pasts)
    frontier.sums = {"grid": [each.plain for each in grid]} | {name: each.plain for name, each in named.items()}


def _whole(plans: Iterable[Tally]) -> Tally:
    return sum(plans, Tally()).as_order


def _pasts(frontier: RoutingFrontier, orders: list[int], rules: Rules) -> list[list[Past]]:
    """Of each order what was decided as it was placed; nothing where the rules are not asked about all of it."""
    rows = RoutingDecision.objects.filter(order__in=orders, kind=RoutingDecision.Kind.PLACEMENT)
    rows = rows.filter(amount__isnull=False, decided_at__gte=frontier.since, decided_at__lt=frontier.until)
    found: dict[int, list[Past | None]] = defaultdict(list)
    for row in rows.order_by("pk"):
        past = past_of(row)
        found[row.order_id].append(past if past and is_asked(frontier.rule_set, past.problem.order) else None)
    whole = [[past for past in found[order] if past] if all(found[order]) else [] for order in orders]
    if not names_groups(rules):
        return whole
    groups = groups_of([past for pasts in whole for past in pasts])
    return [[past if names_groups(past.rules) else grouped(past, groups) for past in pasts] for pasts in whole]
