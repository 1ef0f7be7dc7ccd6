"""Somebody shows a pickup code for an order: is it the right one? Wrong ones are counted, and soon none counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Event
from omni.core.operation import operation
from orders import events
from orders.models import FulfillmentOrder
from orders.pickup_code import digest

WRONG_CODES = 5
WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class CodeCheck:
    """What the desk learns, and how many more wrong codes are taken for this work."""

    is_right: bool
    tries_left: int


@operation
def check_code(*, number: str, code: str, by: Actor, now: datetime) -> CodeCheck:
    """Compare a code with the order's. After five wrong ones in ten minutes even the right one is not taken:
    then a photo ID or a lead decides. A wrong code is no refusal, for its count must stay."""
    work = FulfillmentOrder.objects.lock(number)  # two codes at once are counted one after the other
    left = tries_left(work=work, now=now)
    if left and compare_digest(digest(code), work.order.pickup_code_digest):
        return CodeCheck(is_right=True, tries_left=left)
    if left:
        _count(work, by, now)
    return CodeCheck(is_right=False, tries_left=max(0, left - 1))


def tries_left(*, work: FulfillmentOrder, now: datetime) -> int:
    """How many wrong codes this work still bears; the news of each is their count."""
    kind, which = work.order.subject
    wrong = Event.objects.filter(
        aggregate_type=kind, aggregate_id=which, topic=events.WRONG_CODE, occurred_at__gt=now - WITHIN,
        payload__fulfillment_order=work.number,
    )  # fmt: skip
    return max(0, WRONG_CODES - wrong.count())


def _count(work: FulfillmentOrder, by: Actor, now: datetime) -> None:
    emit(events.WRONG_CODE, aggregate=work.order.subject, by=by, occurred_at=now, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
    })  # fmt: skip
