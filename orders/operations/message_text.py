"""The words of a message: the same for every channel, with the secrets for the customer and masked for the record."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from inventory.models import Location
from omni.core.models import Event
from orders import events
from orders.customer_link import customer_url
from orders.models import FulfillmentOrder, Order, PickupChoice
from orders.pickup_code import code_of

MASK = "••••••••"


def message_text(order: Order, template: str, event: Event, *, secrets: bool) -> tuple[str, str]:
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
        "my_link": customer_url(order) if secrets else MASK,
        "collect_by": work.collect_by if work else None,
        **_supply(event),
        "paid": order.payments.filter(captured_amount__gt=0).exists(),
    }  # fmt: skip
    with _clock_of(place):
        text = render_to_string(f"orders/messages/{template}.txt", context).strip()
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


def _supply(event: Event) -> dict[str, Any]:
    """Days of what waits for a supplier, as days; whether one is later than was said, and whether one is lost."""
    if event.topic != events.SUPPLY_CHANGED:
        return {}
    lines = [each | {"day": _day(each["expected_on"]), "was": _day(each["was"])} for each in event.payload["lines"]]
    return {
        "supply": lines, "lost": any(each["day"] is None for each in lines),
        "later": any(each["was"] and (each["day"] is None or each["day"] > each["was"]) for each in lines),
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _link(event: Event) -> str:
    choice = PickupChoice.objects.filter(pk=event.payload.get("choice_id")).first()
    return f"{settings.PUBLIC_URL}/choice/{choice.token}/" if choice else ""
