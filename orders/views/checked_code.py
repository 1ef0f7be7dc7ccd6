"""The customer's code was checked: kept in the session for this one order, for a few minutes, never in an address."""

import time

from django.http import HttpRequest

from orders.models import Order

KEY = "checked_code"
SECONDS = 600


def remember(request: HttpRequest, order: Order) -> None:
    """One customer at a time: the next one's code takes this place."""
    request.session[KEY] = {"order": order.pk, "digest": order.pickup_code_digest, "until": time.time() + SECONDS}


def checked(request: HttpRequest, order: Order) -> str:
    """The digest of the code that was found right for this order a moment ago, or nothing."""
    kept = request.session.get(KEY) or {}
    if kept.get("order") != order.pk or kept["until"] < time.time():
        return ""
    return kept["digest"]


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
