"""A customer says yes or no to being written to."""

from datetime import datetime

from customers import events
from customers.models import Consent
from customers.operations.keep_customer import living
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation


@operation
def record_consent(
    *, customer_id: int, channel: str, purpose: str, is_given: bool, source: str, by: Actor, now: datetime
) -> Consent:
    """Write their word down; the newest holds, and the same again is written too, because it was said again."""
    customer = living(customer_id)
    consent = Consent.objects.create(
        customer=customer, channel=channel, purpose=purpose, is_given=is_given, source=source, said_at=now,
        actor=by.label,
    )  # fmt: skip
    payload = {"customer": str(customer.uid), "channel": channel, "purpose": purpose, "given": is_given}
    emit(events.CONSENT_CHANGED, aggregate=customer.subject, payload=payload, by=by, occurred_at=now)
    return consent


def consents_of(family: list[int]) -> dict[tuple[str, str], Consent]:
    """(channel, purpose) -> the word that holds; of several records of one person the newest."""
    holds: dict[tuple[str, str], Consent] = {}
    for consent in Consent.objects.filter(customer__in=family).order_by("said_at", "pk"):
        holds[consent.channel, consent.purpose] = consent
    return holds
