"""What stock does when something happens."""

from inventory import events
from inventory.operations.tell_rule import tell_rule
from omni.core.events import on
from omni.core.models import Event


@on(events.RULE_ACTIVATED, name="inventory.tell_activated_rule", in_practice=False)
@on(events.RULE_RETIRED, name="inventory.tell_retired_rule", in_practice=False)
def tell_channels_of_rule(event: Event) -> None:
    tell_rule(event.payload["rule"])
