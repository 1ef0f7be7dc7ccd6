"""What happened is written where it happened, and told to those who asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction

from omni.core import past
from omni.core.actors import Actor
from omni.core.models import Event
from omni.core.wake import wake

Handler = Callable[[Event], None]


@dataclass(frozen=True)
class NewEvent:
    """A fact that is about to be written."""

    topic: str
    aggregate: tuple[str, str]
    payload: dict[str, Any] = field(default_factory=dict)
    by: Actor | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Subscriber:
    """Somebody inside who wants to know; `calls_out` where the handler leaves the house (mail, HTTP, payment).

    `in_practice`: it is told of what happens in the practice world too, where it calls nobody.
    """

    name: str
    topic: str
    handler: Handler
    calls_out: bool
    in_practice: bool = True

    def wants(self, topic: str) -> bool:
        """True for the topic itself, or where `orders.*` covers it."""
        return covers(self.topic, topic)


_subscribers: dict[str, Subscriber] = {}
_kept_inside: set[str] = set()


def emit(
    topic: str,
    *,
    aggregate: tuple[str, str],
    payload: dict[str, Any],
    by: Actor | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Write one fact in the caller's transaction; after commit the house is woken."""
    emit_many([NewEvent(topic=topic, aggregate=aggregate, payload=payload, by=by, occurred_at=occurred_at)])


def emit_many(facts: Iterable[NewEvent]) -> None:
    """Write many facts in one statement."""
    rows = [_row(fact) for fact in facts]
    if not rows:
        return
    Event.objects.bulk_create(rows)
    transaction.on_commit(wake, robust=True)


def on(
    topic: str, *, name: str, calls_out: bool = False, in_practice: bool | None = None
) -> Callable[[Handler], Handler]:
    """Subscribe a function to a topic (or `orders.*`) under a name that stays the same for ever.

    A handler with effects in the database runs in one transaction with its done mark; one that calls out runs
    outside any transaction, may run twice, and hands the event's `uid` to the receiver. The latter hears nothing of
    practice unless it says `in_practice=True`, because it asks `practice.is_on()` before it calls anybody.
    """

    def register(handler: Handler) -> Handler:
        known = _subscribers.get(name)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"Two subscribers are called {name}.")
        told = not calls_out if in_practice is None else in_practice
        _subscribers[name] = Subscriber(name=name, topic=topic, handler=handler, calls_out=calls_out, in_practice=told)
        return handler

    return register


def keep_inside(*topics: str) -> None:
    """These topics are for subscribers of the house only: neither the feed nor webhooks tell of them."""
    _kept_inside.update(topics)


def kept_inside() -> frozenset[str]:
    """Topics that nobody outside hears of."""
    return frozenset(_kept_inside)


def subscribers() -> dict[str, Subscriber]:
    """All who asked to know, by name."""
    return _subscribers


def covers(pattern: str, topic: str) -> bool:
    """`orders.*` covers `orders.placed`; `*` covers all."""
    return fnmatchcase(topic, pattern)


def _row(fact: NewEvent) -> Event:
    kind, which = fact.aggregate
    row = Event(
        topic=fact.topic,
        aggregate_type=kind,
        aggregate_id=str(which),
        payload=fact.payload,
        actor=fact.by.label if fact.by else "",
    )
    row.occurred_at = fact.occurred_at or past.moment()
    return row
