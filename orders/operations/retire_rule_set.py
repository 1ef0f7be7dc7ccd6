"""A rule set decides no longer: its orders have the next one that matches, at last the built-in "Cheapest"."""

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid
from omni.core.states import move
from orders import events
from orders.models import RuleSet
from orders.operations.activate_rule_set import news


@operation
def retire_rule_set(*, rule_set_id: int, reason: str, by: Actor) -> RuleSet:
    """End an active rule set, with a reason, or throw a draft away.

    Raises Invalid `reason_required`; Refusal `illegal_move` or `changed_meanwhile`.
    """
    rules = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    was_active = rules.status == RuleSet.Status.ACTIVE
    if was_active and not reason.strip():
        raise Invalid("reason_required", _("Say why, so that others understand it later."))
    move(rules, RuleSet.Status.RETIRED, by=by, reason=reason.strip()[:200])
    if was_active:
        payload = news(rules) | {"reason": reason.strip()[:200]}
        emit(events.RULE_SET_RETIRED, aggregate=("rule_set", str(rules.pk)), payload=payload, by=by)
    return rules
