"""A label that is not used is given back to the carrier: noted here, asked for outside the transaction."""

from datetime import datetime

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.states import move
from orders import events
from orders.models import Label, Shipment


def give_label_back(*, shipment: Shipment, by: Actor, now: datetime, reason: str = "") -> Label | None:
    """Note that the bought label of a locked parcel is void; one still being asked for is void once it is bought."""
    label = shipment.labels.filter(status=Label.Status.BOUGHT).select_for_update().first()
    if label is None:
        return None
    return void(label=label, shipment=shipment, by=by, now=now, reason=reason)


def void(*, label: Label, shipment: Shipment, by: Actor, now: datetime, reason: str = "") -> Label:
    """Begin to void one label; a typed one was never ours to give back."""
    move(label, Label.Status.VOIDING, by=by, reason=reason, answered_at=now)
    if label.is_manual:
        return move(label, Label.Status.VOIDED, by=by, reason=reason)
    emit(events.LABEL_VOID_ASKED, aggregate=shipment.order.subject, by=by, payload={
        "order": str(shipment.order.number), "shipment": shipment.number, "label": label.key,
    })  # fmt: skip
    return label
