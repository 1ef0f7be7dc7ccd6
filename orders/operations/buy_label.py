"""Buy a label: our row first, then the call, then the booking; so that nothing is bought twice, whatever dies when.

The key is committed before the carrier hears it. No answer, or a killed process, leaves a row that is `asked`: it is
resolved by looking the key up, at once, by the person's next tap, or by the periodic job. A key that the carrier does
not know after `GIVE_UP` counts as not bought, and is still looked up for `WATCHED`: a purchase that shows up late is
given back.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal
from omni.core.states import begin, move
from orders.carriers import carrier
from orders.carriers.port import CarrierRefused, OutcomeUnknown
from orders.carriers.port import Label as Bought
from orders.models import Label, LabelDocument, Shipment
from orders.models.label import LIVE
from orders.operations.give_label_back import void
from orders.operations.label_by_hand import label_key
from orders.operations.parcel_addresses import parcel_of, recipient_of, sender_of

IN_FLIGHT = timedelta(seconds=60)  # longer than any call to a carrier may take
GIVE_UP = timedelta(minutes=10)
WATCHED = timedelta(hours=2)


def buy_label(*, number: str, service: str, by: Actor, now: datetime) -> Label:
    """Buy `service` ("carrier/service") for a packed parcel. Not inside a transaction: it calls out.

    Raises Refusal `carrier_refused` with the carrier's own words, or `no_answer` while the outcome is unknown.
    """
    label = start_label(number=number, service=service, by=by, now=now)
    return ask_carrier(key=label.key, by=by, now=now)


@operation
def start_label(*, number: str, service: str, by: Actor, now: datetime) -> Label:
    """Write down what will be asked, under which key; from here on no other label is asked for this parcel."""
    shipment = Shipment.objects.lock(number)
    if shipment.status != Shipment.Status.PACKED or shipment.labels.filter(status__in=LIVE).exists():
        raise Refusal("has_label", _("Parcel %s has a label, or one is being bought.") % shipment.number)
    if shipment.order.hold:
        raise Refusal("on_hold", _("This order is on hold."))
    if shipment.weight_g is None or shipment.size is None:
        raise Refusal("weigh_first", _("Weigh the parcel and choose its box first: the price depends on both."))
    name, _slash, product = service.partition("/")
    label = Label.objects.create(
        shipment=shipment, key=label_key(shipment), carrier=name[:60], service=product[:60], asked_at=now,
        asked_by_id=by.user_id,
    )  # fmt: skip
    begin(label, by=by)
    return label


def ask_carrier(*, key: str, by: Actor, now: datetime) -> Label:
    """Ask for the label of this key, for the first time or again: the carrier sells one per key."""
    work = "shipment__fulfillment_order"
    asked = Label.objects.select_related(f"{work}__order", f"{work}__location").get(key=key)
    shipment = asked.shipment
    try:
        bought = carrier().buy(
            sender_of(shipment), recipient_of(shipment), parcel_of(shipment), f"{asked.carrier}/{asked.service}", key
        )
    except CarrierRefused as refusal:
        book_refusal(key=key, message=refusal.message, field=refusal.field, by=by, now=now)
        raise Refusal("carrier_refused", refusal.message, field=refusal.field) from refusal
    except OutcomeUnknown as silence:
        found = resolve_label(key=key, by=by, now=now)
        if found.status == Label.Status.BOUGHT:
            return found
        raise Refusal(
            "no_answer",
            _("The carrier has not answered. We look again by ourselves, and nothing is bought twice. "
              "Go on with another parcel, or ask again."),
        ) from silence  # fmt: skip
    return book_label(key=key, bought=bought, by=by, now=now)


def resolve_label(*, key: str, by: Actor, now: datetime) -> Label:
    """Find out what became of a purchase without an answer."""
    label = Label.objects.get(key=key)
    if label.status not in (Label.Status.ASKED, Label.Status.FAILED):
        return label
    try:
        bought = carrier().look_up(key)
    except OutcomeUnknown:
        return label
    if bought is not None:
        return book_label(key=key, bought=bought, by=by, now=now)
    if label.status == Label.Status.ASKED and label.asked_at <= now - GIVE_UP:
        return give_up(key=key, by=by, now=now)
    return label


def resolve_leftovers(*, now: datetime, limit: int = 50) -> int:
    """Purchases that nobody is waiting for any more, and those given up a while ago; returns how many were asked."""
    by = Actor.system("label look-up")
    keys = list(Label.objects.unresolved(now, IN_FLIGHT).values_list("key", flat=True)[:limit])
    watched = Label.objects.filter(status=Label.Status.FAILED, asked_at__gt=now - GIVE_UP - WATCHED)
    keys += watched.order_by("asked_at").values_list("key", flat=True)[:limit]
    for key in keys:
        resolve_label(key=key, by=by, now=now)
    return len(keys)


@operation
def give_up(*, key: str, by: Actor, now: datetime) -> Label:
    """The carrier knows nothing of this key, and no call with it can still be under way: it was not bought."""
    label = _locked(key)
    if label.status == Label.Status.ASKED:
        if label.asked_at > now - IN_FLIGHT:
            raise Refusal("in_flight", _("The carrier may still answer. Wait a minute."))
        move(label, Label.Status.FAILED, by=by, answered_at=now, refusal=_("The carrier did not answer."))
    return label


@operation
def book_label(*, key: str, bought: Bought, by: Actor, now: datetime) -> Label:
    """The carrier sold it. Booked twice it is booked once; where nobody wants it any more it is given back."""
    label = _locked(key)
    if label.status not in (Label.Status.ASKED, Label.Status.FAILED):
        return label
    sold: dict[str, Any] = {
        "carrier": bought.carrier[:60], "service": bought.service[:60], "tracking_number": bought.tracking_number[:100],
        "amount": bought.amount, "currency": bought.currency, "reference": bought.reference[:200],
        "deliver_by": bought.deliver_by, "answered_at": now,
    }  # fmt: skip
    LabelDocument.objects.get_or_create(label=label, defaults={"pdf": bought.pdf, "zpl": bought.zpl})
    shipment = label.shipment
    if label.status == Label.Status.FAILED or shipment.status != Shipment.Status.PACKED:
        Label.objects.filter(pk=label.pk).update(**sold)
        for name, value in sold.items():
            setattr(label, name, value)
        return void(label=label, shipment=shipment, by=by, now=now, reason="nobody needs it any more")
    move(label, Label.Status.BOUGHT, by=by, **sold)
    move(shipment, Shipment.Status.LABELLED, by=by, carrier=label.carrier, service=label.service,
         tracking_number=label.tracking_number, deliver_by=label.deliver_by)  # fmt: skip
    return label


@operation
def book_refusal(*, key: str, message: str, field: str, by: Actor, now: datetime) -> Label:
    """The carrier said no; its words stay with the parcel until a label is bought."""
    label = _locked(key)
    if label.status != Label.Status.ASKED:
        return label
    return move(label, Label.Status.REFUSED, by=by, answered_at=now, refusal=message[:500], refused_field=field[:60])


def _locked(key: str) -> Label:
    """The label, after its order, work and parcel."""
    number = Label.objects.values_list("shipment__number", flat=True).get(key=key)
    shipment = Shipment.objects.lock(number)
    label = Label.objects.select_for_update().get(key=key)
    label.shipment = shipment
    return label
