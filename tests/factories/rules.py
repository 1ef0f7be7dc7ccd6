"""Availability rules, as HQ would write them."""

from typing import Any

from inventory.models import AvailabilityRule
from inventory.operations.activate_rule import activate_rule
from omni.core.actors import Actor

BY = Actor.system("test")


def draft(**said: Any) -> AvailabilityRule:
    """A draft; without an effect it keeps two units back."""
    if "percent" in said:
        said = {"effect": "percent"} | said
    elif said.get("effect") != "exclude":
        said = {"units": 2} | said
    return AvailabilityRule.objects.create(**{"name": "Keep some"} | said)


def active(**said: Any) -> AvailabilityRule:
    rule = draft(**said)
    return activate_rule(rule_id=rule.pk, version=rule.version, reason="test", by=BY)
