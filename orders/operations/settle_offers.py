"""A store paused: what it was asked about goes elsewhere at once, or stays, as its lead decided."""

from datetime import datetime

from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import FulfillmentOrder
from orders.operations.accept import accept
from orders.operations.time_out import time_out


def settle_offers(*, location_code: str, send_away: bool, by: Actor, now: datetime) -> int:
    """End every open offer of a store, one order at a time; returns how many there were."""
    offered = FulfillmentOrder.objects.filter(location__code=location_code, location__kind="store").offered()
    numbers = list(offered.values_list("number", flat=True))
    for number in numbers:
        if send_away:
            FulfillmentOrder.objects.offered().filter(number=number, confirm_by__gt=now).update(confirm_by=now)
            time_out(number=number, now=now)
        else:
            _keep(number, by, now)
    return len(numbers)


def _keep(number: str, by: Actor, now: datetime) -> None:
    try:
        accept(number=number, by=by, now=now)
    except Refusal:
        return  # somebody was faster: it is picked, held or gone
