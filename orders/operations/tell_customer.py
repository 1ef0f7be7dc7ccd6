"""Tell the customer what happened to their order, once per event, and keep on the order what was said."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from omni.core import practice
from omni.core.models import Event
from orders import events
from orders.models import Message, Order
from orders.models.order_line import Method
from orders.operations.message_text import message_text

KINDS = {
    events.STAGED: Message.Kind.READY,
    events.REMINDER_DUE: Message.Kind.REMINDER,
    events.CANCELLED: Message.Kind.CANCELLED,
    events.EXPIRED: Message.Kind.EXPIRED,
    events.CHOICE_OFFERED: Message.Kind.CHOICE,
    events.SHIPPED: Message.Kind.SHIPPED,
    events.LAST_DAY: Message.Kind.LAST_DAY,
    events.DELAYED: Message.Kind.DELAY,
    events.SHIP_DATE_MOVED: Message.Kind.LATER,
    events.SUPPLY_CHANGED: Message.Kind.SUPPLY,
    events.SUPPLY_RELEASED: Message.Kind.SUPPLY_HERE,
}
EMAIL = Message.Channel.EMAIL


def tell_customer(*, event: Event, now: datetime) -> Message | None:
    """Send the message of an event; an order without an e-mail address gets a record that nobody could be told.

    Sending is outside any transaction. A crash between sending and noting it sends twice: better than never; the
    same Message-ID tells the customer's mail program that it is one message.
    """
    order = Order.objects.select_related("customer").get(number=event.aggregate_id)
    if event.topic == events.STAGED and event.payload["method"] != Method.PICKUP:
        return None
    kind = KINDS[event.topic]
    message = Message.objects.filter(event_id=event.pk, channel=EMAIL).first() or _written(order, kind, event)
    if message.to and message.sent_at is None and not practice.is_on():  # there it is only written down
        _send(message.to, *message_text(order, kind, event, secrets=True), event)
        message.sent_at = now
        message.save(update_fields=["sent_at"])
    return message


def _written(order: Order, kind: str, event: Event) -> Message:
    subject, body = message_text(order, kind, event, secrets=False)
    row = Message(order=order, kind=kind, event_id=event.pk, to=order.contact_email, subject=subject, body=body)
    # Two workers with an expired lease may meet here: the unique event decides.
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(event_id=event.pk, channel=EMAIL)


def _send(to: str, subject: str, body: str, event: Event) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{event.uid}@{domain}>"}
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers).send()
