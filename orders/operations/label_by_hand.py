"""A label from elsewhere: the carrier's counter, its own machine. We note with whom and under which number."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin, move
from orders.models import Label, Shipment
from orders.models.label import LIVE


@operation
def label_by_hand(*, number: str, carrier: str, tracking_number: str, by: Actor, now: datetime) -> Shipment:
    """A packed parcel has a label that we did not buy."""
    carrier, tracking_number = carrier.strip()[:60], "".join(tracking_number.split())[:100]
    if not carrier:
        raise Invalid("carrier_required", _("Say which carrier takes it."))
    shipment = Shipment.objects.lock(number)
    if shipment.labels.filter(status__in=LIVE).exists():
        raise Refusal("has_label", _("Parcel %s has a label, or one is being bought. Void it first.") % shipment.number)
    label = Label.objects.create(
        shipment=shipment, key=label_key(shipment), status=Label.Status.BOUGHT, is_manual=True, carrier=carrier,
        tracking_number=tracking_number, asked_at=now, asked_by_id=by.user_id, answered_at=now,
    )  # fmt: skip
    begin(label, by=by, reason="typed")
    return move(shipment, Shipment.Status.LABELLED, by=by, carrier=carrier, service="", tracking_number=tracking_number)


def label_key(shipment: Shipment) -> str:
    """Our name for the next purchase; the parcel is locked. A key is used for one label and never again."""
    return f"{shipment.number}-L{shipment.labels.count() + 1}"
