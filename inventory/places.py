"""Lends the kernel the way from a person and an id to a store, and says what its sign at the door says."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from inventory.models import Location
from omni.core.access import scopes
from omni.core.models import User
from omni.core.web import set_location_resolver


class StoreRequest(HttpRequest):
    """What a view behind `at_location` gets: somebody who signed in, at a store where they may do this."""

    location: Location
    user: User
    htmx: Any


def find(user, capability: str, location_id) -> Location | None:
    """The location, where this person may do this in it."""
    if not str(location_id).isdigit():
        return None
    place = Location.objects.for_user(user, capability).with_closures().filter(pk=location_id, is_active=True).first()
    if place is not None:
        place.sign = sign(place, timezone.now())
    return place


def may(user, capability: str, location: Location) -> bool:
    """True where this person may do this at this location; asks the database only about groups."""
    scope = scopes(user, capability)
    if scope is None or location.scope in scope:
        return True
    if not any(each.startswith("group:") for each in scope):
        return False
    return Location.objects.for_user(user, capability).filter(pk=location.pk).exists()


def sign(location: Location, now: datetime) -> dict[str, str]:
    """What the frame of every page says about the store, in a few words and a tone."""
    if location.paused_until is not None and location.is_paused(now):
        return {"status": _("Paused until %s") % _clock(location, location.paused_until, now), "tone": "warn"}
    schedule = location.schedule
    closes = schedule.closes_at(now)
    if closes is not None:
        if schedule.is_open(closes):
            return {"status": _("Open"), "tone": "done"}
        return {"status": _("Open until %s") % _clock(location, closes, now), "tone": "done"}
    opens = schedule.opens_at(now)
    return {"status": _("Opens %s") % _clock(location, opens, now) if opens else _("Closed"), "tone": ""}


def lend_stores_to_kernel() -> None:
    set_location_resolver(find)


def _clock(location: Location, moment: datetime, now: datetime) -> str:
    local = moment.astimezone(location.zone)
    today = local.date() == now.astimezone(location.zone).date()
    return formats.date_format(local, "H:i" if today else "D H:i")
