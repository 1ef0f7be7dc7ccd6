"""A rule holds from this moment, on every channel and at every place that it speaks of."""

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import AvailabilityRule
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move


@operation
def activate_rule(*, rule_id: int, version: int, reason: str, by: Actor) -> AvailabilityRule:
    """Let a draft hold, as it was in this `version`, the one whose effect was shown.

    Raises Invalid `reason_required`; Refusal `changed_meanwhile` where somebody wrote into it since, `illegal_move` or
    `changed_meanwhile` where it is no draft any more. What was promised before stays promised.
    """
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that others understand it later."))
    rule = AvailabilityRule.objects.select_for_update().get(pk=rule_id)
    if rule.status == AvailabilityRule.Status.DRAFT and rule.version != version:
        raise Refusal("changed_meanwhile", _("Somebody changed this draft after its effect was shown. Look again."))
    move(rule, AvailabilityRule.Status.ACTIVE, by=by, reason=reason.strip()[:200])
    emit(events.RULE_ACTIVATED, aggregate=("availability_rule", str(rule.pk)), payload=news(rule), by=by)
    return rule


def news(rule: AvailabilityRule) -> dict:
    """What is told of a rule: whom it concerns, and how much it keeps."""
    return {
        "rule": rule.pk, "name": rule.name, "effect": rule.effect, "units": rule.units, "percent": rule.percent,
        "category": rule.category, "tag": rule.tag, "channels": list(rule.channels),
        "location_group": rule.group.code if rule.group else None,
    }  # fmt: skip
