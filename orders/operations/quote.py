"""What it would cost to send a parcel, and which service keeps the promise for the least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from omni.core.refusals import Refusal
from orders.carriers import carrier
from orders.carriers.port import CarrierRefused, OutcomeUnknown, Rate, service_name
from orders.models import Shipment
from orders.operations.parcel_addresses import parcel_of, recipient_of, sender_of


@dataclass(frozen=True)
class Offer:
    """One rate as it is shown: `is_late` where it misses the promise, `is_best` is chosen beforehand."""

    rate: Rate
    is_late: bool
    is_best: bool

    @property
    def service(self) -> str:
        return service_name(self.rate)


def quote(*, shipment: Shipment) -> list[Offer]:
    """The carrier's rates for a packed parcel, cheapest first. Calls out.

    Raises Refusal `carrier_refused` in the carrier's words, or `no_answer`.
    """
    if shipment.weight_g is None or shipment.size is None:
        raise Refusal("weigh_first", _("Weigh the parcel and choose its box first: the price depends on both."))
    try:
        rates = carrier().rates(sender_of(shipment), recipient_of(shipment), parcel_of(shipment))
    except CarrierRefused as refusal:
        raise Refusal("carrier_refused", refusal.message, field=refusal.field) from refusal
    except OutcomeUnknown as silence:
        raise Refusal(
            "no_answer", _("The carrier does not answer. Try again in a minute, or type a tracking number.")
        ) from silence
    return offers(rates, promise_of(shipment))


def offers(rates: Sequence[Rate], promise: datetime | None) -> list[Offer]:
    """Cheapest first. Best is the cheapest that makes the promise; the fastest where none does."""
    ordered = sorted(rates, key=lambda rate: rate.amount)
    late = {rate: promise is not None and rate.deliver_by is not None and rate.deliver_by > promise for rate in ordered}
    on_time = [rate for rate in ordered if not late[rate]]
    fastest = min(ordered, key=lambda rate: (rate.deliver_by is None, rate.deliver_by, rate.amount), default=None)
    best = on_time[0] if on_time else fastest
    return [Offer(rate, late[rate], rate is best) for rate in ordered]


def promise_of(shipment: Shipment) -> datetime | None:
    """When the customer was promised the first of what is in this parcel."""
    return shipment.lines.aggregate(at=Min("fulfillment_line__order_line__deliver_by"))["at"]
