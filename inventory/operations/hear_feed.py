"""Sources are expected to speak: who falls silent is told of by itself, who speaks again ends the alarm."""

from datetime import datetime, timedelta

from django.db.models import Q

from inventory import events
from inventory.models import Feed
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import ApiKey
from omni.core.operation import operation

BY = Actor.system("feeds")
WRITTEN_EVERY = timedelta(minutes=1)


def note_heard(*, key: ApiKey, now: datetime) -> None:
    """Something came with this key: written at most once a minute, and at once where its source was silent."""
    mine = Feed.objects.filter(api_key__lineage=key.lineage, is_active=True)
    stale = Q(heard_at__lt=now - WRITTEN_EVERY) | Q(silent_since__isnull=False)
    for pk in mine.filter(stale).values_list("pk", flat=True):
        hear_feed(feed_id=pk, now=now)


@operation
def hear_feed(*, feed_id: int, now: datetime) -> Feed:
    """Something came from this source; it is locked until the transaction ends."""
    feed = Feed.objects.select_for_update().get(pk=feed_id)
    was_silent = feed.silent_since
    feed.heard_at, feed.silent_since = max(now, feed.heard_at), None
    feed.save(update_fields=["heard_at", "silent_since"])
    if was_silent:
        emit(events.FEED_HEARD, aggregate=("feed", feed.code), by=BY, payload={
            "feed": feed.code, "silent_since": was_silent.isoformat(),
        })  # fmt: skip
    return feed


@operation
def tell_silent_feeds(*, now: datetime) -> int:
    """Raise the alarm for each source that missed its rhythm twice, once; returns for how many."""
    silent = list(Feed.objects.fallen_silent(now).select_for_update(skip_locked=True))
    for feed in silent:
        feed.silent_since = now
        feed.save(update_fields=["silent_since"])
        emit(events.FEED_SILENT, aggregate=("feed", feed.code), by=BY, payload={
            "feed": feed.code, "heard_at": feed.heard_at.isoformat(), "rhythm_minutes": feed.rhythm_minutes,
        })  # fmt: skip
    return len(silent)
