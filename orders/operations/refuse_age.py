"""Age-restricted units are not given to whoever stands there: they stay, or are cancelled and put back."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.settings_store import setting
from orders import events, preferences
from orders.models import AgeRefusal, FulfillmentLine, FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.models.order_line import Method
from orders.operations.cancel import cancel_rest

Outcome = AgeRefusal.Outcome
PRESSED_TWICE = timedelta(seconds=10)


@operation
def refuse_age(*, number: str, reason: str, outcome: str, by: Actor, now: datetime) -> AgeRefusal:
    """Keep the age-restricted units of a ready pickup from its collector, and say why.

    Raises Refusal `not_ready` or `nothing_restricted`, and Invalid `unknown_reason` or `unknown_outcome`.
    """
    if reason not in AgeRefusal.Reason.values:
        raise Invalid("unknown_reason", _("Say why it is not handed over."))
    if outcome not in Outcome.values:
        raise Invalid("unknown_outcome", _("Say what becomes of it: it stays ready, or it is cancelled."))
    work = FulfillmentOrder.objects.lock(number)
    if work.status != Status.STAGED or work.method != Method.PICKUP:
        raise Refusal("not_ready", _("This order is not ready: %s.") % work.get_status_display())
    kept = _restricted(work)
    if not kept:
        raise Refusal("nothing_restricted", _("Nothing of this order is age-restricted."))
    twin = work.age_refusals.filter(reason=reason, outcome=outcome, refused_at__gt=now - PRESSED_TWICE).first()
    if twin:
        return twin
    refused = AgeRefusal.objects.create(
        fulfillment_order=work, over=setting(preferences.MINIMUM_AGE), reason=reason, outcome=outcome,
        lines={str(line.pk): line.in_staging_quantity for line in kept}, refused_at=now, refused_by_id=by.user_id,
    )  # fmt: skip
    emit(events.AGE_REFUSED, aggregate=work.order.subject, by=by, payload={
        "order": str(work.order.number), "fulfillment_order": work.number, "location": work.location.code,
        "over": refused.over, "reason": reason, "outcome": outcome,
        "lines": [{"reference": line.order_line.reference, "sku": line.order_line.sku,
                   "quantity": line.in_staging_quantity} for line in kept],
    })  # fmt: skip
    if outcome == Outcome.CANCEL:
        cancel_rest(work=work, reason=_("age check: %s") % refused.get_reason_display(), by=by, now=now,
                    only=[line.pk for line in kept])  # fmt: skip
    return refused


def _restricted(work: FulfillmentOrder) -> list[FulfillmentLine]:
    lines = work.lines.filter(variant__is_age_restricted=True).select_related("order_line").order_by("pk")
    return [line for line in lines.select_for_update(of=("self",)) if line.in_staging_quantity]
