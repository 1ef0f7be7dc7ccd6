"""Work as the floor leaves it: picked and on its shelf, with or without something missing."""

from itertools import count

from django.utils import timezone

from omni.core.actors import Actor
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import claim
from orders.operations.pick import pick
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage

_pieces = count(1)


def staged(work, *, by, shelf: str = "S-1", short: int = 0):
    """Pick all of released work but `short` units of its last line, which are not found, and stage it."""
    actor, now = Actor.of(by), timezone.now()
    pick_list = claim(location=work.location, numbers=[work.number], by=actor, now=now)
    lines = list(work.lines.select_related("variant").order_by("pk"))
    for line in lines:
        for _ in range(line.quantity - (short if line == lines[-1] else 0)):
            pick(pick_list_id=pick_list.pk, code=line.variant.sku, by=actor, now=now)
            if line.variant.is_serial_tracked:
                capture_serial(pick_list_id=pick_list.pk, line_id=line.pk, serial=f"SN-{next(_pieces):05}", by=actor,
                               now=now)  # fmt: skip
    if short:
        short_pick(pick_list_id=pick_list.pk, line_id=lines[-1].pk, quantity=short, reason_code="not-found",
                   by=actor, now=now)  # fmt: skip
    work.refresh_from_db()
    return stage(number=work.number, shelf_code=shelf, by=actor, now=now) if work.status == "picking" else work
