"""A rule holds no longer: what it matched has the number of the next rule, or of its location, from this moment."""

from inventory import events
from inventory.models import AvailabilityRule
from inventory.operations.activate_rule import news
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.states import move


@operation
def retire_rule(*, rule_id: int, reason: str, by: Actor) -> AvailabilityRule:
    """Undo an active rule, or throw a draft away. Raises Refusal `illegal_move` or `changed_meanwhile`."""
    rule = AvailabilityRule.objects.select_for_update().get(pk=rule_id)
    was_active = rule.status == AvailabilityRule.Status.ACTIVE
    move(rule, AvailabilityRule.Status.RETIRED, by=by, reason=reason.strip()[:200])
    if was_active:
        emit(events.RULE_RETIRED, aggregate=("availability_rule", str(rule.pk)), payload=news(rule), by=by)
    return rule
