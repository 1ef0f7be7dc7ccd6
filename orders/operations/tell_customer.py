"""Tell the customer what happened to their order, once per event, and keep on the order what was said."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from inventory.models import Location
from omni.core.models import Event
from orders import events
from orders.models import FulfillmentOrder, Message, Order, PickupChoice
from orders.models.order_line import Method
from orders.pickup_code import pickup_code

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

    Sending is outside any transaction. A crash between sending and noting it sends twice: better than never.
    """
    order = Order.objects.select_related("customer").get(number=event.aggregate_id)
    if event.topic == events.STAGED and event.payload["method"] != Method.PICKUP:
        return None
    kind = KINDS[event.topic]
    message = Message.objects.filter(event_id=event.pk).first() or _written(order, kind, event)
    if message.to and message.sent_at is None:
        subject, body = _text(order, kind, event, secrets=True)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [message.to])
        message.sent_at = timezone.now()
        message.save(update_fields=["sent_at"])
    return message


def _written(order: Order, kind: str, event: Event) -> Message:
    subject, body = _text(order, kind, event, secrets=False)
    row = Message(order=order, kind=kind, event_id=event.pk, to=order.contact_email, subject=subject, body=body)
    # Two workers with an expired lease may meet here: the unique event decides.
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(event_id=event.pk)


def _text(order: Order, kind: str, event: Event, *, secrets: bool) -> tuple[str, str]:
    """Subject and body; `secrets` fills in the pickup code and links, which staff must not read on the order page."""
    work = (
        FulfillmentOrder.objects.filter(number=event.payload.get("fulfillment_order"))
        .select_related("location")
        .first()
    )
    place = work.location if work else Location.objects.filter(code=event.payload.get("location", "")).first()
    context = {
        "order": order, "event": event, "work": work, "place": place,
        "code": pickup_code(order.code_seed) if secrets else MASK,
        "link": _link(event) if secrets else MASK,
        "collect_by": work.collect_by.astimezone(place.zone) if work and place and work.collect_by else None,
    }  # fmt: skip
    text = render_to_string(f"orders/messages/{kind}.txt", context).strip()
    subject, _line, body = text.partition("\n")
    return subject.strip(), body.strip()


def _link(event: Event) -> str:
    choice = PickupChoice.objects.filter(pk=event.payload.get("choice_id")).first()
    return f"{settings.PUBLIC_URL}/choice/{choice.token}" if choice else ""
