"""What every carrier adapter can do, in our words. All of it goes out to others: never call it in a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Address:
    """Where a parcel comes from or goes to."""

    name: str
    line1: str
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = "US"
    phone: str = ""


@dataclass(frozen=True)
class Parcel:
    """Outer size and weight."""

    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True)
class Rate:
    """What a service would cost, and when it would arrive (None: the carrier does not say)."""

    carrier: str
    service: str
    amount: Decimal
    currency: str
    deliver_by: datetime | None = None


@dataclass(frozen=True)
class Label:
    """A bought label. `reference` is the carrier's own name for it, for voiding and tracking."""

    carrier: str
    service: str
    tracking_number: str
    amount: Decimal
    currency: str
    pdf: bytes
    zpl: str
    reference: str
    deliver_by: datetime | None = None


@dataclass(frozen=True)
class News:
    """One piece of tracking news; `status` is one of `orders.models.tracking.TrackingEvent.Status`."""

    event_id: str
    tracking_number: str
    status: str
    occurred_at: datetime
    message: str = ""
    place: str = ""
    carrier: str = ""


class CarrierRefused(Exception):
    """The carrier said no, in its own words; nothing was bought. `field` names what of the address it means."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class OutcomeUnknown(Exception):
    """No answer: it may have been done. Ask `look_up` with the same key before anything else."""


class CarrierAway(OutcomeUnknown):
    """The carrier cannot be reached. Reading can be tried again; for buying it is an unknown outcome like any other."""


class Carrier(Protocol):
    """An adapter. Each method raises CarrierRefused or OutcomeUnknown and nothing else that is the carrier's."""

    def rates(self, sender: Address, recipient: Address, parcel: Parcel) -> Sequence[Rate]:
        """What can be bought for this parcel, the cheapest first."""

    def buy(self, sender: Address, recipient: Address, parcel: Parcel, service: str, key: str) -> Label:
        """Buy `service` ("carrier/service" as in `service_name`). The same key again answers the same label."""

    def look_up(self, key: str) -> Label | None:
        """The label that was bought under this key; None where there is none."""

    def void(self, reference: str) -> None:
        """Give an unused label back; voiding twice is no error."""

    def track(self, reference: str) -> Sequence[News]:
        """All news so far, the oldest first."""


def service_name(rate: Rate | Label) -> str:
    """The one string under which a service is bought."""
    return f"{rate.carrier}/{rate.service}"
