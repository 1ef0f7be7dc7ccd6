"""Units go from their tote into a parcel: scanned one by one, or all at once where HQ trusts the picker."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from inventory.models import Variant
from inventory.operations.scanned_item import scanned_item
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders import events
from orders.models import Carton, FulfillmentLine, FulfillmentOrder, PackScan, Shipment, ShipmentLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.parcel_news import news_of

HEAVIEST_G = 70_000  # what one person may not lift any more, and no parcel service takes
LONGEST_MM = 3_000


@dataclass(frozen=True)
class Box:
    """What a parcel is packed in: one of our cartons by its code, or any other box by its size."""

    carton: str = ""
    size_mm: tuple[int, int, int] | None = None
    weight_g: int | None = None


@operation
def pack(
    *, number: str, by: Actor, now: datetime, box: Box | None = None, units: Mapping[int, int] | None = None
) -> Shipment:
    """Pack `units` (fulfillment line id -> units; all that is left in the tote without) as one closed parcel."""
    work = _packable(number)
    shipment = _open_parcel(work, by, now)
    _fill(shipment, _chosen(work, units))
    return _close(shipment, box or Box(), by, now)


@operation
def pack_unit(*, number: str, code: str, by: Actor, now: datetime, key: str | None = None) -> ShipmentLine:
    """Put one scanned unit of this work into its open parcel, and open one where there is none.

    `key` is the device's name for this scan; the same key again changes nothing and answers the same line.
    """
    work = _packable(number)
    shipment = _open_parcel(work, by, now)
    if key and (seen := PackScan.objects.filter(shipment__fulfillment_order=work, key=key).first()):
        return ShipmentLine.objects.get(shipment_id=seen.shipment_id, fulfillment_line_id=seen.fulfillment_line_id)
    variant, units = scanned_item(code)
    line = _line_for(work, variant, units)
    _fill(shipment, {line: units})
    PackScan.objects.create(
        shipment=shipment, fulfillment_line=line, key=key or uuid.uuid4().hex, code=code[:100], quantity=units,
        scanned_at=now, scanned_by_id=by.user_id,
    )  # fmt: skip
    return ShipmentLine.objects.get(shipment=shipment, fulfillment_line=line)


@operation
def pack_rest(*, number: str, by: Actor, now: datetime) -> Shipment:
    """All that is left in the tote is in the open parcel; without scanning."""
    work = _packable(number)
    shipment = _open_parcel(work, by, now)
    _fill(shipment, _chosen(work, None))
    return shipment


@operation
def take_out(*, number: str, line_id: int, by: Actor, now: datetime) -> Shipment:
    """One unit of a line goes from the open parcel back into the tote."""
    shipment = Shipment.objects.lock(number)
    _require_open(shipment)
    found = shipment.lines.select_related("fulfillment_line").filter(fulfillment_line_id=line_id).first()
    if found is None:
        raise Refusal("nothing_packed", _("Nothing of this item is in the parcel."))
    _fill(shipment, {found.fulfillment_line: -1})
    PackScan.objects.create(
        shipment=shipment, fulfillment_line_id=line_id, key=uuid.uuid4().hex, code="undo", quantity=-1, scanned_at=now,
        scanned_by_id=by.user_id,
    )  # fmt: skip
    return shipment


@operation
def close_parcel(*, number: str, box: Box, by: Actor, now: datetime) -> Shipment:
    """The box is full, taped and on the scale."""
    shipment = Shipment.objects.lock(number)
    _require_open(shipment)
    return _close(shipment, box, by, now)


@operation
def reweigh(*, number: str, box: Box, by: Actor) -> Shipment:
    """Another box or weight for a packed parcel that has no label yet."""
    shipment = Shipment.objects.lock(number)
    if shipment.status != Shipment.Status.PACKED:
        raise Refusal("has_label", _("This parcel has its label. Void the label first."))
    for name, value in _boxed(shipment, box).items():
        setattr(shipment, name, value)
    shipment.save(update_fields=["carton", "length_mm", "width_mm", "height_mm", "weight_g"])
    return shipment


def content_weight_g(shipment: Shipment) -> int | None:
    """What the units in it weigh by their master data; None where one of them was never weighed."""
    rows = list(shipment.lines.values_list("quantity", "fulfillment_line__variant__weight_g"))
    weights = [quantity * weight for quantity, weight in rows if weight is not None]
    return sum(weights) if len(weights) == len(rows) else None


def _packable(number: str) -> FulfillmentOrder:
    work = FulfillmentOrder.objects.lock(number)
    if work.method != Method.SHIP:
        raise Refusal("not_shipped", _("This work is collected, not shipped."))
    if work.status != Status.STAGED:
        raise Refusal("not_picked", _("Order %(order)s is not ready to be packed: %(status)s.") % {
            "order": work.order.number, "status": work.get_status_display()})  # fmt: skip
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    return work


def _open_parcel(work: FulfillmentOrder, by: Actor, now: datetime) -> Shipment:
    shipment = work.shipments.filter(status=Shipment.Status.PACKING).select_for_update().first()
    if shipment is None:
        shipment = Shipment.objects.create(
            number=next_number(work), fulfillment_order=work, packed_by_id=by.user_id, created_at=now
        )
        begin(shipment, by=by)
    return shipment


def next_number(work: FulfillmentOrder) -> str:
    """`10000001-1-P2`: the second parcel of the first work of an order; the work is locked."""
    return f"{work.number}-P{work.shipments.count() + 1}"


def _require_open(shipment: Shipment) -> None:
    if shipment.status != Shipment.Status.PACKING:
        raise Refusal("parcel_closed", _("Parcel %s is closed. Unpack it to change what is in it.") % shipment.number)


def _chosen(work: FulfillmentOrder, units: Mapping[int, int] | None) -> dict[FulfillmentLine, int]:
    lines = _locked_lines(work)
    if units is None:
        chosen = {line: line.to_pack_quantity for line in lines if line.to_pack_quantity}
        if not chosen:
            raise Refusal("nothing_to_pack", _("Everything of this order is packed."))
        return chosen
    unknown = set(units) - {line.pk for line in lines}
    over = [line for line in lines if not 0 <= units.get(line.pk, 0) <= line.to_pack_quantity]
    chosen = {line: units[line.pk] for line in lines if units.get(line.pk)}
    if unknown or over or not chosen:
        raise Invalid("bad_quantity", _("Choose at least one unit, and no more than are in the tote."))
    return chosen


def _fill(shipment: Shipment, units: Mapping[FulfillmentLine, int]) -> None:
    """Put units in (negative: take them out). That no more than were picked are in parcels, the database holds."""
    for line, quantity in units.items():
        FulfillmentLine.objects.filter(pk=line.pk).update(packed_quantity=F("packed_quantity") + quantity)
        row, _made = ShipmentLine.objects.get_or_create(
            shipment=shipment, fulfillment_line=line, defaults={"quantity": 0}
        )
        if row.quantity + quantity:
            ShipmentLine.objects.filter(pk=row.pk).update(quantity=F("quantity") + quantity)
        else:
            row.delete()


def _close(shipment: Shipment, box: Box, by: Actor, now: datetime) -> Shipment:
    if not shipment.lines.exists():
        raise Refusal("empty_parcel", _("Nothing is in this parcel yet."))
    boxed = _boxed(shipment, box)
    move(shipment, Shipment.Status.PACKED, by=by, packed_at=now, packed_by_id=by.user_id, **boxed)
    emit(events.PACKED, aggregate=shipment.order.subject, by=by, payload=news_of(shipment))
    return shipment


def _boxed(shipment: Shipment, box: Box) -> dict:
    """The columns of a parcel in this box; its weight is that of content and box unless somebody weighed it."""
    carton = _carton(box.carton) if box.carton else None
    size = box.size_mm or ((carton.length_mm, carton.width_mm, carton.height_mm) if carton else None)
    if size and not all(0 < side <= LONGEST_MM for side in size):
        raise Invalid("bad_size", _("Each side is between 1 mm and 3 m."))
    weight = box.weight_g
    if weight is None:
        content = content_weight_g(shipment)
        weight = content + (carton.weight_g if carton else 0) if content is not None else None
    if weight is not None and not 0 < weight <= HEAVIEST_G:
        raise Invalid("bad_weight", _("A parcel weighs between 1 g and 70 kg."))
    length, width, height = size or (None, None, None)
    return {"carton": carton, "length_mm": length, "width_mm": width, "height_mm": height, "weight_g": weight}


def _carton(code: str) -> Carton:
    carton = Carton.objects.usable().filter(code__iexact=code.strip()).first()
    if carton is None:
        raise Invalid("unknown_carton", _("There is no carton %s. Choose one of the list.") % code[:20])
    return carton


def _line_for(work: FulfillmentOrder, variant: Variant, units: int) -> FulfillmentLine:
    lines = [line for line in _locked_lines(work) if line.variant_id == variant.pk]
    if not lines:
        raise Refusal("wrong_item", _("%s is not part of this order. Put it back.") % variant.title)
    fitting = next((line for line in lines if line.to_pack_quantity >= units), None)
    if fitting:
        return fitting
    left = sum(line.to_pack_quantity for line in lines)
    if left:
        raise Refusal("too_many", _("This is a pack of %(pack)d, and only %(left)d are left. Scan single units.")
                      % {"pack": units, "left": left})  # fmt: skip
    raise Refusal("over_scan", _("All units of %s are in parcels already.") % variant.title)


def _locked_lines(work: FulfillmentOrder) -> list[FulfillmentLine]:
    return list(
        work.lines.select_related("order_line", "variant__product").order_by("pk").select_for_update(of=("self",))
    )


def units_in(shipment: Shipment) -> int:
    """How many units the parcel holds."""
    return shipment.lines.aggregate(n=Sum("quantity", default=0))["n"]
