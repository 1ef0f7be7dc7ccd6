"""A store that cannot keep up takes no new work until a time."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory import events
from inventory.models import Location
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid


@operation
def pause(
    *, location_id: int, until: datetime, reason: str, by: Actor, now: datetime, send_away: bool = False
) -> Location:
    """No new order is planned on this location before `until`; what it has stays its own.

    Parcels that it was asked about and has not accepted go elsewhere (`send_away`), or are accepted with the pause.
    """
    if until <= now:
        raise Invalid("bad_time", _("Choose a time that is still to come."))
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that the next shift and HQ know."))
    location = Location.everywhere.select_for_update().get(pk=location_id)
    location.paused_until, location.pause_reason = until, reason.strip()
    location.save(update_fields=["paused_until", "pause_reason"])
    emit(events.LOCATION_PAUSED, aggregate=("location", location.code), by=by,
         payload={"location": location.code, "until": until, "reason": location.pause_reason,
                  "send_away": send_away})  # fmt: skip
    return location


@operation
def resume(*, location_id: int, by: Actor) -> Location:
    """The location takes work again."""
    location = Location.everywhere.select_for_update().get(pk=location_id)
    location.paused_until, location.pause_reason = None, ""
    location.save(update_fields=["paused_until", "pause_reason"])
    emit(
        events.LOCATION_RESUMED,
        aggregate=("location", location.code),
        payload={"location": location.code},
        by=by,
    )
    return location
