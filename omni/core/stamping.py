"""Committed events get their place in the feed, and everybody who asked gets a delivery."""

from django.db import connection, transaction
from django.db.models.functions import Now

from omni.core.events import covers, kept_inside, subscribers
from omni.core.models import Event, EventDelivery, WebhookDelivery, WebhookEndpoint
from omni.core.models.claimable import lane_of

ONE_STAMPER = 0x6F6D6E69  # "omni"

# Ids become visible out of commit order, so a reader that keeps its place by id would lose events. Positions are
# given after commit, by one stamper at a time, without gaps. The lock is held until this commit is visible.
STAMP = """
    WITH waiting AS (
        SELECT id, recorded_at, aggregate_type, aggregate_id FROM core_event
         WHERE position IS NULL ORDER BY id LIMIT %s
    ), numbered AS (
        SELECT w.id, w.recorded_at,
               (SELECT coalesce(max(position), 0) FROM core_event) + row_number() OVER (ORDER BY w.id) AS position,
               coalesce((SELECT max(e.sequence) FROM core_event e
                          WHERE e.aggregate_type = w.aggregate_type AND e.aggregate_id = w.aggregate_id), 0)
                 + row_number() OVER (PARTITION BY w.aggregate_type, w.aggregate_id ORDER BY w.id) AS sequence
          FROM waiting w
    )
    UPDATE core_event e SET position = n.position, sequence = n.sequence
      FROM numbered n WHERE e.id = n.id AND e.recorded_at = n.recorded_at
    RETURNING e.id, e.position, e.topic, e.aggregate_type, e.aggregate_id, e.payload ->> 'location'
"""


@transaction.atomic
def stamp(limit: int = 500) -> int:
    """Give positions to what was committed and lay out its deliveries; the number of events stamped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM core_event WHERE position IS NULL)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_STAMPER])
        cursor.execute(STAMP, [limit])
        stamped = [_event(*row) for row in cursor.fetchall()]
    EventDelivery.objects.bulk_create(_inside(stamped))
    WebhookDelivery.objects.bulk_create(_outside(stamped))
    return len(stamped)


def _event(
    pk: int, position: int, topic: str, aggregate_type: str, aggregate_id: str, place: str | None
) -> Event:  # fmt: skip
    """Of its content no more is read than where it happened, which endpoints of one place ask for."""
    return Event(
        pk=pk, position=position, topic=topic, aggregate_type=aggregate_type, aggregate_id=aggregate_id,
        payload={"location": place},
    )  # fmt: skip


def _inside(stamped: list[Event]) -> list[EventDelivery]:
    return [
        EventDelivery(
            event_id=event.pk,
            subscriber=subscriber.name,
            lane=lane_of(subscriber.name, *event.aggregate),
            position=event.position or 0,
            available_at=Now(),
        )
        for event in stamped
        for subscriber in subscribers().values()
        if subscriber.wants(event.topic)
    ]


def _outside(stamped: list[Event]) -> list[WebhookDelivery]:
    if not stamped:
        return []
    return [
        webhook_delivery(endpoint, event)
        for endpoint in WebhookEndpoint.objects.filter(is_active=True)
        for event in stamped
        if event.topic not in kept_inside() and any(covers(topic, event.topic) for topic in endpoint.topics)
        if not endpoint.place or event.payload.get("location") == endpoint.place
    ]


def webhook_delivery(endpoint: WebhookEndpoint, event: Event) -> WebhookDelivery:
    """One event for one endpoint, in order with the others about the same thing."""
    return WebhookDelivery(
        endpoint_id=endpoint.pk,
        event_id=event.pk,
        lane=lane_of(endpoint.pk, *event.aggregate),
        position=event.position or 0,
        available_at=Now(),
    )
