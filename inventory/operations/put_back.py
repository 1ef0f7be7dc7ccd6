"""A unit is scanned back onto its shelf and sells again."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import AppliedEvent, Bucket, PutBack, StockMovement, Variant
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Refusal

SCANS = "put-back-scan"


@operation
def put_back(*, put_back_id: int, code: str, by: Actor, now: datetime, key: str | None = None) -> PutBack:
    """Scan one unit of the task back; refuses another item, and more units than the task has.

    `key` is the device's name for this scan; the same key again changes nothing.
    """
    task = PutBack.objects.select_for_update(of=("self",)).select_related("variant__product").get(pk=put_back_id)
    if key and AppliedEvent.objects.filter(source=SCANS, event_id=key).exists():
        return task
    if task.done_at:
        raise Refusal("already_done", _("These units are back on their shelf already."))
    if not Variant.objects.by_code(code).filter(pk=task.variant_id).exists():
        raise Refusal("wrong_item", _("That is another item. Put back %s here.") % task.variant.title)
    if key:
        AppliedEvent.objects.create(source=SCANS, event_id=key)
    task.done_quantity += 1
    if task.done_quantity == task.quantity:
        task.done_at = now
    task.save(update_fields=["done_quantity", "done_at"])
    cause = f"put-back:{task.pk}"
    moves = [
        Move(task.variant_id, task.location_id, StockMovement.Kind.PUT_BACK, quantity, bucket, cause=cause)
        for quantity, bucket in ((-1, Bucket.PUT_BACK), (1, ""))
    ]
    move_stock(moves=moves, by=by, now=now)
    return task
