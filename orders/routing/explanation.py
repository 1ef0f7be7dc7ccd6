"""Why this plan: what is stored with a decision, small and readable by a program.

step      name of the ladder's step
parcels   [[place, service, zone (from 0), billed pounds, working days late, [line positions]]]
given     [[line position, place, units]]
items     [[kind, name, place (0: none), amount]]: they sum to the cost
others    [[more than the chosen plan, [places]]], the next plans, cheapest first
shut      {rule: how many places it shut}
priced    what the chosen plan pays, by prices of units and slots that orders to come will need; it is in no item, and
          in every difference to another plan; only where prices were known
near      [[place, why, what]] of the ten nearest, nearest first: the rule's name for `closed` and `shut`, line
          positions for `lacks`, how much more for `dearer`
moved     of a move: `from` [places]; `saving`, below zero where another order's gain outweighs it; `for` [[number of
          the order that needed what it left, place, `units` or `slot`, what that order saves (null: it had no place
          before)]]; `by` [[number of the order that left what this one takes, place, `units` or `slot`]]
"""

from dataclasses import replace
from typing import Any

from orders.routing.decide import EXPLAINED, Decision
from orders.routing.explain import Because, Reason
from orders.routing.rules import NOT_SHUT
from orders.routing.single import reasons
from orders.routing.tables import NEVER_MIND

NEAR = 10
UNITS, SLOT = "units", "slot"  # what one order left to another


def explanation(name: str, decision: Decision) -> dict[str, Any]:
    """Of a decision at the ladder's step of this `name`; amounts are hundredths of a cent."""
    found, planned = decision.tables, decision.planned
    near = range(min(NEAR, len(found.places)))
    exact = planned.exact and len(found.lines) <= EXPLAINED
    whys = reasons(found.asked, found.orders, 0, replace(planned, exact=exact), near, because=found.judged.because)
    priced = {} if found.asked is found.net else {"priced": decision.paid}
    return priced | {
        "step": name,
        "parcels": [
            [each.place, each.service, each.zone, each.pounds, each.late, list(each.positions)]
            for each in decision.parcels
        ],
        "given": [[each.position, each.place, each.quantity] for each in decision.given],
        "items": [
            [str(item.kind), item.name, found.places[item.node].id if item.node >= 0 else 0, item.amount]
            for item in decision.items
        ],
        "others": [
            [other.dearer, list(dict.fromkeys(found.places[share.node].id for share in other.shares))]
            for other in planned.others
            if other.dearer < NEVER_MIND // 2
        ],
        "shut": dict(found.judged.excluded),
        "near": [[found.places[why.node].id, str(why.because), _what(decision, why)] for why in whys],
    }


def _what(decision: Decision, why: Reason) -> Any:
    found = decision.tables
    if why.because == Because.CLOSED:
        return found.judged.by_rule[why.rule] if why.rule != NOT_SHUT else ""
    if why.because == Because.SHUT:
        rules = [because for (_m, n), because in found.shut.items() if n == why.node]
        return found.judged.by_rule[rules[0]] if rules else ""
    if why.because == Because.LACKS:
        return [found.lines[m].position for m in why.lacks]
    is_told = why.because == Because.DEARER and decision.planned.exact and len(found.lines) <= EXPLAINED
    return why.dearer if is_told and abs(why.dearer) < NEVER_MIND // 2 else None
