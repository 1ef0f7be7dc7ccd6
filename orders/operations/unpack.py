"""A parcel is opened again: its units are back in the tote, and its label is given back."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.states import move
from orders import events
from orders.models import FulfillmentLine, Manifest, Shipment
from orders.models.shipment import IN_HOUSE
from orders.operations.give_label_back import give_label_back
from orders.operations.parcel_news import news_of


@operation
def unpack(*, number: str, by: Actor, now: datetime, reason: str = "") -> Shipment:
    """Everything in this parcel goes back into the tote; possible until the carrier has it."""
    shipment = Shipment.objects.lock(number)
    _require_here(shipment)
    _open_up(shipment, by=by, now=now, reason=reason)
    if shipment.manifest_id:
        shipment.manifest = shipment.manifested_at = None
        shipment.save(update_fields=["manifest", "manifested_at"])
    return shipment


def unpack_cancelled(
    *, units: Mapping[FulfillmentLine, tuple[int, int]], reason: str, by: Actor, now: datetime
) -> None:
    """Picked units of a locked order are cancelled: parcels that hold them are opened, where not enough lie loose.

    `units` is (cancelled, of which picked) by line. A parcel in a manifest stays on it as one to be taken out.
    """
    for line, (_cancelled, picked) in units.items():
        for shipment in _holding(line) if picked > line.to_pack_quantity else []:
            _require_here(shipment)
            _open_up(shipment, by=by, now=now, reason=reason)
            line.refresh_from_db(fields=["packed_quantity"])
            if picked <= line.to_pack_quantity:
                break


def _holding(line: FulfillmentLine) -> list[Shipment]:
    """Parcels with this line that are still here, the one with the least effort in it first."""
    held = Shipment.objects.filter(fulfillment_order=line.fulfillment_order_id, status__in=IN_HOUSE,
                                   lines__fulfillment_line=line)  # fmt: skip
    rows = (
        held.select_related("manifest", "fulfillment_order__order", "fulfillment_order__location")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return sorted(rows, key=lambda each: IN_HOUSE.index(Shipment.Status(each.status)))


def _require_here(shipment: Shipment) -> None:
    if shipment.status not in IN_HOUSE:
        raise Refusal("left", _("Parcel %s is with the carrier.") % shipment.number)
    require_not_leaving(shipment)


def require_not_leaving(shipment: Shipment) -> None:
    """Its manifest is still open, and stays so until this transaction ends."""
    if shipment.manifest_id is None:
        return
    manifest = Manifest.objects.select_for_update().get(pk=shipment.manifest_id)
    if manifest.status != Manifest.Status.OPEN:
        raise Refusal("left", _("Parcel %s is with the carrier.") % shipment.number)


def _open_up(shipment: Shipment, *, by: Actor, now: datetime, reason: str) -> None:
    give_label_back(shipment=shipment, by=by, now=now)
    move(shipment, Shipment.Status.UNPACKED, by=by, reason=reason, note=reason[:300],
         carrier="", service="", tracking_number="", deliver_by=None)  # fmt: skip
    for each in shipment.lines.all():
        FulfillmentLine.objects.filter(pk=each.fulfillment_line_id).update(
            packed_quantity=F("packed_quantity") - each.quantity
        )
    emit(events.UNPACKED, aggregate=shipment.order.subject, by=by, payload=news_of(shipment) | {"reason": reason})
