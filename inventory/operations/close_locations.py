"""Close locations for some days, one or a whole district at once, and lift it together."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Closure, Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal


@operation
def close_locations(
    *, location_ids: Sequence[int], starts_on: date, ends_on: date, reason: str, by: Actor
) -> uuid.UUID:
    """Closed from the first to the last day, inclusive; returns the batch by which it can be lifted."""
    if ends_on < starts_on:
        raise Invalid("bad_period", _("The last day comes before the first."))
    if not location_ids:
        raise Invalid("no_location", _("Choose at least one location."))
    batch = uuid.uuid4()
    Closure.objects.bulk_create(
        Closure(
            location_id=pk,
            batch=batch,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            created_by_id=by.user_id,
        )
        for pk in sorted(set(location_ids))
    )
    codes = list(Location.objects.filter(pk__in=location_ids).order_by("code").values_list("code", flat=True))
    emit(events.LOCATIONS_CLOSED, aggregate=("closure", str(batch)), by=by, payload={
        "batch": str(batch), "locations": codes, "starts_on": starts_on, "ends_on": ends_on, "reason": reason,
    })  # fmt: skip
    return batch


@operation
def reopen_locations(*, batch: uuid.UUID, by: Actor, now: datetime) -> int:
    """Lift everything that was closed together; returns how many locations open again."""
    lifted = Closure.objects.filter(batch=batch, lifted_at=None).update(lifted_at=now)
    if not lifted:
        raise Refusal("already_lifted", _("This closure was lifted already."))
    emit(events.LOCATIONS_REOPENED, aggregate=("closure", str(batch)), payload={"batch": str(batch)}, by=by)
    return lifted
