"""Order from a supplier, change what was ordered, and say that the rest does not come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Delivery, KitComponent, Location, PurchaseOrder, PurchaseOrderLine
from inventory.operations.supply_moves import fit_promises, move_promises
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move

MAX_UNITS = 1_000_000
Status = PurchaseOrder.Status


@dataclass(frozen=True)
class Ordered:
    """Units of one item, and the day on which they should come."""

    variant_id: int
    quantity: int
    expected_on: date


@operation
def place_purchase_order(
    *, number: str, supplier: str, location: Location, lines: Sequence[Ordered], by: Actor, now: datetime
) -> PurchaseOrder:
    """Raises Invalid `bad_quantity` or `repeated_item`, and Refusal `number_taken`."""
    _check(lines)
    if not lines:
        raise Invalid("nothing_ordered", _("Order at least one unit of something."))
    order = PurchaseOrder(
        number=number.strip(), supplier=supplier.strip(), location=location, created_at=now,
        expected_on=min(line.expected_on for line in lines),
    )  # fmt: skip
    if PurchaseOrder.objects.filter(number=order.number).exists():
        raise number_taken(order.number)
    order.save(force_insert=True)
    begin(order, by=by)
    _add(order, lines)
    _tell(events.PURCHASE_ORDERED, order, by, units=sum(line.quantity for line in lines))
    return order


@operation
def change_purchase_order(
    *, number: str, lines: Sequence[Ordered], reason: str = "", by: Actor, now: datetime
) -> PurchaseOrder:
    """These items have these quantities and days from now on, others stay; twice is once.

    Raises Refusal `not_open`, or `already_received` where fewer are wanted than came.
    """
    _check(lines)
    order = open_order(number)
    known = {line.variant_id: line for line in order.lines.select_for_update().order_by("pk")}
    days = {line.pk: line.expected_on for line in known.values()}
    changed = [known[each.variant_id] for each in lines if each.variant_id in known and _change(known, each)]
    fit_promises([line for line in changed if line.promised_quantity], now)
    PurchaseOrderLine.objects.bulk_update(changed, ["ordered_quantity", "expected_on"])
    new = [each for each in lines if each.variant_id not in known]
    move_promises([line for line in changed if line.promised_quantity and line.expected_on != days[line.pk]], now)
    _add(order, new)
    if changed or new:
        order.expected_on = order.lines.aggregate(day=Min("expected_on"))["day"]
        order.save(update_fields=["expected_on"])
        _tell(events.PURCHASE_CHANGED, order, by, reason=reason)
    return order


@operation
def close_purchase_order(*, number: str, reason: str, by: Actor, now: datetime) -> PurchaseOrder:
    """What has not come does not come any more."""
    if not reason.strip():
        raise Invalid("reason_needed", _("Say why."))
    order = open_order(number)
    for line in order.lines.select_for_update().order_by("pk"):
        close_line(line, now)
    return settle_order(order, reason=reason, by=by, now=now)


@operation
def cancel_purchase_order(*, number: str, reason: str, by: Actor, now: datetime) -> PurchaseOrder:
    """Nothing of it came, and nothing will. Raises Refusal `already_received`."""
    order = open_order(number)
    lines = list(order.lines.select_for_update().order_by("pk"))
    if any(line.received_quantity for line in lines) or order.deliveries.filter(status__in=Delivery.OPEN).exists():
        raise Refusal("already_received", _("Some of it came or is on its way: close it instead, with a reason."))
    for line in lines:
        close_line(line, now)
    move(order, Status.CANCELLED, by=by, reason=reason, closed_at=now, closed_reason=reason[:200])
    _tell(events.PURCHASE_CANCELLED, order, by, reason=reason)
    return order


def open_order(number: str) -> PurchaseOrder:
    """Locked, before its lines. Raises Refusal `not_open`."""
    order = PurchaseOrder.objects.select_for_update(no_key=True).select_related(None).get(number=number)
    if not order.is_open:
        raise Refusal("not_open", _("%(number)s is %(status)s.")
                      % {"number": number, "status": order.get_status_display().lower()})  # fmt: skip
    return order


def close_line(line: PurchaseOrderLine, now: datetime) -> None:
    """Nobody waits for what is missing of a locked line; to whom it was promised hears it."""
    if line.open_quantity:
        line.closed_quantity += line.open_quantity
        fit_promises([line], now)
        line.save(update_fields=["closed_quantity"])


def settle_order(order: PurchaseOrder, *, reason: str, by: Actor, now: datetime) -> PurchaseOrder:
    """A locked order of which nothing more is expected is over."""
    lines = list(order.lines.all())
    if not order.is_open or any(line.open_quantity for line in lines):
        return order
    short = any(line.closed_quantity for line in lines)
    to = Status.CLOSED if short else Status.RECEIVED
    move(order, to, by=by, reason=reason, closed_at=now, closed_reason=reason[:200] if short else "")
    _tell(events.PURCHASE_CLOSED, order, by, status=str(to), reason=reason)
    return order


def number_taken(number: str) -> Refusal:
    return Refusal("number_taken", _("The number %s is taken.") % number)


def _check(lines: Sequence[Ordered]) -> None:
    if any(not 0 < line.quantity <= MAX_UNITS for line in lines):
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MAX_UNITS)
    if len({line.variant_id for line in lines}) != len(lines):
        raise Invalid("repeated_item", _("Each item stands on an order once."))


def _add(order: PurchaseOrder, lines: Sequence[Ordered]) -> None:
    kit = KitComponent.objects.filter(kit__in=[line.variant_id for line in lines]).values_list("kit__sku", flat=True)
    if sku := kit.first():
        raise Invalid("is_kit", _("%s is a kit and has no shelf: order its components.") % sku)
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            purchase_order=order, variant_id=line.variant_id, ordered_quantity=line.quantity,
            expected_on=line.expected_on,
        )
        for line in sorted(lines, key=lambda line: line.variant_id)
    )  # fmt: skip


def _change(known: dict[int, PurchaseOrderLine], wanted: Ordered) -> bool:
    line = known[wanted.variant_id]
    if (line.ordered_quantity, line.expected_on) == (wanted.quantity, wanted.expected_on):
        return False
    if wanted.quantity < line.received_quantity + line.closed_quantity:
        raise Refusal("already_received", _("%d of this item came already or were closed; no fewer can be ordered.")
                      % (line.received_quantity + line.closed_quantity))  # fmt: skip
    line.ordered_quantity, line.expected_on = wanted.quantity, wanted.expected_on
    return True


def _tell(topic: str, order: PurchaseOrder, by: Actor, **more: object) -> None:
    payload = {"number": order.number, "location_id": order.location_id, "expected_on": f"{order.expected_on}", **more}
    emit(topic, aggregate=("purchase-order", order.number), payload=payload, by=by)
