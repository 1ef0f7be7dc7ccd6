"""Ask what splits and stores' stock cost under a rule set, by the orders of a period; a worker decides them."""

from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin
from orders.models import RoutingFrontier, RuleSet
from orders.operations.draft_rule_set import edit_rule_set
from orders.operations.routing_policy import costs_now
from orders.routing.batch import UNIT

MOST_ORDERS = 1_000  # of a period; evenly drawn where there are more
SPLITS = (0, UNIT, 5 * UNIT // 2, 5 * UNIT, 10 * UNIT)  # of a rule set, beside the cost parameters' own
PERCENTS = (0, 50, 80, 100, 150)

SAMPLE = """
WITH placed AS (
    SELECT DISTINCT order_id FROM orders_routingdecision
     WHERE decided_at >= %s AND decided_at < %s AND kind = 'placement' AND amount IS NOT NULL
), numbered AS (
    SELECT order_id, row_number() OVER (ORDER BY order_id) - 1 AS n, count(*) OVER () AS total FROM placed
)
SELECT order_id, total FROM numbered WHERE n * %s / total <> (n - 1) * %s / total OR n = 0 OR total <= %s ORDER BY n
"""


@operation
def ask_frontier(*, rule_set_id: int, since: datetime, until: datetime, by: Actor, now: datetime) -> RoutingFrontier:
    """It waits for its worker. Its sample is of orders that the engine decided about as they were placed.

    Raises Invalid `empty_period`; Refusal `frontier_runs`, `not_by_cost`, `nothing_decided`.
    """
    until = min(until, now)
    if since >= until:
        raise Invalid("empty_period", _("This period ends before it begins."))
    rules = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    if rules.objective != RuleSet.Objective.COST:
        raise Refusal("not_by_cost", _("“%s” does not decide by cost: no price changes what it does.") % rules)
    if RoutingFrontier.objects.unfinished().filter(rule_set=rules).exists():
        raise Refusal("frontier_runs", _("“%s” is being tried already: wait for its end.") % rules)
    sample, orders = _sample(since, until)
    if not sample:
        raise Refusal("nothing_decided", _("In this period the engine decided about no order."))
    frontier = RoutingFrontier.objects.create(
        rule_set=rules, edits=rules.edits, since=since, until=until, asked_by=by.label, asked_at=now, orders=orders,
        sample=sample, total=len(sample), split=costs_now(now=now).split,
        splits=sorted({*SPLITS, round(rules.split_amount * UNIT)}),
        percents=sorted({*PERCENTS, rules.unit_value_percent}),
    )  # fmt: skip
    begin(frontier, by=by)
    return frontier


def _sample(since: datetime, until: datetime) -> tuple[list[int], int]:
    """Orders of a period, evenly spread where there are many; and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(SAMPLE, [since, until, MOST_ORDERS, MOST_ORDERS, MOST_ORDERS])
        rows = cursor.fetchall()
    return [order for order, _total in rows], rows[0][1] if rows else 0


@operation
def take_setting(*, frontier_id: int, split: int, percent: int) -> RoutingFrontier:
    """Write a split price and a value of stores' units that were tried into the draft that they were tried for.

    Raises Invalid `not_tried`; Refusal `holds_still`.
    """
    frontier = RoutingFrontier.objects.select_for_update().get(pk=frontier_id)
    if split not in frontier.splits or percent not in frontier.percents:
        raise Invalid("not_tried", _("Choose one of the settings that were tried."))
    seen = RuleSet.objects.get(pk=frontier.rule_set_id).edits
    fields = {"split_amount": Decimal(split) / UNIT, "unit_value_percent": percent}
    edit_rule_set(rule_set_id=frontier.rule_set_id, fields=fields)
    if frontier.edits == seen:  # what was tried is still what the draft says, but for these two
        frontier.edits = seen + 1
        frontier.save(update_fields=["edits"])
    return frontier
