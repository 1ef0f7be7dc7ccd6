"""What Stripe sends to our hook: that something became of a payment, and of which. What became of it, we ask.

Events come late, twice and in any order, and each holds its object as it was then. So an event is only a reason to
look: the look-up answers with what is true now, and is booked once. Source: Stripe's API reference (Events, Types of
events).
"""

from collections.abc import Mapping
from typing import Any

from orders.payments.port import Heard

AUTHORIZATION = {
    "payment_intent.amount_capturable_updated", "payment_intent.succeeded", "payment_intent.payment_failed",
    "payment_intent.canceled",
}  # fmt: skip
# A charge carries no key of ours: a partial capture shows there as a refund too, so that its amounts say nothing.
MONEY_BACK = {"refund.failed", "refund.updated", "charge.refund.updated", "charge.refunded"}


def read(body: dict[str, Any]) -> tuple[Heard | None, str]:
    """Which payment to look at, and why there is none where there is none."""
    try:
        return _read(body["type"], body["data"]["object"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return None, f"unreadable: {type(error).__name__} {error}"


def event_id(body: dict[str, Any], headers: Mapping[str, str]) -> str:
    """Stripe's own id of the event; delivered again it is the same."""
    return str(body.get("id") or "")


def _read(kind: str, thing: dict[str, Any]) -> tuple[Heard | None, str]:
    if kind in AUTHORIZATION:
        return Heard(str(thing["id"]), key=_key(thing)), ""
    if kind in MONEY_BACK:
        return Heard(str(thing["payment_intent"]), key=_key(thing)), ""
    return None, "not about a payment of ours"


def _key(thing: dict[str, Any]) -> str:
    """The key of ours that the call carried; of a payment that the site made there is none."""
    return str((thing.get("metadata") or {}).get("omni_key", ""))
