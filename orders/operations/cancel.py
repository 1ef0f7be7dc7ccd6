"""Cancel an order or part of it, until it is handed over. Picked units go back to their shelf before they sell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from inventory.models import Location, StockLevel
from inventory.operations.close_promise import Part, leave_for_put_back, release
from inventory.operations.owed_units import give_up_owed, owed_lines
from inventory.operations.promise_supply import Kept, let_go_of_kept
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderException, OrderLine, PickupChoice
from orders.models.fulfillment_order import Status
from orders.operations.confirm import accept_when_answered
from orders.operations.finish_work import finish_pick_list, finish_work
from orders.operations.free_money import free_money
from orders.operations.lose_units import cancel_units
from orders.operations.open_kits import units_of
from orders.operations.raise_exception import settle_exception
from orders.operations.relabel import relabel
from orders.operations.supply_days import demand_key, give_back
from orders.operations.unpack import unpack_cancelled

# What costs least to undo goes first.
LEAST_EFFORT = [Status.AWAITING, Status.PLANNED, Status.RELEASED, Status.ACCEPTED, Status.PICKING, Status.STAGED]


@dataclass
class _Cut:
    """What is taken from each fulfillment line: units, and how many of them were picked."""

    units: dict[FulfillmentLine, tuple[int, int]] = field(default_factory=dict)

    @property
    def works(self) -> list[FulfillmentOrder]:
        return list({line.fulfillment_order_id: line.fulfillment_order for line in self.units}.values())


@retried
@operation
def cancel(
    *, number: int, reason: str, by: Actor, now: datetime, lines: Sequence[tuple[str, int]] | None = None
) -> Order:
    """Cancel (reference, quantity) pairs, or everything still open. Refuses 409 what is already handed over."""
    order = Order.objects.lock(number)
    order_lines = list(order.lines.order_by("position"))
    wanted = _wanted_of(order, order_lines, lines)
    cut = _Cut()
    for line, quantity in wanted.items():
        from_waiting = min(quantity, line.unallocated_quantity)
        OrderLine.objects.filter(pk=line.pk).update(cancelled_quantity=F("cancelled_quantity") + from_waiting)
        _choose(cut, line, quantity - from_waiting)
    kept = _give_supply_back([line for line in wanted if line.unallocated_quantity], now)
    _carry_out(cut, reason=reason, by=by, now=now)
    _close_questions(order, by, now)
    relabel(order=order, now=now)
    free_money(order=order, reason=reason, by=by, now=now)
    emit(events.CANCELLED, aggregate=order.subject, by=by, payload={
        "order": str(order.number), "status": order.status, "reason": reason,
        "lines": [{"reference": line.reference, "sku": line.sku, "quantity": n} for line, n in wanted.items()],
    })  # fmt: skip
    _free_stock(cut.units, reason, by, now, kept)
    return order


def _give_supply_back(waited: Sequence[OrderLine], now: datetime) -> list[Kept]:
    """Before any shelf; what arrived for them already is returned, for the shelves."""
    if not waited:
        return []
    give_back(lines=[line.pk for line in waited], now=now)
    rows = OrderLine.objects.filter(pk__in=[line.pk for line in waited])
    return let_go_of_kept(demands={demand_key(line.pk): line.waiting_quantity for line in rows}, now=now)


def cancel_rest(
    *, work: FulfillmentOrder, reason: str, by: Actor, now: datetime, only: Collection[int] | None = None
) -> None:
    """Cancel every open unit of one locked work, or of some of its lines: its customer wants them no more."""
    cut = _rest_of(work)
    if only is not None:
        cut = _Cut({line: units for line, units in cut.units.items() if line.pk in only})
    if not cut.units:
        return
    _carry_out(cut, reason=reason, by=by, now=now)
    relabel(order=work.order, now=now)
    free_money(order=work.order, reason=reason, by=by, now=now)
    emit(events.CANCELLED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "status": work.order.status, "reason": reason,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity}
                  for line, (quantity, _picked) in cut.units.items()],
    })  # fmt: skip
    _free_stock(cut.units, reason, by, now)


def put_back_rest(*, work: FulfillmentOrder, reason: str, by: Actor, now: datetime) -> None:
    """The same for work that has closed already (it expired): counters and stock, no news of a cancellation."""
    cut = _rest_of(work)
    unpack_cancelled(units=cut.units, reason=reason, by=by, now=now)
    cancel_units(units=cut.units, now=now)
    relabel(order=work.order, now=now)
    free_money(order=work.order, reason=reason, by=by, now=now)
    _free_stock(cut.units, reason, by, now)


def _rest_of(work: FulfillmentOrder) -> _Cut:
    lines = _lines_of([work.pk])
    return _Cut({line: (line.open_quantity, line.in_staging_quantity) for line in lines if line.open_quantity})


def _wanted_of(
    order: Order, order_lines: Sequence[OrderLine], lines: Sequence[tuple[str, int]] | None
) -> dict[OrderLine, int]:
    """A kit's reference stands for so many units of each of its parts."""
    units = units_of(order, lines, order_lines) if lines else []
    try:
        return _wanted(order_lines, [(reference, each) for _n, reference, each in units] if lines else lines)
    except Refusal as refusal:
        for error in refusal.errors:
            _lines, n, name = error["pointer"].strip("/").split("/")
            error["pointer"] = f"/lines/{units[int(n)][0]}/{name}"
        raise


