"""Sources of stock news and what they say, through the operations that everybody uses."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.models import Feed, MovementFile, Snapshot
from inventory.operations.receive_movement_file import receive_movement_file
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.operations.reconcile import reconcile
from omni.core.actors import Actor

BY = Actor.system("house")


def feed_of(code: str = "wms", **more: Any) -> Feed:
    """A source that books up to two units and 100 in value by itself."""
    defaults = {"name": f"Feed {code}", "kind": "wms", "tolerance_units": 2, "tolerance_value": Decimal(100)}
    return Feed.objects.create(code=code, **(defaults | more))


def csv_of(*rows: Any) -> bytes:
    """(variant, location, units), or a line as it stands."""
    texts = [row if isinstance(row, str) else f"{row[0].sku},{row[1].code},{row[2]}" for row in rows]
    return "\n".join(["sku,location,quantity", *texts, ""]).encode()


def sent(feed: Feed, *rows: Any, as_of: datetime | None = None) -> Snapshot:
    """Handed in; no worker has looked at it yet."""
    now = timezone.now()
    return receive_snapshot(feed=feed, chunks=[csv_of(*rows)], name="stock.csv", as_of=as_of or now, by=BY, now=now)


def reconciled(feed: Feed, *rows: Any, as_of: datetime | None = None) -> Snapshot:
    """Handed in and compared."""
    snapshot = sent(feed, *rows, as_of=as_of)
    reconcile(now=timezone.now())
    snapshot.refresh_from_db()
    return snapshot


MOVEMENT_HEADER = "event_id,sku,location,kind,quantity,occurred_at,reason"


def movements_of(*rows: Any, header: str = MOVEMENT_HEADER) -> bytes:
    """(event id, variant, location, kind, units, moment), or a line as it stands."""
    texts = [
        row if isinstance(row, str) else f"{row[0]},{row[1].sku},{row[2].code},{row[3]},{row[4]},{row[5].isoformat()},"
        for row in rows
    ]
    return "\n".join([header, *texts, ""]).encode()


def movements_sent(feed: Feed, *rows: Any, name: str = "day.csv", **more: Any) -> MovementFile:
    """Handed in; no worker has looked at it yet."""
    header = more.pop("header", MOVEMENT_HEADER)
    return receive_movement_file(
        feed=feed, chunks=[movements_of(*rows, header=header)], name=name, by=BY, now=timezone.now(), **more
    )
