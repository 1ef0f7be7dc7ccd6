"""Tell the customer that their return came in and that their money is on its way; kept with the order's messages."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from omni.core.models import Event
from orders.models import Message, Order
from returns import events
from returns.models import Payout, ReturnOrder

KINDS = {
    events.LABELLED: Message.Kind.RETURN_LABEL, events.RECEIVED: Message.Kind.RETURNED,
    events.REFUNDED: Message.Kind.REFUNDED, events.REFUSED: Message.Kind.RETURN_REFUSED,
}  # fmt: skip


def tell_customer(*, event: Event, now: datetime) -> Message | None:
    """Send the message of an event, once; a return without an order has nobody to tell. Outside any transaction."""
    order = Order.objects.filter(number=event.payload["order"] or 0).first()
    if order is None or not _is_worth_telling(event):
        return None
    message = Message.objects.filter(event_id=event.pk).first() or _written(order, event)
    if message.to and message.sent_at is None:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        headers = {"Message-ID": f"<{event.uid}@{domain}>"}
        files = _label(event)
        mail = EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to], headers=headers)
        for name, content in files:
            mail.attach(name, content, "application/pdf")
        mail.send()
        message.sent_at = now
        message.save(update_fields=["sent_at"])
    return message


def _is_worth_telling(event: Event) -> bool:
    """At a desk the customer stands there: only money is confirmed."""
    return event.topic != events.RECEIVED or event.payload["channel"] != ReturnOrder.Channel.STORE


def _written(order: Order, event: Event) -> Message:
    kind = KINDS[event.topic]
    payout = Payout.objects.filter(key=event.payload.get("payout", "")).first()
    titles = {line.reference: line.title for line in order.lines.all()}
    text = render_to_string(f"returns/messages/{kind}.txt", {
        "order": order, "event": event, "rma": event.payload["return"], "currency": order.currency, "payout": payout,
        "amount": Decimal(event.payload.get("amount") or 0), "reason": event.payload.get("reason", ""),
        "items": [(line["quantity"], titles.get(line["reference"], line["sku"])) for line in event.payload["lines"]],
    }).strip()  # fmt: skip
    subject, _line, body = text.partition("\n")
    row = Message(order=order, kind=kind, event_id=event.pk, to=order.contact_email, subject=subject.strip(),
                  body=body.strip())  # fmt: skip
    # Two workers with an expired lease may meet here: the unique event decides.
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(event_id=event.pk)


def _label(event: Event) -> list[tuple[str, bytes]]:
    if event.topic != events.LABELLED:
        return []
    found = ReturnOrder.objects.select_related("label").get(rma_number=int(event.payload["return"]))
    return [(f"return-{found.rma}.pdf", bytes(found.label.pdf))] if found.label.pdf else []
