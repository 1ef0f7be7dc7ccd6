"""The built-in carrier: no account, no network, and every trouble that real ones make.

Deterministic: the same addresses and parcel cost the same, a key always answers the same label, and what was bought is
remembered in the database, so that it can be looked up after a crash. Words in the recipient's address lines provoke:

| word    | what happens                                                                     |
|---------|----------------------------------------------------------------------------------|
| REFUSE  | buying is refused with a reason and the field it means                           |
| TIMEOUT | the label is bought, but the answer never comes (the first time)                 |
| OUTAGE  | nobody answers, neither for rates nor for buying                                 |
| LOSE    | tracking ends with a lost parcel                                                 |
| RETURN  | tracking ends with the parcel on its way back to the sender                      |
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.geo import Point, zip_centroid, zip_zone
from orders.carriers import tariff
from orders.carriers.port import (
    Address,
    CarrierAway,
    CarrierRefused,
    Label,
    News,
    OutcomeUnknown,
    Parcel,
    Rate,
)
from orders.carriers.simulated_paper import Paper, pdf, zpl
from orders.models.label import SimulatedLabel

SOURCE = "simulator"
CURRENCY = "USD"
# Share of the time on the road at which each thing happens.
TRIP = ((0.0, "announced"), (0.1, "in_transit"), (0.45, "in_transit"), (0.9, "out_for_delivery"), (0.97, "delivered"))
SAYS = {
    "announced": "Shipping label created", "in_transit": "Departed from facility",
    "out_for_delivery": "Out for delivery", "delivered": "Left at front door",
    "lost": "Cannot be located", "returned": "Refused, returned to sender",
}  # fmt: skip


class Simulator:
    """See the module."""

    def rates(self, sender: Address, recipient: Address, parcel: Parcel) -> Sequence[Rate]:
        _require_somebody_there(recipient)
        begin, end = _places(sender, recipient)
        shipped_at = _clock(sender)
        in_zone, grams = tariff.zone(begin, end), tariff.billable_g(parcel)
        rates = [
            Rate(each.carrier, each.name, tariff.price(each, in_zone, grams), CURRENCY,
                 tariff.arrives(each, in_zone, shipped_at))
            for each in tariff.SERVICES if parcel.weight_g <= each.max_weight_g
        ]  # fmt: skip
        if not rates:
            raise CarrierRefused(_("This parcel is too heavy. Pack it as several."), "weight")
        return sorted(rates, key=lambda rate: rate.amount)

    def buy(self, sender: Address, recipient: Address, parcel: Parcel, service: str, key: str) -> Label:
        if bought := self.look_up(key):
            return bought
        rates = {f"{rate.carrier}/{rate.service}": rate for rate in self.rates(sender, recipient, parcel)}
        rate = rates.get(service)
        if rate is None:
            raise CarrierRefused(_("The service %s is not offered for this parcel.") % service, "service")
        _require_deliverable(recipient)
        asked = {"sender": asdict(sender), "recipient": asdict(recipient), "parcel": asdict(parcel)}
        row = SimulatedLabel(
            key=key, carrier=rate.carrier, service=rate.service, tracking_number=_tracking_number(service, key),
            amount=rate.amount, currency=rate.currency, deliver_by=rate.deliver_by, asked=asked,  # type: ignore[misc]
            bought_at=timezone.now(),
        )  # fmt: skip
        # Two processes may ask with one key at once: the unique key sells one label to both.
        SimulatedLabel.objects.bulk_create([row], ignore_conflicts=True)
        if _says(recipient, "TIMEOUT"):
            raise OutcomeUnknown(_("No answer within 15 seconds."))
        return _label(SimulatedLabel.objects.get(key=key))

    def look_up(self, key: str) -> Label | None:
        row = SimulatedLabel.objects.filter(key=key).first()
        return _label(row) if row else None

    def void(self, reference: str) -> None:
        row = SimulatedLabel.objects.filter(key=reference).first()
        if row is None:
            raise CarrierRefused(_("We know no such label."))
        if row.voided_at is None:
            SimulatedLabel.objects.filter(pk=row.pk, voided_at=None).update(voided_at=timezone.now())

    def track(self, reference: str) -> Sequence[News]:
        row = SimulatedLabel.objects.filter(key=reference, voided_at=None).first()
        if row is None:
            return []
        now = timezone.now()
        return [news for news in trip(row) if news.occurred_at <= now]


def trip(row: SimulatedLabel) -> list[News]:
    """All that will ever be told of a label, with the times at which it will happen."""
    recipient = Address(**row.asked["recipient"])
    ending = "lost" if _says(recipient, "LOSE") else "returned" if _says(recipient, "RETURN") else "delivered"
    length = max(row.deliver_by - row.bought_at, timedelta(hours=1))
    return [
        News(
            event_id=f"{row.tracking_number}-{n}", tracking_number=row.tracking_number, carrier=row.carrier,
            status=(status := ending if at == "delivered" else at), occurred_at=row.bought_at + length * share,
            message=SAYS[status], place=_place(row, n),
        )
        for n, (share, at) in enumerate(TRIP)
    ]  # fmt: skip


def _label(row: SimulatedLabel) -> Label:
    paper = Paper(
        carrier=row.carrier, service=row.service, tracking_number=row.tracking_number, reference=row.key,
        sender=Address(**row.asked["sender"]), recipient=Address(**row.asked["recipient"]),
        weight_g=row.asked["parcel"]["weight_g"],
    )  # fmt: skip
    return Label(
        carrier=row.carrier, service=row.service, tracking_number=row.tracking_number, amount=row.amount,
        currency=row.currency, pdf=pdf(paper), zpl=zpl(paper), reference=row.key, deliver_by=row.deliver_by,
    )  # fmt: skip


def _require_somebody_there(recipient: Address) -> None:
    if _says(recipient, "OUTAGE"):
        raise CarrierAway(_("The carrier does not answer."))


def _require_deliverable(recipient: Address) -> None:
    if _says(recipient, "REFUSE"):
        raise CarrierRefused(_("No such house number on this street."), "line1")


def _places(sender: Address, recipient: Address) -> tuple[Point, Point]:
    begin, end = zip_centroid(sender.postal_code), zip_centroid(recipient.postal_code)
    if recipient.country != "US":
        raise CarrierRefused(_("We deliver within the United States only."), "country")
    if end is None:
        raise CarrierRefused(_("The ZIP code %s is not known.") % (recipient.postal_code or "—"), "postal_code")
    if not recipient.line1.strip():
        raise CarrierRefused(_("The address has no street and number."), "line1")
    # A sender without a known ZIP ships from the middle of the country: demo data must not stand still.
    return begin or (39.8283, -98.5795), end


def _clock(sender: Address) -> datetime:
    return timezone.now().astimezone(ZoneInfo(zip_zone(sender.postal_code) or "America/Chicago"))


def _says(address: Address, word: str) -> bool:
    return word in f"{address.line1} {address.line2}".upper().split()


def _tracking_number(service: str, key: str) -> str:
    prefix = next(each.prefix for each in tariff.SERVICES if f"{each.carrier}/{each.name}" == service)
    digits = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % 10**18
    return f"{prefix}{digits:018}"


def _place(row: SimulatedLabel, step: int) -> str:
    side = row.asked["sender" if step < len(TRIP) // 2 else "recipient"]
    return ", ".join(filter(None, [side["city"], side["region"]]))