def _wanted(order_lines: Sequence[OrderLine], lines: Sequence[tuple[str, int]] | None) -> dict[OrderLine, int]:
    if lines is None:
        wanted = {line: line.open_quantity for line in order_lines if line.open_quantity}
        if not wanted:
            raise Refusal("nothing_open", _("Nothing of this order is open any more."))
        return wanted
    by_reference = {line.reference: line for line in order_lines}
    problems = []
    wanted = {}
    for n, (reference, quantity) in enumerate(lines):
        line = by_reference.get(reference)
        if line is None:
            problems.append(_problem(n, "reference", "unknown_line", _("The order has no line %s.") % reference))
        elif line in wanted:
            problems.append(_problem(n, "reference", "repeated", _("Name each line once.")))
        elif quantity < 1:
            problems.append(_problem(n, "quantity", "bad_quantity", _("At least one unit.")))
        else:
            wanted[line] = quantity
    if problems or not wanted:
        raise Invalid("invalid_cancellation", _("This cannot be cancelled as asked."), errors=problems)
    over = [
        _problem(n, "quantity", "not_open", _("%d units can still be cancelled.") % left) | {"available": left}
        for n, (reference, quantity) in enumerate(lines)
        if quantity > (left := by_reference[reference].open_quantity)
    ]
    if over:
        raise Refusal("not_open", _("Some of this was handed over, shipped or cancelled before."), errors=over)
    return wanted


def _problem(n: int, name: str, code: str, detail: str) -> dict:
    return {"pointer": f"/lines/{n}/{name}", "code": code, "detail": detail}


def _lines_of(work_ids) -> list[FulfillmentLine]:
    return list(
        FulfillmentLine.objects.filter(fulfillment_order__in=work_ids)
        .select_related("fulfillment_order__order", "fulfillment_order__location", "order_line")
        .order_by("pk").select_for_update(of=("self",))
    )  # fmt: skip


def _choose(cut: _Cut, line: OrderLine, quantity: int) -> None:
    """Take `quantity` allocated units of an order line from its works, unpicked ones first."""
    if not quantity:
        return
    works = FulfillmentOrder.objects.filter(order=line.order_id, status__in=LEAST_EFFORT, lines__order_line=line)
    lines = [each for each in _lines_of(works.values("pk")) if each.order_line_id == line.pk and each.open_quantity]
    lines.sort(key=lambda each: LEAST_EFFORT.index(Status(each.fulfillment_order.status)))
    for part in ("to_pick_quantity", "in_staging_quantity"):
        for each in lines:
            units, picked = cut.units.get(each, (0, 0))
            taken = min(quantity, getattr(each, part))
            if taken:
                cut.units[each] = (units + taken, picked + (taken if part == "in_staging_quantity" else 0))
                quantity -= taken
    if quantity:
        raise Refusal("not_open", _("Some of this was handed over, shipped or cancelled before."))


