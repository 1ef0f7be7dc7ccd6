"""Messages of partners: checked by their own signature scheme, stored, answered; the relay does the rest.

A partner is a `Source`: `check` raises NotTrusted, `identify` gives the partner's own id of the message, under which it
is taken once. What it means is the business of whoever subscribes to `hooks.received` (see `orders.subscribers`).
"""

import base64
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from omni.core.events import emit, keep_inside
from omni.core.models import InboundMessage

RECEIVED = "hooks.received"
TOLERANCE = timedelta(seconds=300)
LONGEST_ID = 150

keep_inside(RECEIVED)

Headers = Mapping[str, str]


class NotTrusted(Exception):
    """The signature is missing, wrong, or too old."""


class Unreadable(Exception):
    """Signed, but no message that we can take."""


@dataclass(frozen=True)
class Source:
    """A partner that sends us messages."""

    name: str
    check: Callable[[bytes, Headers, str, datetime], None]
    identify: Callable[[dict[str, Any], Headers], str]


_sources: dict[str, Source] = {}


def register(name: str, *, check: Callable[..., None], identify: Callable[..., str]) -> None:
    """Open `/hooks/<name>/`."""
    _sources[name] = Source(name, check, identify)


def receive(source: str, *, body: bytes, headers: Headers, now: datetime) -> bool:
    """Store one message; False where it was stored before.

    Raises LookupError for a source nobody registered or that has no secret, NotTrusted, Unreadable.
    """
    known, secret = _sources[source], secret_of(source)
    if not secret:
        raise LookupError(source)
    known.check(body, headers, secret, now)
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Unreadable("This is not JSON.") from error
    if not isinstance(content, dict) or "\\u0000" in body.decode("utf-8", "replace"):
        raise Unreadable("This is not a JSON object that can be kept.")
    identity = known.identify(content, headers)
    if not identity or len(identity) > LONGEST_ID or not identity.isprintable():
        raise Unreadable("The message has no usable id.")
    return _store(source, identity, content)


def secret_of(source: str) -> str:
    """What this source signs with; the simulator's follows from our own key where nobody set one."""
    given = settings.HOOK_SECRETS.get(source, "")
    if given or source != "simulator":
        return given
    return hmac.new(settings.SECRET_KEY.encode(), b"hooks:simulator", hashlib.sha256).hexdigest()


def _store(source: str, identity: str, content: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            kept = InboundMessage.objects.create(source=source, event_id=identity, body=content)
            # Each message is its own lane: one that cannot be handled holds up no other.
            news = {"source": source, "inbound": kept.pk}
            emit(RECEIVED, aggregate=("hook", f"{source}:{kept.pk}"), payload=news)
    except IntegrityError:
        return False
    return True


# --- signature schemes ------------------------------------------------------------------------------------


def standard_webhooks(body: bytes, headers: Headers, secret: str, now: datetime) -> None:
    """webhook-id, -timestamp and -signature as Standard Webhooks has them; older than five minutes is refused.

    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not stamp.isdigit() or len(stamp) > 12:
        raise NotTrusted("Signature headers are missing.")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise NotTrusted("The message is too old, or a clock is wrong.")
    expected = sign_standard(identity, stamp, body, secret)
    given = [part.partition(",")[2] for part in headers.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
        raise NotTrusted("The signature does not match.")


def sign_standard(identity: str, stamp: str, body: bytes, secret: str) -> str:
    """The `v1` signature of a message, in base64."""
    signed = f"{identity}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def stripe_signature(body: bytes, headers: Headers, secret: str, now: datetime) -> None:
    """`Stripe-Signature: t=...,v1=...[,v1=...]`: hex of the HMAC over time, point and raw body.

    Five minutes old at most. While a secret is rolled there is one `v1` for each; other schemes are ignored.
    Source: https://docs.stripe.com/webhooks#verify-manually
    """
    parts = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
    stamps = [value for name, _equals, value in parts if name == "t"]
    given = [value for name, _equals, value in parts if name == "v1"]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit() and len(stamps[0]) <= 12) or not given:
        raise NotTrusted("The Stripe-Signature header is missing.")
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE.total_seconds():
        raise NotTrusted("The message is too old, or a clock is wrong.")
    expected = sign_stripe(stamps[0], body, secret)
    if not any(hmac.compare_digest(expected.encode(), each.encode()) for each in given):
        raise NotTrusted("The signature does not match.")


def sign_stripe(stamp: str, body: bytes, secret: str) -> str:
    """The `v1` signature of a message, in hex."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def easypost_hmac(body: bytes, headers: Headers, secret: str, now: datetime) -> None:
    """`X-Hmac-Signature: hmac-sha256-hex=...` over the raw body, with the NFKD form of the secret; it has no time.

    Source: https://docs.easypost.com/guides/webhooks-guide
    """
    key = unicodedata.normalize("NFKD", secret).encode()
    expected = "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get("x-hmac-signature", "").encode()):
        raise NotTrusted("The signature does not match.")
