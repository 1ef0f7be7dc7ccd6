"""The same news as a short text message, where the customer has a phone and did not say no; once per event."""

from datetime import datetime

from customers.models import Consent
from omni.core import practice
from omni.core.models import Event
from orders import events, sms
from orders.models import Message, Order
from orders.models.order_line import Method
from orders.operations.message_text import message_text

KINDS = {
    events.STAGED: Message.Kind.READY,
    events.REMINDER_DUE: Message.Kind.REMINDER,
    events.LAST_DAY: Message.Kind.LAST_DAY,
    events.DELAYED: Message.Kind.DELAY,
    events.CHOICE_OFFERED: Message.Kind.CHOICE,
    events.ARRIVED: Message.Kind.ARRIVED,
}
SMS = Message.Channel.SMS


def text_customer(*, event: Event, now: datetime) -> Message | None:
    """Send the text of an event, outside any transaction; nothing where nobody can or may be texted.

    A crash between sending and noting it asks the provider again with the same key, and it sends nothing twice. What
    the provider refuses for good is noted and not asked again.
    """
    order = Order.objects.select_related("customer").get(number=event.aggregate_id)
    if (event.topic == events.STAGED and event.payload["method"] != Method.PICKUP) or not may_text(order):
        return None
    kind = KINDS[event.topic]
    message = Message.objects.filter(event_id=event.pk, channel=SMS).first() or _written(order, kind, event)
    if message.sent_at is None and not message.problem and not practice.is_on():
        _send(message, order, kind, event, now)
    return message


def may_text(order: Order) -> bool:
    """A phone in E.164, and no newer word of its owner that messages about orders shall not come there."""
    if not order.contact_phone.startswith("+"):
        return False
    if order.customer_id is None:
        return True
    said = Consent.objects.filter(
        customer=order.customer_id, channel=Consent.Channel.SMS, purpose=Consent.Purpose.SERVICE
    )
    newest = said.order_by("-said_at", "-pk").first()
    return newest is None or newest.is_given


def _written(order: Order, kind: str, event: Event) -> Message:
    subject, body = message_text(order, f"sms/{kind}", event, secrets=False)
    row = Message(order=order, kind=kind, channel=SMS, event_id=event.pk, to=order.contact_phone,
                  subject=subject[:200], body=body)  # fmt: skip
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(event_id=event.pk, channel=SMS)


def _send(message: Message, order: Order, kind: str, event: Event, now: datetime) -> None:
    _subject, text = message_text(order, f"sms/{kind}", event, secrets=True)
    try:
        sms.sender().send(to=message.to, text=text, key=str(event.uid))
    except sms.SmsRefused as refused:
        message.problem = str(refused)[:200] or "refused"
        message.save(update_fields=["problem"])
        return
    message.sent_at = now
    message.save(update_fields=["sent_at"])
