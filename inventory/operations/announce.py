"""A delivery is announced by a ship notice, or begins where it stands; or it does not come after all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Carton, CartonItem, Delivery, DeliveryLine, Location, PurchaseOrder, PurchaseOrderLine
from inventory.operations.order_supply import MAX_UNITS, number_taken, open_order
from inventory.sscc import carton_code
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move


@dataclass(frozen=True)
class Packed:
    """A carton of a notice: its code, and {variant id: units} in it."""

    code: str
    units: Mapping[int, int] = field(default_factory=dict)


@operation
def announce_delivery(
    *, number: str, supplier: str, location: Location, expected_on: date, purchase_order: PurchaseOrder | None = None,
    cartons: Sequence[Packed] = (), loose: Mapping[int, int] | None = None, by: Actor, now: datetime,
) -> Delivery:  # fmt: skip
    """Cartons with their contents, and what comes without one. Raises Refusal `number_taken`, Invalid otherwise."""
    packed = [Packed(carton_code(each.code), each.units) for each in cartons]
    _check(packed, loose or {}, location, purchase_order)
    if Delivery.objects.filter(number=number).exists():
        raise number_taken(number)
    delivery = Delivery.objects.create(
        number=number, supplier=supplier or (purchase_order.supplier if purchase_order else ""), location=location,
        purchase_order=purchase_order, expected_on=expected_on, created_at=now,
    )  # fmt: skip
    begin(delivery, by=by)
    boxes = Carton.objects.bulk_create(Carton(delivery=delivery, code=each.code) for each in packed)
    CartonItem.objects.bulk_create(
        CartonItem(carton=box, variant_id=variant, quantity=units)
        for box, each in zip(boxes, packed, strict=True) for variant, units in sorted(each.units.items())
    )  # fmt: skip
    expected: Counter[int] = Counter(loose or {})
    for each in packed:
        expected.update(each.units)
    _add_lines(delivery, expected)
    _tell(events.DELIVERY_ANNOUNCED, delivery, by, cartons=len(boxes), units=expected.total())
    return delivery


@operation
def begin_delivery(
    *, location: Location, purchase_order_number: str = "", supplier: str = "", key: str, by: Actor, now: datetime
) -> Delivery:
    """Receive without a notice: what is open of an order, or whatever stands there.

    A second device that begins with the same order works on the same delivery; the same `key` begins one once.
    """
    number = f"R{key[:12].upper()}"
    if known := Delivery.objects.filter(number=number, location=location).first():
        return known
    order = None
    if purchase_order_number:
        order = open_order(purchase_order_number)
        if order.location_id != location.pk:
            raise Refusal("other_store", _("%s is for another location.") % order)
        if known := order.deliveries.filter(is_announced=False, status__in=Delivery.OPEN).first():
            return known
    delivery = Delivery.objects.create(
        number=number, supplier=order.supplier if order else supplier[:120], location=location, purchase_order=order,
        is_announced=False, expected_on=now.astimezone(location.zone).date(), created_at=now,
    )  # fmt: skip
    begin(delivery, by=by)
    if order:
        _add_lines(delivery, {line.variant_id: line.open_quantity for line in order.lines.all() if line.open_quantity})
    _tell(events.DELIVERY_BEGUN, delivery, by)
    return delivery


@operation
def cancel_delivery(*, delivery_id: int, reason: str, by: Actor) -> Delivery:
    """It does not come. Raises Refusal `already_received` where anything of it was scanned."""
    delivery = Delivery.objects.select_for_update().select_related(None).get(pk=delivery_id)
    if delivery.lines.exclude(received_quantity=0).exists():
        raise Refusal("already_received", _("Some of it was received: finish it instead."))
    move(delivery, Delivery.Status.CANCELLED, by=by, reason=reason)
    _tell(events.DELIVERY_CANCELLED, delivery, by, reason=reason)
    return delivery


def order_lines(delivery: Delivery) -> dict[int, int]:
    """variant id -> the line of the delivery's order."""
    if delivery.purchase_order_id is None:
        return {}
    lines = PurchaseOrderLine.objects.filter(purchase_order=delivery.purchase_order_id)
    return dict(lines.values_list("variant_id", "pk"))


def _add_lines(delivery: Delivery, expected: Mapping[int, int]) -> None:
    ordered = order_lines(delivery)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=delivery, variant_id=variant, expected_quantity=units, order_line_id=ordered.get(variant))
        for variant, units in sorted(expected.items())
    )


def _check(
    cartons: Sequence[Packed], loose: Mapping[int, int], location: Location, order: PurchaseOrder | None
) -> None:
    quantities = [*loose.values(), *(units for each in cartons for units in each.units.values())]
    if any(not 0 < units <= MAX_UNITS for units in quantities) or any(not each.units for each in cartons):
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MAX_UNITS)
    if not quantities:
        raise Invalid("nothing_announced", _("Announce at least one unit of something."))
    if len({each.code for each in cartons}) != len(cartons):
        raise Invalid("repeated_carton", _("Each carton has a code of its own."))
    if order is not None and order.location_id != location.pk:
        raise Invalid("other_store", _("%s is for another location.") % order)


def _tell(topic: str, delivery: Delivery, by: Actor, **more: object) -> None:
    payload = {
        "number": delivery.number, "location_id": delivery.location_id,
        "purchase_order": delivery.purchase_order.number if delivery.purchase_order else None, **more,
    }  # fmt: skip
    emit(topic, aggregate=("delivery", delivery.number), payload=payload, by=by)
