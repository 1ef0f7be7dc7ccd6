"""Take a label off a parcel again, and have the carrier take it back."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.states import move
from orders.carriers import carrier
from orders.carriers.port import CarrierRefused
from orders.models import Label, Shipment
from orders.operations.give_label_back import give_label_back
from orders.operations.unpack import require_not_leaving


@operation
def void_label(*, number: str, by: Actor, now: datetime, reason: str = "") -> Shipment:
    """The parcel stays packed and can get another label; the carrier is asked to take this one back."""
    shipment = Shipment.objects.lock(number)
    if shipment.status != Shipment.Status.LABELLED:
        raise Refusal("no_label", _("Parcel %s has no label to void.") % shipment.number)
    require_not_leaving(shipment)
    give_label_back(shipment=shipment, by=by, now=now, reason=reason)
    return move(
        shipment, Shipment.Status.PACKED, by=by, reason=reason or "label voided", carrier="", service="",
        tracking_number="", deliver_by=None, manifest=None, manifested_at=None,
    )  # fmt: skip


def return_label(*, key: str, by: Actor, now: datetime) -> None:
    """Ask the carrier to take a label back, and note its answer. Calls out; asked twice it is taken back once."""
    label = Label.objects.get(key=key)
    if label.status != Label.Status.VOIDING:
        return
    try:
        carrier().void(label.reference)
    except CarrierRefused as refusal:
        _book(key=key, to=Label.Status.KEPT, words=refusal.message, by=by, now=now)
    else:
        _book(key=key, to=Label.Status.VOIDED, words="", by=by, now=now)


@operation
def _book(*, key: str, to: str, words: str, by: Actor, now: datetime) -> None:
    label = Label.objects.select_for_update().get(key=key)
    if label.status == Label.Status.VOIDING:
        move(label, to, by=by, reason=words, refusal=words[:500], answered_at=now)
