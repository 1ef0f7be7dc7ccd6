"""A label for a return that comes by mail: from the customer's address to whoever takes returns."""

from datetime import datetime

from django.db import transaction

from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from orders.carriers import carrier
from orders.carriers.port import Address, CarrierRefused, Label, OutcomeUnknown, Parcel, service_name
from returns import events
from returns.models import ReturnLabel, ReturnOrder
from returns.models.return_order import Status
from returns.operations.news import told

BY = Actor.system("return labels")
BOX_MM = (300, 200, 150)  # where nobody measured the items: a shoe box
LIGHT_G, BOX_G = 500, 150
Asked = ReturnLabel.Status


def make_label(*, rma_number: int, now: datetime) -> ReturnLabel | None:
    """Buy the label of an announced mail return, once; None where none is due. Calls the carrier, so never inside a
    transaction. A lost answer is looked up under the same key before anything else is asked."""
    found = ReturnOrder.objects.select_related("order", "location").get(rma_number=rma_number)
    if found.channel != ReturnOrder.Channel.MAIL or found.status != Status.AUTHORIZED or found.order is None:
        return None
    label = _ask(found, now)
    if label.status != Asked.ASKED:
        return label
    sender, recipient = _addresses(found)
    if sender is None or recipient is None:
        return _refused(label, "There is no address to send it from or to.", now)
    try:
        bought = _bought(label.key, sender, recipient, _parcel(found))
    except CarrierRefused as refused:
        return _refused(label, refused.message, now)
    return _book(rma_number=rma_number, bought=bought, now=now)


def destination_of(found: ReturnOrder) -> Location | None:
    """Where mail returns go: the place that was named, else the first distribution center that takes returns."""
    if found.location:
        return found.location
    takers = Location.objects.active().filter(can_return=True).exclude(line1="")
    return takers.filter(kind=Location.Kind.DC).order_by("code").first() or takers.order_by("code").first()


def _ask(found: ReturnOrder, now: datetime) -> ReturnLabel:
    """The row stands before anybody is asked."""
    with transaction.atomic():
        label, _new = ReturnLabel.objects.get_or_create(
            return_order=found, defaults={"key": f"return:{found.rma}", "asked_at": now}
        )
    return label


def _bought(key: str, sender: Address, recipient: Address, parcel: Parcel) -> Label:
    adapter = carrier()
    if known := adapter.look_up(key):
        return known
    rates = adapter.rates(sender, recipient, parcel)
    if not rates:
        raise CarrierRefused("No service carries this parcel.")
    try:
        return adapter.buy(sender, recipient, parcel, service_name(rates[0]), key)
    except OutcomeUnknown:
        if known := adapter.look_up(key):
            return known
        raise


@operation
def _book(*, rma_number: int, bought: Label, now: datetime) -> ReturnLabel:
    found = ReturnOrder.objects.lock(rma_number)
    label = ReturnLabel.objects.select_for_update().get(return_order=found)
    if label.status == Asked.BOUGHT:
        return label
    label.status, label.answered_at = Asked.BOUGHT, now
    label.carrier, label.service, label.tracking_number = bought.carrier, bought.service, bought.tracking_number
    label.amount, label.currency, label.reference = bought.amount, bought.currency, bought.reference
    label.pdf, label.zpl = bought.pdf, bought.zpl
    label.save()
    found.tracking_carrier, found.tracking_number = bought.carrier, bought.tracking_number
    found.save(update_fields=["tracking_carrier", "tracking_number"])
    units = list(found.units.select_related("order_line", "variant").order_by("pk"))
    emit(events.LABELLED, aggregate=found.story_subject, by=BY, payload=told(found, units) | {
        "carrier": label.carrier, "tracking_number": label.tracking_number
    })  # fmt: skip
    return label


@operation
def _refused(label: ReturnLabel, reason: str, now: datetime) -> ReturnLabel:
    label.status, label.refusal, label.answered_at = Asked.REFUSED, reason[:500], now
    label.save(update_fields=["status", "refusal", "answered_at"])
    return label


def _addresses(found: ReturnOrder) -> tuple[Address | None, Address | None]:
    order, place = found.order, destination_of(found)
    given = (order.shipping_address if order else None) or {}
    sender = None
    if order and given.get("line1"):
        names = ("name", "line1", "line2", "city", "region", "postal_code", "country")
        sender = Address(**{name: str(given.get(name) or "") for name in names}, phone=order.contact_phone)
    if place is None:
        return sender, None
    return sender, Address(
        name=place.name, line1=place.line1 or place.name, line2=place.line2, city=place.city, region=place.region,
        postal_code=place.postal_code, country=place.country,
    )  # fmt: skip


def _parcel(found: ReturnOrder) -> Parcel:
    grams = sum(weight or LIGHT_G for weight in found.units.counted().values_list("variant__weight_g", flat=True))
    length, width, height = BOX_MM
    return Parcel(weight_g=grams + BOX_G, length_mm=length, width_mm=width, height_mm=height)
