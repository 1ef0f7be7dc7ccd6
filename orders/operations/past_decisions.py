"""Decisions as they were kept, read so that they can be made again by other rules."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from inventory.models import Location
from inventory.models.location_set import groups_and_sets_of
from orders.models import RoutingDecision, RuleSet
from orders.operations.routing_policy import costs_of, rules_of
from orders.routing.batch import UNIT
from orders.routing.decide import Given
from orders.routing.problem import from_bytes
from orders.routing.replay import Past, bill
from orders.routing.rules import OrderFacts


def past_of(row: RoutingDecision) -> Past | None:
    """A decision as it can be made again; None where it was kept in a form that is not read any more."""
    told = row.explanation
    try:
        problem = from_bytes(bytes(row.inputs))
        given = tuple(Given(*each) for each in told["given"])
    except (ValueError, KeyError, zlib.error):
        return None
    costs = costs_of((row.cost_parameters_id, row.tariff_id))
    items = [(kind, name, amount) for kind, name, _place, amount in told["items"]]
    lates = [late for _place, _service, _zone, _pounds, late, _positions in told["parcels"]]
    rules = rules_of((row.rule_set_id, row.rule_set_version))
    return Past(
        row.order_id, problem, given, bill(items, lates, row.unserved_quantity, costs), rules, costs,
        is_anew=row.kind == RoutingDecision.Kind.REPLAN,
    )  # fmt: skip


def groups_of(pasts: Sequence[Past]) -> dict[int, frozenset[int]]:
    """Of all locations that were asked: the groups and sets that they are in today."""
    ids = {place.id for past in pasts for place in past.problem.places}
    return groups_and_sets_of(list(Location.objects.filter(pk__in=ids)))


def grouped(past: Past, groups: Mapping[int, frozenset[int]]) -> Past:
    """The same with the groups of its locations."""
    places = [replace(place, groups=groups.get(place.id, frozenset())) for place in past.problem.places]
    return replace(past, problem=replace(past.problem, places=places))


def is_asked(rules: RuleSet, order: OrderFacts) -> bool:
    """Whether the conditions of a rule set meet an order."""
    return (
        (not rules.channels or order.channel in rules.channels)
        and (not rules.services or not order.services.isdisjoint(rules.services))
        and (not rules.tags or not order.tags.isdisjoint(rules.tags))
        and (rules.minimum_amount is None or order.value >= round(rules.minimum_amount * UNIT))
    )
