"""Events on their way from where they happened to the subscribers inside the house."""

import logging
import time
import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction

from omni.core import claims
from omni.core.backoff import told
from omni.core.events import Subscriber, subscribers
from omni.core.models import EventDelivery
from omni.core.stamping import stamp

__all__ = ["deliver", "run_once", "stamp"]

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
AT_A_TIME = 10
BUDGET = 10.0  # seconds for one round, so that a task ends well before its limit
NO_WORD = "The process ended in the middle, every time."


def run_once(limit: int = 500) -> int:
    """Stamp and deliver what is waiting now; the number of things done, 0 where there is nothing to do."""
    return stamp(limit) + deliver(limit)


def deliver(limit: int = 500, *, to: Collection[str] | None = None) -> int:
    """Give up to `limit` due deliveries to their subscribers (all, or those named); the number tried."""
    tried, began = 0, time.monotonic()
    while tried < limit and time.monotonic() - began < BUDGET:
        token, claimed = _claim(min(AT_A_TIME, limit - tried), to)
        if not claimed:
            break
        for delivery in claimed:
            _try(delivery, token)
        tried += len(claimed)
    return tried


def _claim(limit: int, to: Collection[str] | None = None) -> tuple[uuid.UUID, list[EventDelivery]]:
    """Only for subscribers that this process knows: another release's are left to another process."""
    mine = EventDelivery.objects.filter(subscriber__in=subscribers() if to is None else to).select_related("event")
    return mine.claim(limit=limit, lease=LEASE)


def _try(delivery: EventDelivery, token: uuid.UUID) -> None:
    """A failure of one handler is that delivery's failure: written down, tried again, at last given up."""
    subscriber = subscribers()[delivery.subscriber]
    if claims.is_worn_out(delivery):
        claims.failed(delivery, token, error=delivery.last_error or NO_WORD)
        return
    try:
        if subscriber.calls_out:
            _call_out(subscriber, delivery, token)
        else:
            _apply(subscriber, delivery, token)
    except Exception as error:
        logger.exception("subscriber %s failed on event %s", subscriber.name, delivery.event_id)
        claims.failed(delivery, token, error=told(error))


def _apply(subscriber: Subscriber, delivery: EventDelivery, token: uuid.UUID) -> None:
    """Effect and done mark together or not at all; that is what makes it once."""
    with transaction.atomic():
        if not EventDelivery.objects.select_for_update().held(pk=delivery.pk, token=token).exists():
            return  # the lease ran out and somebody else took over
        subscriber.handler(delivery.event)
        _mark_done(delivery, token)


def _call_out(subscriber: Subscriber, delivery: EventDelivery, token: uuid.UUID) -> None:
    """Outside of any transaction: at least once, and the receiver gets the event's uid to tell a repetition."""
    subscriber.handler(delivery.event)
    _mark_done(delivery, token)


def _mark_done(delivery: EventDelivery, token: uuid.UUID) -> None:
    EventDelivery.objects.held(pk=delivery.pk, token=token).mark_done()
