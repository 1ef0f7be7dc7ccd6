"""The customer takes units along: they leave the shelf in the transaction that sells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F

from inventory.models import StockMovement
from inventory.operations.close_promise import Part, issue
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.states import move_many
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, HandOver, Order, OrderLine
from orders.models.fulfillment_order import Status
from orders.models.order import derive_status
from orders.models.order_line import Method
from orders.operations.age_check import AgeCheck, require_age
from orders.operations.serials import carry_out_pieces
from orders.operations.settle import settle


@operation
def carry_out(
    *, order: Order, lines: Sequence[OrderLine], shares: Sequence[FulfillmentLine], by: Actor, now: datetime,
    serials: Mapping[str, Sequence[str]], age: AgeCheck | None = None,
) -> None:  # fmt: skip
    """Hand over at once what a new order's customer carries out: stock, counters, money and news.

    `lines` are all of the order's, `shares` all that was assigned; both say afterwards what the rows say. The number
    of statements does not grow with them. `serials` are the pieces of tracked items, by line reference; what is
    age-restricted needs an `age` check.
    """
    taken = [share for share in shares if share.fulfillment_order.method == Method.CARRY_OUT]
    if not taken:
        return
    restricted = [share for share in taken if share.order_line.variant.is_age_restricted]
    require_age([share.order_line.title for share in restricted], age)
    works = list({share.fulfillment_order_id: share.fulfillment_order for share in taken}.values())
    move_many(works, Status.HANDED_OVER, by=by, reason="carried out", released_at=now, closed_at=now)
    _count(taken, [line for line in lines if line.method == Method.CARRY_OUT])
    order.status = derive_status(lines)
    order.save(update_fields=["status"])
    asked = settle(
        order=order, units={share.order_line_id: share.quantity for share in taken}, key="carry-out", now=now
    )
    handed = _write_down(taken, restricted, age, by, now)
    pieces = {share: serials.get(share.order_line.reference, ()) for share in taken}
    gone = carry_out_pieces(pieces=pieces, hand_overs=handed, by=by, now=now)
    parts = [Part(share.demand_key, share.quantity) for share in taken]
    issue(parts=parts, kind=StockMovement.Kind.CARRY_OUT, by=by, now=now)
    for work in works:
        mine = [share for share in taken if share.fulfillment_order_id == work.pk]
        news = _news(order, work, mine, str(asked), handed[work.pk], gone)
        emit(events.CARRIED_OUT, aggregate=order.subject, by=by, payload=news)


def _count(taken: Sequence[FulfillmentLine], lines: Sequence[OrderLine]) -> None:
    FulfillmentLine.objects.filter(pk__in=[share.pk for share in taken]).update(
        picked_quantity=F("quantity"), issued_quantity=F("quantity")
    )
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        allocated_quantity=0, fulfilled_quantity=F("quantity")
    )
    for share in taken:
        share.picked_quantity = share.issued_quantity = share.quantity
    for line in lines:
        line.allocated_quantity, line.fulfilled_quantity = 0, line.quantity


def _write_down(
    taken: Sequence[FulfillmentLine], restricted: Sequence[FulfillmentLine], age: AgeCheck | None, by: Actor,
    now: datetime,
) -> dict[int, HandOver]:  # fmt: skip
    """One hand-over for each work, final from the start: the customer is out of the door with it."""
    checked = {share.fulfillment_order_id for share in restricted}
    given: dict[int, dict[str, int]] = {}
    for share in taken:
        given.setdefault(share.fulfillment_order_id, {})[str(share.pk)] = share.quantity
    rows = [
        HandOver(
            fulfillment_order_id=work_id, check_kind=HandOver.Check.AT_COUNTER, lines=lines, reservation_ids=[],
            is_age_restricted=work_id in checked, age_over=age.over if age and work_id in checked else None,
            age_check=age.how if age and work_id in checked else "", handed_over_at=now, handed_over_by_id=by.user_id,
            undo_until=now, finalized_at=now,
        )
        for work_id, lines in given.items()
    ]  # fmt: skip
    return {row.fulfillment_order_id: row for row in HandOver.objects.bulk_create(rows)}


def _news(
    order: Order, work: FulfillmentOrder, shares: Sequence[FulfillmentLine], asked: str, handed: HandOver,
    pieces: Mapping[int, Sequence[str]],
) -> dict:  # fmt: skip
    return {
        "order": str(order.number), "fulfillment_order": work.number, "location": work.location.code,
        "amount": asked, "currency": order.currency, "age_check": handed.age_words,
        "lines": [
            {"reference": share.order_line.reference, "sku": share.order_line.sku, "quantity": share.quantity,
             "serials": list(pieces.get(share.pk, ()))}
            for share in shares
        ],
    }  # fmt: skip
