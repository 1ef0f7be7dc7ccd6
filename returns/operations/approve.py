"""A lead decides about a return that waits for a second person's word."""

from datetime import datetime

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.states import move
from returns import events
from returns.models import ReturnOrder
from returns.models.return_order import Status
from returns.operations.news import told


@operation
def approve(*, rma_number: int, by: Actor, now: datetime, note: str = "") -> ReturnOrder:
    """It may come: whoever receives it needs no other word for the reasons that were seen."""
    found = ReturnOrder.objects.lock(rma_number)
    move(found, Status.AUTHORIZED, by=by, reason=note, approved_by_id=by.user_id, approved_at=now)
    units = list(found.units.select_related("order_line", "variant").order_by("pk"))
    emit(events.APPROVED, aggregate=found.story_subject, by=by, payload=told(found, units) | {"asks": found.approval})
    return found
