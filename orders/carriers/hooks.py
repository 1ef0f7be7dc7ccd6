"""What carriers send to our hooks, read into news. A shape that we do not know is a problem to note, never an error."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from orders.carriers.port import News
from orders.models.tracking import TrackingEvent

Told = TrackingEvent.Status
EASYPOST: dict[str, str] = {
    "pre_transit": Told.ANNOUNCED, "in_transit": Told.IN_TRANSIT, "out_for_delivery": Told.OUT_FOR_DELIVERY,
    "available_for_pickup": Told.READY_FOR_PICKUP, "delivered": Told.DELIVERED, "return_to_sender": Told.RETURNED,
    "failure": Told.PROBLEM, "error": Told.PROBLEM,
}  # fmt: skip


def read(source: str, body: dict[str, Any]) -> tuple[list[News], str]:
    """The news in a message, and why there are none where there are none."""
    try:
        news = READERS[source](body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [], f"unreadable: {type(error).__name__} {error}"
    return news, "" if news else "no tracking news"


def simulator_id(body: dict[str, Any], headers: Mapping[str, str]) -> str:
    """The message's own id, which is signed with it."""
    return headers.get("webhook-id", "")


def easypost_id(body: dict[str, Any], headers: Mapping[str, str]) -> str:
    """The id of EasyPost's Event object."""
    return str(body.get("id") or "")


def _simulator(body: dict[str, Any]) -> list[News]:
    """`{"events": [{"id", "tracking_number", "status", "occurred_at", "message"?, "place"?, "carrier"?}]}`"""
    return [
        News(
            event_id=_text(each["id"]), tracking_number=_text(each["tracking_number"]), status=Told(each["status"]),
            occurred_at=_moment(each["occurred_at"]), message=_text(each.get("message")),
            place=_text(each.get("place")), carrier=_text(each.get("carrier")),
        )
        for each in body["events"]
    ]  # fmt: skip


def _easypost(body: dict[str, Any]) -> list[News]:
    """An Event whose result is a Tracker: its details are the whole history, each kept once."""
    tracker = body.get("result") or {}
    if tracker.get("object") != "Tracker":
        return []
    return tracker_news(tracker)


def tracker_news(tracker: Mapping[str, Any]) -> list[News]:
    """The details of an EasyPost Tracker that mean something to us, and its own status where it has none."""
    number, carrier = _text(tracker["tracking_code"]), _text(tracker.get("carrier"))
    details = list(tracker.get("tracking_details") or [])
    if not details and tracker.get("status") in EASYPOST:
        details = [{"status": tracker["status"], "datetime": tracker["updated_at"], "message": ""}]
    return [
        News(
            event_id=_fingerprint(number, each), tracking_number=number, status=EASYPOST[each["status"]],
            occurred_at=_moment(each["datetime"]), message=_text(each.get("message")),
            place=_place(each.get("tracking_location") or {}), carrier=carrier,
        )
        for each in details if each.get("status") in EASYPOST
    ]  # fmt: skip


READERS = {"simulator": _simulator, "easypost": _easypost}


def _fingerprint(number: str, detail: Mapping[str, Any]) -> str:
    """Details have no id of their own: what they say and when makes one."""
    said = "|".join(_text(detail.get(name)) for name in ("datetime", "status", "message"))
    return f"{number}:{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def _place(where: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, [_text(where.get("city")), _text(where.get("state"))]))


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:300]


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(f"no time: {text!r}"[:100])
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
