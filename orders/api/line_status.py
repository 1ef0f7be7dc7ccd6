"""One word for where the units of an order line are."""

from collections.abc import Iterable

from orders.models import FulfillmentLine, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method

# From far away to in the customer's hands.
STAGES = ["waiting", "awaiting", "planned", "released", "accepted", "picking", "ready", "handed_over", "shipped"]
TOLD_IN_PART = ("ready", "handed_over", "shipped")
STATUSES = [*STAGES, *(f"partly_{stage}" for stage in TOLD_IN_PART), "cancelled"]


def line_status(line: OrderLine, shares: Iterable[FulfillmentLine]) -> str:
    """The stage that all units share; else `partly_...` where the furthest are ready or gone; else the nearest one."""
    stages = {stage for share in shares for stage in _stages(share)}
    if line.unallocated_quantity > 0:
        stages.add("waiting")
    if not stages:
        return "cancelled"
    known = sorted(stages, key=STAGES.index)
    furthest = known[-1]
    if len(known) == 1:
        return furthest
    return f"partly_{furthest}" if furthest in TOLD_IN_PART else known[0]


def _stages(share: FulfillmentLine) -> Iterable[str]:
    work = share.fulfillment_order
    if share.issued_quantity:
        yield "shipped" if work.method == Method.SHIP else "handed_over"
    if share.open_quantity:
        yield "ready" if work.status == Status.STAGED else str(work.status)
