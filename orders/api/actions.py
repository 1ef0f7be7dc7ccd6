"""The acts that are legal now, so that a client never guesses."""

from orders.models import FulfillmentOrder, Order, OrderLine
from orders.models.fulfillment_order import OPEN, Status
from orders.models.order_line import Method
from orders.operations.decline import DECLINABLE

ORDER_ACTS = ["cancel", "hold", "release_hold"]
WORK_ACTS = ["accept", "decline", "pack", "ship", "hand_over", "arrival"]


def order_actions(order: Order, lines: list[OrderLine]) -> list[str]:
    """Of `ORDER_ACTS`, those that would not be refused."""
    if not any(line.open_quantity for line in lines):
        return ["release_hold"] if order.hold else []
    return ["cancel", "release_hold" if order.hold else "hold"]


def work_actions(work: FulfillmentOrder) -> list[str]:
    """Of `WORK_ACTS`, those that would not be refused; work on hold can only be declined."""
    legal = {
        "accept": _may_accept(work) and not work.order.hold,
        "decline": work.status in DECLINABLE,
        "pack": _may_pack(work) and not work.order.hold,
        "ship": work.method == Method.SHIP and _may_leave(work) and not work.order.hold,
        "hand_over": work.method == Method.PICKUP and work.status == Status.STAGED and not work.order.hold,
    }
    legal["arrival"] = work.method == Method.PICKUP and work.status in OPEN
    return [act for act in WORK_ACTS if legal[act]]


def _may_accept(work: FulfillmentOrder) -> bool:
    asked = _is_partners(work) or work.method == Method.SHIP
    return asked and work.status == Status.RELEASED


def _may_pack(work: FulfillmentOrder) -> bool:
    loose = any(line.to_pack_quantity for line in work.shown_lines)  # type: ignore[attr-defined]
    return work.method == Method.SHIP and work.status == Status.STAGED and loose


def _may_leave(work: FulfillmentOrder) -> bool:
    if _is_partners(work):
        return work.status == Status.RELEASED or work.may_move_to(Status.SHIPPED)
    return work.status == Status.STAGED


def _is_partners(work: FulfillmentOrder) -> bool:
    return not work.location.picks_by_hand
