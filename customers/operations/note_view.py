"""Somebody looks at a customer's data, and says what for."""

from datetime import datetime

from customers import events
from customers.models import Customer
from omni.core.actors import Actor
from omni.core.events import emit


def note_view(*, customer: Customer, purpose: str, shown: str, by: Actor, now: datetime) -> None:
    """Write down who saw what (`page`, `contact`, `export`, `api`) for which purpose; it stays in the house."""
    payload = {"customer": str(customer.uid), "purpose": purpose, "shown": shown}
    emit(events.VIEWED, aggregate=customer.subject, payload=payload, by=by, occurred_at=now)
