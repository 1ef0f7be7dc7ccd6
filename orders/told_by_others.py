"""Sentences that other apps lend to an order's timeline for events of their own; orders imports none of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from omni.core.models import Event

# (payload, items in words) -> (title, note, tone)
Tell = Callable[[Mapping[str, Any], str], tuple[str, str, str]]

_told: dict[str, Tell] = {}
_grows: dict[str, str] = {}


def lend_sentence(topic: str, tell: Tell, *, grows: str = "") -> None:
    """Say how the timeline tells of this topic; called once, when the app is ready.

    `grows` names the part of the payload by which several news are of one thing that grew line by line.
    """
    _told[topic] = tell
    if grows:
        _grows[topic] = grows


def sentence_of(topic: str) -> Tell | None:
    """How another app tells of it, if one does."""
    return _told.get(topic)


def told_once(events: Iterable[Event]) -> list[Event]:
    """News in the order of time; a thing that grew line by line is told where it began, with all its lines."""
    shown: list[Event] = []
    begun: dict[tuple[str, Any], Event] = {}
    for event in events:
        name = _grows.get(event.topic)
        first = begun.setdefault((event.topic, event.payload.get(name)), event) if name else event
        if first is event:
            shown.append(event)
        else:
            first.payload = first.payload | {"lines": _summed([*first.payload["lines"], *event.payload["lines"]])}
    return shown


def _summed(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Units of one line together, whatever else is known of each."""
    by_line: dict[tuple[Any, Any], dict[str, Any]] = {}
    for line in lines:
        known = by_line.setdefault((line.get("reference"), line["sku"]), dict(line) | {"quantity": 0})
        known["quantity"] += line["quantity"]
    return list(by_line.values())
