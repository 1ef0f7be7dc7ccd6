"""A partner tells of parcels that left: each counts once, however often and in whatever order it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid
from orders.models import FulfillmentOrder
from orders.operations.acknowledge import acknowledge
from orders.operations.partner_work import ANSWERABLE
from orders.operations.ship import ship


@dataclass(frozen=True)
class Left:
    """One parcel; `units` by fulfillment line id (None: all that is open of it), everything without. `reference`: the
    partner's own name."""

    carrier: str
    tracking_number: str
    units: Mapping[int, int | None] | None = None
    service: str = ""
    weight_g: int | None = None
    reference: str = ""

    @property
    def key(self) -> str:
        """What tells a parcel from another one of the same work."""
        return self.reference.strip() or f"{self.carrier}:{self.tracking_number}".casefold().replace(" ", "")


@retried
@operation
def ship_parcels(*, number: str, parcels: Sequence[Left], by: Actor, now: datetime) -> FulfillmentOrder:
    """All parcels are booked, or none. Raises what `ship` raises, and Invalid `tracking_required`."""
    if any(not parcel.tracking_number.strip() or not parcel.carrier.strip() for parcel in parcels):
        raise Invalid("tracking_required", _("Say with which carrier and under which tracking number it left."))
    work = FulfillmentOrder.objects.lock(number)
    if work.status in ANSWERABLE and not work.order.hold:
        acknowledge(number=number, by=by, now=now)
    for parcel in parcels:
        work = ship(
            number=number, carrier=parcel.carrier.strip(), tracking_number="".join(parcel.tracking_number.split()),
            units=parcel.units, service=parcel.service, weight_g=parcel.weight_g, reference=parcel.key, by=by, now=now,
        )  # fmt: skip
    return work
