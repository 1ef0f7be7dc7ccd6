"""Keep why parcels come from where they come from, in the transaction that promises their units."""

from collections.abc import Sequence
from datetime import datetime

from orders.models import Order, RoutingDecision
from orders.operations.route import Decided
from orders.routing.rules import Objective

ENGINE = "1"  # raised whenever the same problem may be decided otherwise


def keep_decisions(
    *, order: Order, decided: Sequence[Decided], kind: RoutingDecision.Kind, now: datetime
) -> list[RoutingDecision]:  # fmt: skip
    """One row for each decision; one statement."""
    return RoutingDecision.objects.bulk_create(_row(order, each, kind, now) for each in decided)


def _row(order: Order, each: Decided, kind: RoutingDecision.Kind, now: datetime) -> RoutingDecision:
    row = RoutingDecision(
        order=order, kind=kind, decided_at=now, engine=ENGINE, shipments=each.shipments,
        unserved_quantity=each.missing, degraded_because=each.degraded,
    )  # fmt: skip
    if each.decision and each.policy and each.problem:
        rules, costs = each.policy.rules, each.policy.costs
        row.rule_set_id, row.rule_set_version = rules.key
        row.cost_parameters_id, row.tariff_id = costs.key
        row.rules = rules.name
        row.amount = each.decision.amount
        row.explanation = dict(each.explanation)
        if each.problem.weight and rules.objective == Objective.COST:
            row.price_set_id = each.policy.prices.key
        else:
            row.explanation.pop("priced", None)  # who is nearest, or stands first, is so at any price
        row.inputs = each.inputs
    return row
