"""Decide about what differs, finish a delivery, and put away what came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Bucket, Delivery, DeliveryLine, PurchaseOrder, PurchaseOrderLine, StockLevel, StockMovement
from inventory.models.delivery import DECISIONS, Decision, Difference
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.order_supply import close_line, settle_order
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move

Status = Delivery.Status


@retried
@operation
def finish_delivery(
    *, delivery_id: int, decisions: Mapping[int, str] | None = None, reason: str = "", by: Actor, now: datetime
) -> Delivery:
    """All was scanned. {line id: decision} says what is done about each difference; nothing stays undecided.

    On a finished delivery the same decides about what came late. Raises Refusal `undecided` or `nothing_scanned`,
    Invalid `bad_decision` or `reason_needed`.
    """
    delivery = Delivery.objects.select_for_update().select_related(None).get(pk=delivery_id)
    if delivery.status == Status.EXPECTED:
        raise Refusal("nothing_scanned", _("Nothing was scanned. If it does not come, cancel it."))
    order = _order(delivery)
    lines = list(delivery.lines.select_for_update().order_by("variant_id"))
    wanted = [line for line in lines if not line.is_decided]
    _check(wanted, decisions or {}, reason)
    # The order's lines before the shelves, and each kind once: as everybody locks them.
    ends = [line for line in wanted if _is(line, decisions, Decision.CLOSE)]
    for order_line in PurchaseOrderLine.objects.select_for_update().filter(
        pk__in=[line.order_line_id for line in ends if line.order_line_id]
    ).order_by("pk"):  # fmt: skip
        close_line(order_line, now)
    for line in wanted:
        _decide(line, (decisions or {})[line.pk], reason, by)
    _send_back([line for line in wanted if line.decision == Decision.SEND_BACK], delivery, by, now)
    if delivery.status == Status.RECEIVING:
        move(delivery, Status.RECEIVED, by=by, reason=reason, finished_at=now, finished_by=by.label)
        _tell(delivery, lines, by)
    if order is not None:
        settle_order(order, reason=reason, by=by, now=now)
    return delivery


def undecided(delivery: Delivery) -> list[DeliveryLine]:
    """What differs and waits for a word, in the order in which it is shown."""
    rows = delivery.lines.select_related("variant__product", "order_line").order_by("pk")
    return [line for line in rows if not line.is_decided]


@operation
def put_away(
    *, line_id: int, aisle: str | None = None, bin: str | None = None, by: Actor, now: datetime
) -> DeliveryLine:
    """What came of this item lies on its shelf now; where it had none, this is its place."""
    line = DeliveryLine.objects.select_related("delivery").select_for_update(of=("self",)).get(pk=line_id)
    line.put_away_quantity = line.sellable_quantity
    line.save(update_fields=["put_away_quantity"])
    place = {name: value.strip() for name, value in (("aisle", aisle), ("bin", bin)) if value is not None}
    if place:
        shelf = StockLevel.objects.filter(variant=line.variant_id, location=line.delivery.location_id)
        shelf.update(**place)
    return line


def _order(delivery: Delivery) -> PurchaseOrder | None:
    if delivery.purchase_order_id is None:
        return None
    orders = PurchaseOrder.objects.select_for_update(no_key=True).select_related(None)
    return orders.get(pk=delivery.purchase_order_id)


def _check(wanted: list[DeliveryLine], decisions: Mapping[int, str], reason: str) -> None:
    open_lines = [line for line in wanted if not decisions.get(line.pk)]
    if open_lines:
        raise Refusal("undecided", _("Decide first about what differs: %d items.") % len(open_lines))
    for line in wanted:
        if decisions[line.pk] not in DECISIONS[line.difference]:
            raise Invalid("bad_decision", _("This is no decision about such a difference."))
        if decisions[line.pk] == Decision.CLOSE and not reason.strip():
            raise Invalid("reason_needed", _("Say why the rest does not come."))


def _is(line: DeliveryLine, decisions: Mapping[int, str] | None, decision: Decision) -> bool:
    return (decisions or {}).get(line.pk) == decision


def _decide(line: DeliveryLine, decision: str, reason: str, by: Actor) -> None:
    line.decision, line.decided_units, line.decided_by, line.reason = decision, line.surplus, by.label, reason[:200]
    if decision == Decision.SEND_BACK:
        # Damaged units are held apart already; what is good is set aside up to the surplus.
        surplus = line.surplus - line.returned_quantity
        line.returned_quantity += min(max(surplus, 0), max(line.sellable_quantity, 0))
    line.save(update_fields=["decision", "decided_units", "decided_by", "reason", "returned_quantity"])


def _send_back(lines: list[DeliveryLine], delivery: Delivery, by: Actor, now: datetime) -> None:
    moves = []
    for line in lines:
        set_aside = line.returned_quantity - _set_aside_before(line)
        shelf = (line.variant_id, delivery.location_id)
        told: dict[str, Any] = {"cause": f"delivery-line:{line.pk}", "reason": delivery.number}
        if set_aside:
            moves += [Move(*shelf, StockMovement.Kind.SET_ASIDE, -set_aside, **told),
                      Move(*shelf, StockMovement.Kind.SET_ASIDE, set_aside, Bucket.VENDOR, **told)]  # fmt: skip
    if moves:
        move_stock(moves=moves, by=by, now=now)


def _set_aside_before(line: DeliveryLine) -> int:
    booked = StockMovement.objects.filter(
        variant=line.variant_id, location=line.delivery.location_id, bucket=Bucket.VENDOR,
        cause=f"delivery-line:{line.pk}",
    )  # fmt: skip
    return sum(booked.values_list("quantity", flat=True))


def _tell(delivery: Delivery, lines: list[DeliveryLine], by: Actor) -> None:
    differences = [
        {"variant_id": line.variant_id, "difference": str(line.difference), "units": line.surplus,
         "decision": line.decision}
        for line in lines if line.difference != Difference.NONE
    ]  # fmt: skip
    payload = {
        "number": delivery.number, "location_id": delivery.location_id,
        "purchase_order": delivery.purchase_order.number if delivery.purchase_order else None,
        "received": sum(line.received_quantity for line in lines),
        "damaged": sum(line.damaged_quantity for line in lines), "differences": differences,
    }  # fmt: skip
    emit(events.DELIVERY_FINISHED, aggregate=("delivery", delivery.number), payload=payload, by=by)
