"""Events on their way to the endpoints outside, signed as Standard Webhooks asks."""

import base64
import hashlib
import hmac
import json
import logging
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from omni.core import claims
from omni.core.backoff import told
from omni.core.models import ClaimableQuerySet, Event, WebhookDelivery, WebhookEndpoint
from omni.core.models.webhook import SECRET_PREFIX
from omni.core.outbound import Answer, OutboundError, post

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BUDGET = 10.0  # seconds for one round, so that a task ends well before its limit
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
NO_WORD = "The process ended in the middle, every time."
EXCERPT = 500  # characters of an answer kept in the log


def deliver(limit: int = 50) -> int:
    """Send up to `limit` due deliveries; the number tried. Each is claimed by itself, because a call may be slow."""
    tried, began = 0, time.monotonic()
    while tried < limit and time.monotonic() - began < BUDGET:
        token, claimed = _reachable().claim(limit=1, lease=LEASE)
        if not claimed:
            break
        _try(claimed[0], token)
        tried += 1
    return tried


def _reachable() -> ClaimableQuerySet:
    """Not to endpoints that just failed: one that hangs would hold up all others, call after call."""
    rested = Q(endpoint__paused_until=None) | Q(endpoint__paused_until__lt=Now())
    return WebhookDelivery.objects.filter(rested, endpoint__is_active=True).select_related("endpoint", "event")


def message(event: Event) -> bytes:
    """The body as every endpoint gets it."""
    content = {
        "type": event.topic,
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "data": event.payload,
        "id": message_id(event),
        "sequence": event.sequence,
        "aggregate": {"type": event.aggregate_type, "id": event.aggregate_id},
    }
    return json.dumps(content, cls=DjangoJSONEncoder, separators=(",", ":"), ensure_ascii=False).encode()


def message_id(event: Event) -> str:
    """The same on every attempt and every replay, so that a receiver can tell a repetition."""
    return f"evt_{event.uid}"


def signed_headers(endpoint: WebhookEndpoint, *, identity: str, body: bytes, now: datetime) -> dict[str, str]:
    """webhook-id, -timestamp and -signature; two signatures while an old secret is still honored.

    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    stamp = str(int(now.timestamp()))
    signed = f"{identity}.{stamp}.".encode() + body
    signatures = " ".join(f"v1,{_signature(secret, signed)}" for secret in _secrets(endpoint, now))
    return {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": signatures}


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_secret_until and endpoint.previous_secret_until > now:
        secrets.append(endpoint.previous_secret)
    return secrets


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _try(delivery: WebhookDelivery, token: uuid.UUID) -> None:
    if claims.is_worn_out(delivery):
        claims.failed(delivery, token, error=delivery.last_error or NO_WORD)
        return
    try:
        answer = _send(delivery)
    except OutboundError as error:
        _failed(delivery, token, str(error), response_status=None)
    except Exception as error:
        logger.exception("webhook delivery %s failed", delivery.pk)
        _failed(delivery, token, told(error), response_status=None)
    else:
        _answered(delivery, token, answer)


def _answered(delivery: WebhookDelivery, token: uuid.UUID, answer: Answer) -> None:
    log = {
        "response_status": answer.status,
        "response_excerpt": answer.excerpt[:EXCERPT],
        "duration_ms": answer.milliseconds,
    }
    if not answer.is_success:
        _failed(delivery, token, f"HTTP {answer.status}", **log)
        return
    WebhookDelivery.objects.held(pk=delivery.pk, token=token).mark_done(**log)
    if delivery.endpoint.failures:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(failures=0, paused_until=None)


def _failed(delivery: WebhookDelivery, token: uuid.UUID, error: str, **log: Any) -> None:
    logger.info("webhook delivery %s failed: %s", delivery.pk, error)
    claims.failed(delivery, token, error=error, **log)
    pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(delivery.endpoint.failures, 20))
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(
        failures=F("failures") + 1, paused_until=Now() + pause
    )


def _send(delivery: WebhookDelivery) -> Answer:
    body = message(delivery.event)
    identity = message_id(delivery.event)
    headers = signed_headers(delivery.endpoint, identity=identity, body=body, now=timezone.now())
    fixed = {"content-type": "application/json", "user-agent": "omni-webhooks/1"}
    return post(delivery.endpoint.url, body=body, headers=fixed | headers)
