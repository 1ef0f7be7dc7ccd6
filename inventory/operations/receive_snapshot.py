"""A source hands in what lies on its shelves; the file is kept first, a worker compares it afterwards."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Feed, Snapshot
from inventory.operations.receive_file import receive_file, require_acceptable
from omni.core.actors import Actor
from omni.core.refusals import Invalid

AHEAD = timedelta(minutes=5)  # how far a source's clock may run before ours


def receive_snapshot(
    *, feed: Feed, chunks: Iterable[bytes], name: str, as_of: datetime, by: Actor, now: datetime, key: str = "",
    location_code: str = "",
) -> Snapshot:  # fmt: skip
    """Keep a snapshot's file; the same `key` again answers the same snapshot. Without one, content, moment and
    location are it.

    Not inside a transaction. Refuses what `receive_file` refuses, and `inactive_feed`, `from_the_future` and
    `unknown_location`.
    """
    require_acceptable(feed, location_code)
    if as_of > now + AHEAD:
        raise Invalid("from_the_future", _("The moment of the snapshot lies in the future."))

    def make(*, digest: str, **known: Any) -> Snapshot:
        return Snapshot(key=key or f"sha256:{digest}:{as_of.isoformat()}:{location_code}", digest=digest, as_of=as_of,
                        is_complete=feed.is_complete, location_code=location_code, **known)  # fmt: skip

    return receive_file(feed=feed, chunks=chunks, name=name, make=make, topic=events.SNAPSHOT_RECEIVED, by=by, now=now)
