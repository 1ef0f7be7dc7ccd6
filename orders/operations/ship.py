"""A parcel that left without our label: by a partner's own system, or with a tracking number typed by hand."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders.models import FulfillmentLine, FulfillmentOrder, OrderException, Shipment, ShipmentLine
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.models.shipment import IN_HOUSE
from orders.operations.label_by_hand import label_by_hand
from orders.operations.leave import book_departure, hand_parcel_over
from orders.operations.pack import Box, close_parcel, next_number, pack
from orders.operations.partner_work import refuse_over
from orders.operations.raise_exception import settle_exception


@operation
def ship(
    *, number: str, carrier: str, tracking_number: str, by: Actor, now: datetime,
    units: Mapping[int, int | None] | None = None, service: str = "", weight_g: int | None = None,
    shipment: str | None = None, reference: str = "",
) -> FulfillmentOrder:  # fmt: skip
    """`units` (by fulfillment line id, None for what is open of it; all that is open without) left as one parcel with
    this carrier.

    A store's work must be picked; a partner's is confirmed by its first parcel. `shipment` names a packed one instead.
    `reference` is a partner's own name for the parcel: told twice it left once; raises `shipment_differs` where the
    second telling says something else.
    """
    work = FulfillmentOrder.objects.lock(number)
    if reference and _left_before(work, reference[:150], carrier, tracking_number, units):
        return work
    counted = _counted(work, units)
    if work.method != Method.SHIP:
        raise Refusal("not_shipped", _("This work is collected, not shipped."))
    if work.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    if shipment is not None:
        _packed(work, shipment, carrier, tracking_number, by, now)
    elif work.location.picks_by_hand:
        _from_store(work, carrier, tracking_number, counted, weight_g, by, now)
    else:
        _from_partner(work, carrier, tracking_number, counted, service, weight_g, by, now, reference[:150])
    work.refresh_from_db()
    return work


def _counted(work: FulfillmentOrder, units: Mapping[int, int | None] | None) -> dict[int, int] | None:
    """Lines without a number: what is open of them by now, the work being locked."""
    if units is None or None not in units.values():
        return units  # type: ignore[return-value]
    still = {line.pk: line.open_quantity for line in work.lines.all()}
    return {pk: still.get(pk, 0) if quantity is None else quantity for pk, quantity in units.items()}


def _left_before(
    work: FulfillmentOrder, reference: str, carrier: str, tracking_number: str,
    units: Mapping[int, int | None] | None,
) -> bool:  # fmt: skip
    """The work is locked, so that the second of two tellings finds the first one's parcel."""
    parcel = work.shipments.filter(sender_reference=reference).first()
    if parcel is None:
        return False
    inside = dict(parcel.lines.values_list("fulfillment_line_id", "quantity"))
    same = (parcel.carrier, parcel.tracking_number) == (carrier[:60], tracking_number[:100])
    said = inside if units is None else {pk: inside.get(pk) if n is None else n for pk, n in units.items()}
    if not same or said != inside:
        raise Refusal("shipment_differs", _("Parcel %s was told before, with something else.") % reference)
    return True


def _from_store(
    work: FulfillmentOrder, carrier: str, tracking_number: str, units: Mapping[int, int] | None, weight_g: int | None,
    by: Actor, now: datetime,
) -> None:  # fmt: skip
    """What lies loose in the tote goes as a new parcel; where nothing does, the one parcel that is packed goes."""
    if work.status == Status.ACCEPTED:
        raise Refusal("not_picked", _("This order is not picked yet."))
    if not work.may_move_to(Status.SHIPPED):
        move(work, Status.SHIPPED, by=by)  # refuses in the words of every illegal move
    waiting = list(work.shipments.filter(status__in=IN_HOUSE))
    loose = any(line.to_pack_quantity for line in work.lines.all())
    if len(waiting) == 1 and not loose and units is None:
        parcel = waiting[0]
        if parcel.status == Shipment.Status.PACKING:
            parcel = close_parcel(number=parcel.number, box=Box(weight_g=weight_g), by=by, now=now)
    elif waiting and units is None:
        raise Refusal("several_parcels", _("This order is packed in parcels. Label and hand over each of them."))
    else:
        parcel = pack(number=work.number, units=units, box=Box(weight_g=weight_g), by=by, now=now)
    _leave(parcel, carrier, tracking_number, by, now)


def _packed(work: FulfillmentOrder, number: str, carrier: str, tracking_number: str, by: Actor, now: datetime) -> None:
    parcel = work.shipments.filter(number=number, status__in=[Shipment.Status.PACKED, Shipment.Status.LABELLED]).first()
    if parcel is None:
        raise Refusal("no_such_parcel", _("This work has no packed parcel %s.") % number)
    _leave(parcel, carrier, tracking_number, by, now)


def _leave(parcel: Shipment, carrier: str, tracking_number: str, by: Actor, now: datetime) -> None:
    """With the label that it has, or else the one that is named here."""
    if parcel.status == Shipment.Status.PACKED:
        label_by_hand(number=parcel.number, carrier=carrier, tracking_number=tracking_number, by=by, now=now)
    hand_parcel_over(number=parcel.number, by=by, now=now)


def _from_partner(
    work: FulfillmentOrder, carrier: str, tracking_number: str, units: Mapping[int, int] | None, service: str,
    weight_g: int | None, by: Actor, now: datetime, reference: str,
) -> None:  # fmt: skip
    refuse_over(work)
    if work.status == Status.RELEASED:
        move(work, Status.ACCEPTED, by=by, accepted_at=now)  # shipping confirms
        overdue = OrderException.Kind.OVERDUE
        settle_exception(order=work.order, kind=overdue, resolution=_("shipped"), by=by, now=now)
    if not work.may_move_to(Status.SHIPPED):
        move(work, Status.SHIPPED, by=by)  # refuses in the words of every illegal move
    chosen = _open_units(work, units)
    shipment = Shipment.objects.create(
        number=next_number(work), fulfillment_order=work, status=Shipment.Status.HANDED_OVER, carrier=carrier[:60],
        service=service[:60], tracking_number=tracking_number[:100], weight_g=weight_g, packed_at=now,
        handed_over_at=now, created_at=now, sender_reference=reference,
    )  # fmt: skip
    begin(shipment, by=by)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, fulfillment_line=line, quantity=quantity) for line, quantity in chosen.items()
    )
    for line, quantity in chosen.items():
        # A partner's own system picked; here the units are picked, packed and gone in one step.
        FulfillmentLine.objects.filter(pk=line.pk).update(
            picked_quantity=F("picked_quantity") + quantity, packed_quantity=F("packed_quantity") + quantity
        )
    book_departure(shipment=shipment, off_shelf=False, by=by, now=now)


def _open_units(work: FulfillmentOrder, units: Mapping[int, int] | None) -> dict[FulfillmentLine, int]:
    lines = list(work.lines.select_related("order_line").order_by("pk").select_for_update(of=("self",)))
    if units is None:
        return {line: line.open_quantity for line in lines if line.open_quantity}
    over = [line for line in lines if not 0 <= units.get(line.pk, 0) <= line.open_quantity]
    chosen = {line: units[line.pk] for line in lines if units.get(line.pk)}
    if over or not chosen or set(units) - {line.pk for line in lines}:
        raise Invalid("bad_quantity", _("Choose at least one unit, and no more than are still to be shipped."))
    return chosen
