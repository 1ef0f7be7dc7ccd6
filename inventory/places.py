"""Lends the kernel the way from a person and an id to a store, and says what its sign at the door says."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from inventory.atp import CLOSURE_ROWS, CLOSURES_SINCE, PLACE
from inventory.models import Location, LocationGroup
from omni.core import practice, topics
from omni.core.access import CAPABILITIES, scopes
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Device, Role, User
from omni.core.models.user import UserQuerySet
from omni.core.operations.check_pin import check_pin
from omni.core.prepared import prepared
from omni.core.refusals import NotAllowed
from omni.core.web import set_location_resolver

DIGITS = 18  # of an id, at most

# Every screen of a store asks this.
ACTIVE = f"""
SELECT {PLACE.of("l")}, {CLOSURE_ROWS} FROM inventory_location l WHERE l.id = %s AND l.is_active
"""  # noqa: S608 - texts of our own


class StoreRequest(HttpRequest):
    """What a view behind `at_location` gets: somebody who signed in, at a store where they may do this."""

    location: Location
    user: User
    htmx: Any


def find(user, capability: str, location_id) -> Location | None:
    """The location, where this person may do this in it."""
    if not str(location_id).isdecimal() or len(str(location_id)) > DIGITS:
        return None
    place = _active(int(location_id))
    if place is None or not may(user, capability, place):
        return None
    place.sign = sign(place, timezone.now())  # type: ignore[attr-defined]
    return place


def _active(pk: int) -> Location | None:
    """An active location with its closures; of practice ones only the one that is practiced in."""
    now = timezone.now()
    with prepared() as cursor:
        cursor.execute(ACTIVE, [now.date() - CLOSURES_SINCE, pk])
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, closures = row
    place = PLACE.row(columns)
    if place.is_practice and place.pk != practice.location_id():
        return None
    place.closure_rows = json.loads(closures)  # type: ignore[attr-defined]
    return place


def may(user, capability: str, location: Location) -> bool:
    """True where this person may do this at this location; asks the database only about groups."""
    scope = scopes(user, capability)
    if scope is None or location.scope in scope:
        return True
    if not any(each.startswith("group:") for each in scope):
        return False
    return not scope.isdisjoint(location_scopes(location))


def second_person(
    *, username: str, pin: str, capability: str, location: Location, other_than: User | Actor, now: datetime
) -> Actor:
    """Somebody else gives their word with their own PIN for what needs two; hand the Actor to the operation.

    Ask it in the view before the operation and outside of any transaction: a wrong try must stay counted. Raises
    NotAllowed `same_person`, `wrong_pin`, `pin_locked`, `pin_temporary` or `not_allowed`; the word is written down.
    """
    asking = other_than if isinstance(other_than, Actor) else Actor.of(other_than)
    if User.objects.filter(username=username, pk=asking.user_id).exists():
        raise NotAllowed("same_person", _("Somebody else has to approve this, not the person who asks for it."))
    user = check_pin(username=username, pin=pin, now=now)
    if user.pin.is_temporary:
        raise NotAllowed("pin_temporary", _("That PIN is a temporary one. Choose an own PIN first, then approve."))
    if not may(user, capability, location):
        raise NotAllowed("not_allowed", _("%(name)s may not approve this here.") % {"name": user.shown_name})
    word = {"capability": capability, "location": location.code, "asked_by": asking.label}
    by = Actor.of(user)
    emit(topics.SECOND_PERSON, aggregate=("user", str(user.pk)), payload=word, by=by, occurred_at=now)
    return by


def staff_of(location: Location, capability: str = "work") -> UserQuerySet:
    """The people who hold this capability at this location, by name; superusers are nobody's staff."""
    return User.objects.holding(CAPABILITIES[capability], at=location_scopes(location))


def staff_at(location: Location) -> UserQuerySet:
    """Those whose grant names this very store; a district's and HQ's people come and go."""
    return User.objects.holding(CAPABILITIES["work"], at=[location.scope], everywhere=False)


def associates_of(location: Location) -> UserQuerySet:
    """Associates of this store who are nothing else anywhere: their lead may give them a new PIN."""
    return User.objects.holding_only([Role.ASSOCIATE], at=[location.scope])


def people_at(location: Location, device: Device) -> list[User]:
    """Whom a shared device offers: who was here last first, then the store's people by name."""
    visits = dict(device.visits.order_by("-last_at").values_list("user_id", "last_at")[:50])
    people = {user.pk: user for user in staff_at(location)}
    guests = User.objects.filter(pk__in=set(visits) - set(people), is_active=True)
    everybody = [*people.values(), *(guest for guest in guests if may(guest, "work", location))]
    return sorted(everybody, key=lambda user: -visits[user.pk].timestamp() if user.pk in visits else 0)


def location_scopes(location: Location) -> set[str]:
    """Every scope that covers this location: its own, and those of the groups above it."""
    return {location.scope, *(f"group:{pk}" for pk in LocationGroup.with_ancestors(location.group_id))}


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
