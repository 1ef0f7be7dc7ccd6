"""What is made afterwards, such as a demo's last days: its history says when it is meant to have happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

_is_told: ContextVar[bool] = ContextVar("past_is_told", default=False)
_then: ContextVar[datetime | None] = ContextVar("past_then", default=None)


@contextmanager
def told() -> Iterator[None]:
    """In this block each act happens at the `now` that it is given, also in events and histories."""
    token = _is_told.set(True)
    try:
        yield
    finally:
        _is_told.reset(token)


def is_told() -> bool:
    return _is_told.get()


@contextmanager
def at(then: datetime | None) -> Iterator[None]:
    """One act of that time."""
    token = _then.set(then)
    try:
        yield
    finally:
        _then.reset(token)


def moment() -> Any:
    """When something happens: now, by the database's clock, or then."""
    return _then.get() or Now()
