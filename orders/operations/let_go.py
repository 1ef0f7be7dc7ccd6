"""Work that nobody has begun leaves its location: its units are promised elsewhere, its share of the day comes back."""

from datetime import datetime

from inventory.operations.close_promise import Part, release
from omni.core.actors import Actor
from omni.core.events import emit
from orders.models import FulfillmentOrder
from orders.operations.find_elsewhere import exclude, find_elsewhere
from orders.operations.finish_work import finish_work
from orders.operations.lose_units import lose_units


def let_go(*, work: FulfillmentOrder, reason: str, topic: str, by: Actor, now: datetime) -> bool:
    """Take locked work from its location for good, and tell why; returns whether every unit found another place."""
    lines = list(work.lines.select_for_update(of=("self",)).select_related("order_line"))
    units = {line: line.open_quantity for line in lines if line.open_quantity}
    lose_units(work=work, units=units, now=now)
    exclude(lines=[line.order_line for line in units], location=work.location, reason=reason, now=now)
    finish_work(work=work, by=by, now=now, reason=reason)
    release(parts=[Part(line.demand_key, quantity) for line, quantity in units.items()], by=by, now=now)
    emit(topic, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "reason": reason,
    })  # fmt: skip
    return find_elsewhere(work=work, units={line.order_line: n for line, n in units.items()}, by=by, now=now)
