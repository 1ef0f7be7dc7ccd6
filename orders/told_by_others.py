"""Sentences that other apps lend to an order's timeline for events of their own; orders imports none of them."""

from collections.abc import Callable, Mapping
from typing import Any

# (payload, items in words) -> (title, note, tone)
Tell = Callable[[Mapping[str, Any], str], tuple[str, str, str]]

_told: dict[str, Tell] = {}


def lend_sentence(topic: str, tell: Tell) -> None:
    """Say how the timeline tells of this topic; called once, when the app is ready."""
    _told[topic] = tell


def sentence_of(topic: str) -> Tell | None:
    """How another app tells of it, if one does."""
    return _told.get(topic)
