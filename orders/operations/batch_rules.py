"""What HQ's rules say of each order of a batch: the step of the ladder that it stands on, and what that shuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from inventory.models import ShelfSign
from inventory.models.availability_rule import path_of
from orders.operations.batch_values import Rows
from orders.operations.read_batch import Batch, Wanted
from orders.routing.batch import UNIT, Ints
from orders.routing.rules import (
    FilterKind,
    LineFacts,
    NodeFacts,
    Nodes,
    OrderFacts,
    Rules,
    columns,
    judge,
    judge_lines,
)

FREE = 0  # the judgment of orders that no rule speaks of


@dataclass
class OrdersJudged:
    """By order which of the judgments holds; 0 is of those that no rule speaks of."""

    of_order: list[int]
    allowed: list[Ints]
    price: list[Ints]
    by_line: dict[int, tuple[Rules, OrderFacts, int]] = field(default_factory=dict)  # orders with rules on their items
    nodes: Nodes | None = None

    def shut_lines(
        self, lines: Sequence[Wanted], start: Ints, rows: Rows, sku: Ints, places: Sequence[int], now: datetime
    ) -> dict[int, set[int]]:  # fmt: skip
        """By line the nodes that a filter on its item or shelf shuts."""
        counted = self._counted(lines, start, places, now)
        shut: dict[int, set[int]] = {}
        for order, (rules, facts, step) in self.by_line.items():
            own = range(int(start[order]), int(start[order + 1]))
            available = np.zeros((len(own), len(places)), np.int64)
            for n, line in enumerate(own):
                of = slice(int(rows.start[sku[line]]), int(rows.start[sku[line] + 1]))
                available[n, rows.node[of]] = rows.there[of]
            assert self.nodes is not None
            never = np.full(len(places), np.nan)
            found = judge_lines(
                rules, facts, [_line_facts(lines[n]) for n in own], self.nodes, step,
                counted=np.array([counted.get(lines[n].variant_id, never) for n in own]), available=available,
            )  # fmt: skip
            for line, node in zip(found.line.tolist(), found.node.tolist(), strict=True):
                shut.setdefault(own[line], set()).add(node)
        return shut

    def _counted(
        self, lines: Sequence[Wanted], start: Ints, places: Sequence[int], now: datetime
    ) -> dict[int, Ints]:  # fmt: skip
        """By variant the days since its shelf was counted at each node; only where a rule asks for them."""
        asking = [n for n, (rules, _facts, step) in self.by_line.items() if _asks_for_counts(rules, step)]
        variants = {lines[n].variant_id for order in asking for n in range(int(start[order]), int(start[order + 1]))}
        if not variants:
            return {}
        by_variant = {}
        for variant, found in ShelfSign.objects.counted(variants=variants, places=places, now=now).items():
            days = by_variant[variant] = np.full(len(places), np.nan)
            days[np.searchsorted(places, found["location"])] = found["days"].round(2)
        return by_variant


def _asks_for_counts(rules: Rules, step: int) -> bool:
    return any(each.kind == FilterKind.COUNTED for each in rules.at(step))


def judge_orders(
    orders: Sequence[Sequence[Wanted]], rules: Sequence[Rules], batch: Batch, now: datetime, *, held: Sequence[Ints],
    miles: Callable[[int], Ints],
) -> OrdersJudged:  # fmt: skip
    """Each order stands on the first step of its ladder that allows all locations it is promised from, one that waits
    on the widest: a move never looks farther than its placement did."""
    plain = OrdersJudged(
        [FREE] * len(orders), [np.ones(len(batch.places), bool)], [np.zeros(len(batch.places), np.int64)]
    )
    if all(_says_nothing(each) for each in rules):
        return plain
    nodes = _nodes(batch, now)
    plain.nodes = nodes
    known: dict[tuple, tuple[int, int]] = {}
    for n, (own, these) in enumerate(zip(orders, rules, strict=True)):
        if _says_nothing(these):
            continue
        facts = _order_facts(own)
        stands = frozenset(node for node in held[n].tolist() if node >= 0)
        where = n if _measures_miles(these) else -1
        key = (these.key, facts.services, stands, where)
        if key not in known:
            known[key] = _judged(plain, these, facts, stands, nodes.at(miles(n)) if where >= 0 else nodes)
        plain.of_order[n], step = known[key]
        if any(each.is_by_line for each in these.at(step)):
            plain.by_line[n] = these, facts, step
    return plain


def _judged(to: OrdersJudged, rules: Rules, facts: OrderFacts, stands: frozenset[int], nodes: Nodes) -> tuple[int, int]:
    """The number of the judgment, and the step."""
    steps = [n for n, step in enumerate(rules.ladder) if not step.park]
    for step in steps:
        found = judge(rules, facts, nodes, step)
        if (stands and found.allowed[list(stands)].all()) or step == steps[-1]:
            break
    to.allowed.append(found.allowed)
    to.price.append(found.price)
    return len(to.allowed) - 1, step


def _says_nothing(rules: Rules) -> bool:
    filters = [each for step, rung in enumerate(rules.ladder) if not rung.park for each in rules.at(step)]
    return not filters and not rules.prices


def _measures_miles(rules: Rules) -> bool:
    return any(each.kind == FilterKind.DISTANCE for step in range(len(rules.ladder)) for each in rules.at(step))


def _order_facts(own: Sequence[Wanted]) -> OrderFacts:
    value = round(sum(float(each.price) * each.quantity for each in own) * UNIT)
    services = frozenset(each.service for each in own if each.service)
    return OrderFacts(services, own[0].channel, value, frozenset(own[0].tags))


def _line_facts(each: Wanted) -> LineFacts:
    return LineFacts(path_of(each.category), frozenset(each.item_tags), each.is_hazmat, each.quantity)


def _nodes(batch: Batch, now: datetime) -> Nodes:
    taken = {}
    for place in batch.places:
        today = place.schedule.local_day(now)
        soon = [batch.used.get((place.pk, today + timedelta(days=n)), (0, 0))[0] for n in (0, 1)]
        taken[place.pk] = max(soon)
    return columns([
        NodeFacts(
            id=place.pk, kind=place.kind, groups=batch.groups[place.pk],
            is_open=place.schedule.opens_today(now), is_paused=place.is_paused(now),
            taken=taken.get(place.pk, 0),
        )
        for place in batch.places
    ])  # fmt: skip
