"""The customer's own link: no account, signed, and good for a limited time.

The signature is made with the order's `code_seed`, which the link does not show: a new seed,
new links.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.http import base36_to_int, int_to_base36

from omni.core.settings_store import setting
from orders import preferences
from orders.models import Order

LONGEST = 120  # characters; more was not made here


class LinkExpired(Exception):
    """The link was ours, and its time is over."""


def link_token(order: Order) -> str:
    """The secret part of a link that is made now."""
    return _signer(order).sign(int_to_base36(order.number))


def customer_url(order: Order) -> str:
    """Where the customer sees their order."""
    return f"{settings.PUBLIC_URL}/my/{link_token(order)}/"


def order_of(token: str) -> Order | None:
    """The order of a link, or None where nobody here made it; raises LinkExpired."""
    name, dot, _signature = token.partition(".")
    if not dot or len(token) > LONGEST or not name.isalnum() or not name.isascii() or len(name) > 12:
        return None
    order = Order.objects.filter(number=base36_to_int(name)).first()
    if order is None:
        return None
    try:
        _signer(order).unsign(token, max_age=timedelta(days=setting(preferences.LINK_DAYS)))
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadSignature:
        return None
    return order


def _signer(order: Order) -> TimestampSigner:
    return TimestampSigner(sep=".", salt=f"orders.my:{order.code_seed}")
