"""A source hands in what happened on its shelves as one file; the file is kept first, a worker books it afterwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inventory import events
from inventory.models import Feed, MovementFile
from inventory.operations.receive_file import receive_file, require_acceptable
from omni.core.actors import Actor


def receive_movement_file(
    *, feed: Feed, chunks: Iterable[bytes], name: str, by: Actor, now: datetime, key: str = "", location_code: str = "",
) -> MovementFile:  # fmt: skip
    """Keep a file of movements; the same `key` again answers the same file. Without one, content and location are it.

    Not inside a transaction. Refuses what `receive_file` refuses, and `inactive_feed` and `unknown_location`.
    """
    require_acceptable(feed, location_code)

    def make(*, digest: str, **known: Any) -> MovementFile:
        return MovementFile(key=key or f"sha256:{digest}:{location_code}", digest=digest, location_code=location_code,
                            **known)  # fmt: skip

    return receive_file(feed=feed, chunks=chunks, name=name, make=make, topic=events.MOVEMENTS_RECEIVED, by=by, now=now)
