"""Who outside is told of our events."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import kept_inside
from omni.core.models import WebhookEndpoint
from omni.core.models.webhook import new_secret
from omni.core.operation import operation
from omni.core.outbound import OutboundError, require_allowed_url
from omni.core.refusals import Invalid

TOPIC_PATTERN = re.compile(r"\*|[a-z_]+(\.[a-z_]+)*(\.\*)?")
OLD_SECRET_IS_HONORED = timedelta(hours=24)
MOST_REPLAYED = 20_000

# A delivery that is under way or waiting stays as it is; one that is over begins again.
REPLAY = """
    WITH wanted AS (
        SELECT id, position, aggregate_type, aggregate_id FROM core_event
         WHERE position > %(after)s AND topic LIKE ANY(%(topics)s) AND topic <> ALL(%(inside)s)
           AND (%(place)s = '' OR payload ->> 'location' = %(place)s)
         ORDER BY position LIMIT %(most)s
    ), queued AS (
        INSERT INTO core_webhookdelivery (endpoint_id, event_id, lane, position)
        SELECT %(endpoint)s, id, concat_ws('|', %(endpoint)s::text, aggregate_type, aggregate_id), position FROM wanted
        ON CONFLICT (endpoint_id, event_id) DO UPDATE
           SET status = 'pending', attempts = 0, available_at = now(), finished_at = NULL
         WHERE core_webhookdelivery.status <> 'pending'
        RETURNING id
    )
    SELECT (SELECT count(*) FROM queued), (SELECT max(position) FROM wanted)
"""


@operation
def create_endpoint(
    *, url: str, topics: list[str], description: str = "", place: str = "", by: Actor
) -> WebhookEndpoint:
    """Tell this address of these topics from now on; its `secret` is to be shown once.

    With a `place` (a location's code) only of events about it, as a partner shall hear of nobody else's.

    Raises Invalid `address_not_allowed` or `unknown_topic_pattern`.
    """
    try:
        require_allowed_url(url)
    except OutboundError as error:
        raise Invalid("address_not_allowed", error, errors=[_at("/url", "address_not_allowed", error)]) from error
    for index, topic in enumerate(topics):
        if not TOPIC_PATTERN.fullmatch(topic):
            detail = _("A topic looks like orders.placed, orders.* or *.")
            raise Invalid(
                "unknown_topic_pattern", detail, errors=[_at(f"/topics/{index}", "unknown_topic_pattern", detail)]
            )
    return WebhookEndpoint.objects.create(
        url=url, topics=topics, description=description, place=place.strip(), actor=by.label
    )


@operation
def retire_endpoint(endpoint: WebhookEndpoint, *, by: Actor) -> None:
    """Tell this address nothing more; its delivery log stays."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False, actor=by.label)


@operation
def rotate_secret(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Sign with a new secret; for a day messages carry the old signature too, so that nobody must hurry."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.previous_secret, locked.secret = locked.secret, new_secret()
    locked.previous_secret_until = Now() + OLD_SECRET_IS_HONORED
    locked.save(update_fields=["previous_secret", "secret", "previous_secret_until"])
    return locked


@operation
def replay_events(endpoint: WebhookEndpoint, *, after: int) -> tuple[int, int | None]:
    """Send again what came after a position: how many are queued, and the last position looked at.

    At most 20,000 events at once; the caller goes on from the returned position.
    """
    asked: dict[str, Any] = {
        "after": after,
        "topics": [_like(topic) for topic in endpoint.topics],
        "inside": sorted(kept_inside()),
        "most": MOST_REPLAYED,
        "place": endpoint.place,
        "endpoint": uuid.UUID(str(endpoint.pk)),
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, asked)
        queued, last = cursor.fetchone()
    return queued, last


def _like(topic: str) -> str:
    return topic.replace("_", r"\_").replace("*", "%")


def _at(pointer: str, code: str, detail: object) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": str(detail)}
