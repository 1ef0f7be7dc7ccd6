"""Where the parcels of an order come from: the engine's plan at HQ's rules and costs, with the decision to be kept.

Should the engine fail, the nearest locations are taken and the decision says that it is degraded: an order is never
lost to a rule set or a tariff.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import Error

from inventory.atp import Site
from orders.models import OrderLine
from orders.operations.routing_policy import Policy, policy_for
from orders.operations.routing_problem import ship_problem, value_of
from orders.operations.whole_kits import WholeKit, bonds_of, is_missing, is_torn, kits_apart, whole_kits, widest_step
from orders.routing import simple
from orders.routing.decide import Decision, decide
from orders.routing.explanation import explanation
from orders.routing.problem import Problem, to_bytes
from orders.routing.tables import Tables, tables

logger = logging.getLogger(__name__)

Stock = dict[int, dict[int, int]]  # location -> variant -> units; what a plan takes leaves it


@dataclass(frozen=True)
class Decided:
    """One decision and what it was made of; without a `decision` it is `degraded`, and says why. It may be `degraded`
    with one: then it was made without prices."""

    policy: Policy | None
    problem: Problem | None
    decision: Decision | None
    degraded: str = ""
    shipments: int = 0
    missing: int = 0
    explanation: dict[str, Any] = field(default_factory=dict)
    inputs: bytes = b""


@dataclass
class Routed:
    """The plan for all lines that are shipped, and the decisions behind it."""

    plan: simple.Plan = field(default_factory=simple.Plan)
    decided: list[Decided] = field(default_factory=list)


def route(
    *,
    lines: Sequence[OrderLine],
    quantities: Mapping[int, int],
    sites: Sequence[Site],
    stock: Stock,
    channel: str,
    tags: Collection[str],
    now: datetime,
    excluded: Mapping[int, frozenset[int]],
) -> Routed:
    """Plan `quantities` (by position) of `lines`; `sites` are nearest first. Lines that go by another service or until
    another day are decided after each other."""
    routed = Routed()
    for group in _by_promise(lines):
        wants = [
            simple.Want(line.position, line.variant_id, quantities[line.position],
                        excluded.get(line.position, frozenset()))
            for line in group
        ]  # fmt: skip
        kits = whole_kits(group, quantities)
        held = {site.location.pk: stock[site.location.pk] for site in sites}
        plan, decided = _decided(group, quantities, sites, held, kits, channel, tags, now, excluded, wants)
        if any(is_torn(kit, plan) or is_missing(kit, plan) for kit in kits):
            apart = kits_apart(plan=plan, kits=kits, wants=wants, held=held, found=_widest(decided))
            if apart is not None:
                plan, decided = apart, _simply("Kits come from several locations.", apart)
        _take(plan, wants, held)
        routed.plan.shares += plan.shares
        routed.plan.missing |= plan.missing
        routed.decided.append(decided)
    return routed


def _by_promise(lines: Sequence[OrderLine]) -> list[list[OrderLine]]:
    groups: dict[tuple, list[OrderLine]] = {}
    for line in lines:
        groups.setdefault((line.service, line.deliver_by), []).append(line)
    return list(groups.values())


def _decided(
    lines: Sequence[OrderLine], quantities: Mapping[int, int], sites: Sequence[Site], held: Stock,
    kits: Sequence[WholeKit], channel: str, tags: Collection[str], now: datetime,
    excluded: Mapping[int, frozenset[int]], wants: Sequence[simple.Want],
) -> tuple[simple.Plan, Decided]:  # fmt: skip
    services = {line.service for line in lines if line.service}
    try:
        goods = value_of(lines, quantities)
        policy = policy_for(channel=channel, services=services, value=goods, tags=tags, now=now)
        problem = ship_problem(
            lines=lines, quantities=quantities, sites=sites, stock=held, policy=policy, channel=channel, tags=tags,
            now=now, excluded=excluded, bonds=bonds_of(kits),
        )  # fmt: skip
        decision = decide(problem, policy.rules, policy.costs)
        told = explanation(policy.rules.ladder[decision.step].name, decision)
        inputs = to_bytes(problem)
    except Error:
        raise  # the database's: the transaction is over, and its caller answers
    except Exception as trouble:
        logger.exception("Routing is degraded: the nearest locations are taken")
        plan = simple.plan(wants, [simple.Site(pk, shelf) for pk, shelf in held.items()])
        return plan, _simply(f"{type(trouble).__name__}: {trouble}", plan)
    plan = simple.Plan(
        [simple.Share(each.position, each.place, each.quantity) for each in decision.given], dict(decision.missing)
    )
    missing = sum(decision.missing.values())
    return plan, Decided(policy, problem, decision, policy.prices.trouble, len(decision.parcels), missing, told, inputs)


def _widest(decided: Decided) -> Tables | None:
    """All that the rules allow, where there were any."""
    if decided.policy is None or decided.problem is None:
        return None
    rules = decided.policy.rules
    return tables(decided.problem, rules, decided.policy.costs, widest_step(rules))


def _simply(why: str, plan: simple.Plan) -> Decided:
    shipments = len({share.site for share in plan.shares})
    return Decided(None, None, None, why[:200], shipments, sum(plan.missing.values()))


def _take(plan: simple.Plan, wants: Sequence[simple.Want], stock: Stock) -> None:
    item = {want.key: want.item for want in wants}
    for share in plan.shares:
        stock[share.site][item[share.key]] -= share.quantity