def _carry_out(cut: _Cut, *, reason: str, by: Actor, now: datetime) -> None:
    if not cut.units:
        return
    cut_works = cut.works
    unpack_cancelled(units=cut.units, reason=reason, by=by, now=now)
    cancel_units(units=cut.units, now=now)
    for work in cut_works:
        if work.status == Status.PICKING:
            _stop_picker(work)
        finish_work(work=work, by=by, now=now, reason=reason, cancelled=True)
        if work.pick_list:
            finish_pick_list(pick_list=work.pick_list, now=now)
        if work.location.kind == Location.Kind.DROPSHIP and work.released_at:
            _tell_partner(work, cut.units, reason, by)
            accept_when_answered(work=work, by=by, now=now)


def _tell_partner(
    work: FulfillmentOrder, units: Mapping[FulfillmentLine, tuple[int, int]], reason: str, by: Actor
) -> None:
    """Its system shall not ship these."""
    emit(events.PARTNER_UNITS_CANCELLED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "reason": reason, "status": work.status,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku, "quantity": quantity}
                  for line, (quantity, _picked) in units.items() if line.fulfillment_order_id == work.pk],
    })  # fmt: skip


def _stop_picker(work: FulfillmentOrder) -> None:
    work.stop_notice = (
        _("Order %s was changed by the customer. Stop, and look at what is left to pick.") % work.order.number
    )
    work.save(update_fields=["stop_notice"])


def _free_stock(
    units: Mapping[FulfillmentLine, tuple[int, int]], reason: str, by: Actor, now: datetime, kept: Sequence[Kept] = ()
) -> None:
    """Last, as everywhere. All statements below touch stock rows: all of them are locked first, in the one order."""
    if not units and not kept:
        return
    sent = owed_lines(line.demand_key for line in units if line.fulfillment_order.transfer_id)
    StockLevel.objects.lock(
        [(line.variant_id, line.fulfillment_order.location_id) for line in units]
        + [(line.variant_id, line.transfer.from_location_id) for line in sent.values()]
        + [(each.variant_id, each.location_id) for each in kept]
    )
    coming = {
        line.demand_key: min(total - picked, sent[line.demand_key].owed_quantity)
        for line, (total, picked) in units.items() if line.demand_key in sent
    }  # fmt: skip
    give_up_owed(units=coming, reason=reason, by=by, now=now)
    on_shelf = [
        Part(line.demand_key, total - picked - coming.get(line.demand_key, 0))
        for line, (total, picked) in units.items()
    ]
    on_shelf = [part for part in on_shelf if part.quantity] + [each.part for each in kept]
    if on_shelf:
        release(parts=on_shelf, by=by, now=now)
    for line, (_total, picked) in units.items():
        if picked:
            work = line.fulfillment_order
            leave_for_put_back(
                parts=[Part(line.demand_key, picked, off_shelf=picked)], reason=reason, by=by, now=now,
                found_at=work.shelf_code or str(work.pick_list or ""), cause=f"fulfillment-order:{work.number}",
            )  # fmt: skip


def _close_questions(order: Order, by: Actor, now: datetime) -> None:
    """A line without waiting units asks its customer and HQ nothing more."""
    waiting = {line.pk: line.waiting_quantity for line in order.lines.all()}
    for choice in PickupChoice.objects.select_for_update().filter(order_line__order=order, answer=""):
        left = waiting[choice.order_line_id]
        if left:
            choice.quantity = min(choice.quantity, left)
        else:
            choice.answer, choice.answered_at, choice.answered_by = PickupChoice.Answer.CANCEL, now, by.label
        choice.save(update_fields=["quantity", "answer", "answered_at", "answered_by"])
    if not any(waiting.values()):
        for kind in (OrderException.Kind.WAITING, OrderException.Kind.ATTEMPTS):
            settle_exception(order=order, kind=kind, resolution=_("cancelled"), by=by, now=now)
    if not order.fulfillment_orders.filter(status__in=LEAST_EFFORT).exists():
        for kind in (OrderException.Kind.LATE, OrderException.Kind.OVERDUE):
            settle_exception(order=order, kind=kind, resolution=_("cancelled"), by=by, now=now)
