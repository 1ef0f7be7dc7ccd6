"""A rule that holds is never changed: whoever wants it otherwise writes a draft of the same words."""

from django.utils.translation import gettext as _

from inventory.models import AvailabilityRule
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.states import begin

COPIED = ("effect", "units", "percent", "category", "tag", "channels", "group_id", "position")


@operation
def copy_rule(*, rule_id: int, by: Actor) -> AvailabilityRule:
    """A new draft that says what this rule says."""
    old = AvailabilityRule.objects.get(pk=rule_id)
    name = (_("Copy of %s") % old.name)[:120]
    rule = AvailabilityRule.objects.create(name=name, **{field: getattr(old, field) for field in COPIED})
    begin(rule, by=by, reason=_("copied from %s") % old.name)
    return rule
