"""HQ does not trust the prices of what orders to come will need: nobody decides by them any more."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import StateChange
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from orders import events
from orders.models import PriceSet


@operation
def retire_prices(*, price_set_id: int, reason: str, by: Actor, now: datetime) -> PriceSet:
    """From the next decision on none is made by this set, nor by an older one; new prices are worked out when they are
    due. Decisions that were made by it keep what they paid.

    Raises Invalid `reason_required`; Refusal `does_not_count` where it is not the one that counts.
    """
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that others understand it later."))
    found = PriceSet.objects.small().select_for_update().get(pk=price_set_id)
    newest = PriceSet.objects.newest(now)
    if not found.may_count or newest is None or newest.pk != found.pk:
        raise Refusal("does_not_count", _("No decision is made by these prices any more."))
    because = reason.strip()[:200]
    found.retired_at, found.retired_by_id, found.retired_because, found.weight = now, by.user_id, because, 0
    found.save(update_fields=["retired_at", "retired_by", "retired_because", "weight"])
    subject_type, subject_id = found.subject
    StateChange.objects.create(
        subject_type=subject_type, subject_id=subject_id, from_status="sound", to_status="retired",
        by_id=by.user_id, actor=by.label, reason=because,
    )  # fmt: skip
    emit(events.ROUTING_PRICES_RETIRED, aggregate=("price_set", str(found.pk)), by=by,
         payload={"price_set": found.pk, "reason": because})  # fmt: skip
    return found
