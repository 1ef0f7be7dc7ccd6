"""Tell the customer what happened to their order, once per event, and keep on the order what was said."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from inventory.models import Location
from omni.core import practice
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentOrder, Message, Order, PickupChoice
from orders.models.order_line import Method
from orders.pickup_code import code_of

KINDS = {
    events.STAGED: Message.Kind.READY,
    events.REMINDER_DUE: Message.Kind.REMINDER,
    events.CANCELLED: Message.Kind.CANCELLED,
    events.EXPIRED: Message.Kind.EXPIRED,
    events.CHOICE_OFFERED: Message.Kind.CHOICE,
    events.SHIPPED: Message.Kind.SHIPPED,
}
MASK = "••••••••"


def tell_customer(*, event: Event, now: datetime) -> Message | None:
    """Send the message of an event; an order without an e-mail address gets a record that nobody could be told.

    Sending is outside any transaction. A crash between sending and noting it sends twice: better than never; the
    same Message-ID tells the customer's mail program that it is one message.
    """
    order = Order.objects.select_related("customer").get(number=event.aggregate_id)
    if event.topic == events.STAGED and event.payload["method"] != Method.PICKUP:
        return None
    kind = KINDS[event.topic]
    message = Message.objects.filter(event_id=event.pk).first() or _written(order, kind, event)
    if message.to and message.sent_at is None and not practice.is_on():  # there it is only written down
        _send(message.to, *_text(order, kind, event, secrets=True), event)
        message.sent_at = now
        message.save(update_fields=["sent_at"])
    return message


def _written(order: Order, kind: str, event: Event) -> Message:
    subject, body = _text(order, kind, event, secrets=False)
    row = Message(order=order, kind=kind, event_id=event.pk, to=order.contact_email, subject=subject, body=body)
    # Two workers with an expired lease may meet here: the unique event decides.
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(event_id=event.pk)


def _send(to: str, subject: str, body: str, event: Event) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{event.uid}@{domain}>"}
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()


def _text(order: Order, kind: str, event: Event, *, secrets: bool) -> tuple[str, str]:
    """Subject and body; `secrets` fills in the pickup code and links, which staff must not read on the order page."""
    work = (
        FulfillmentOrder.objects.filter(number=event.payload.get("fulfillment_order"))
        .select_related("location")
        .first()
    )
    place = work.location if work else Location.objects.filter(code=event.payload.get("location", "")).first()
    context = {
        "order": order, "event": event, "work": work, "place": place, "items": _items(order, event, work),
        "code": code_of(order.code_seed, order.pickup_code_digest) if secrets else MASK,
        "link": _link(event) if secrets else MASK,
        "collect_by": work.collect_by if work else None,
        "paid": order.payments.filter(captured_amount__gt=0).exists(),
    }  # fmt: skip
    with _clock_of(place):
        text = render_to_string(f"orders/messages/{kind}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    return subject.strip(), body.strip()


def _clock_of(place: Location | None) -> AbstractContextManager:
    """Times in a message are those on the wall of the store."""
    return timezone.override(place.zone) if place else nullcontext()


def _items(order: Order, event: Event, work: FulfillmentOrder | None) -> list[tuple[int, str]]:
    """(units, title) of what the message is about: the event's lines, else what lies ready."""
    titles = {line.reference: line.title for line in order.lines.all()}
    told = event.payload.get("lines") or ([event.payload] if "reference" in event.payload else [])
    if told:
        return [(line["quantity"], titles.get(line["reference"], line["sku"])) for line in told]
    lines = work.lines.select_related("order_line").order_by("pk") if work else []
    return [(line.in_staging_quantity, line.order_line.title) for line in lines if line.in_staging_quantity]


def _link(event: Event) -> str:
    choice = PickupChoice.objects.filter(pk=event.payload.get("choice_id")).first()
    return f"{settings.PUBLIC_URL}/choice/{choice.token}/" if choice else ""
