"""Is it really this person at the shared device?"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.core import topics
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Pin, User
from omni.core.models.pin import TRIES, digest_of
from omni.core.refusals import NotAllowed


def check_pin(*, username: str, pin: str, now: datetime) -> User:
    """The person whose PIN this is; five wrong tries in a row lock it for a while that grows each time.

    A try is counted and committed before the PIN is looked at, so that neither a refusal nor parallel guesses give one
    for free; call it outside of any transaction (it refuses to run in one). Raises NotAllowed `wrong_pin` (with
    `tries_left`) or `pin_locked` (with `locked_until`).
    """
    mine = _take_try(username, now)
    if mine is None:
        digest_of(pin)  # as slow as for somebody who exists
        raise NotAllowed("wrong_pin", _("The name or the PIN is wrong. Who has no PIN yet sets one in the own menu."))
    if not mine.fits(pin):
        raise _wrong(mine)
    Pin.objects.filter(pk=mine.pk).update(failed_tries=0, lockouts=0, locked_until=None)
    return mine.user


@transaction.atomic(durable=True)
def _take_try(username: str, now: datetime) -> Pin | None:
    people = Pin.objects.select_for_update(of=("self",)).select_related("user")
    mine = people.filter(user__username=username, user__is_active=True).first()
    if mine is None:
        return None
    if mine.is_locked(now):
        raise _locked(mine)
    mine.take_try(now)
    if mine.is_locked(now):
        emit(topics.PIN_LOCKED, aggregate=("user", str(mine.user_id)), payload={"user": mine.user.username},
             by=Actor.of(mine.user))  # fmt: skip
    return mine


def _wrong(mine: Pin) -> NotAllowed:
    left = TRIES - mine.failed_tries
    if not left:
        return _locked(mine)
    sentence = ngettext(
        "That PIN is wrong. %(left)d more try, then it is locked.",
        "That PIN is wrong. %(left)d tries are left.",
        left,
    )
    return NotAllowed("wrong_pin", sentence % {"left": left}, tries_left=left)


def _locked(mine: Pin) -> NotAllowed:
    sentence = _("Too many wrong tries: this PIN is locked for a while. A lead can reset it, a password still works.")
    return NotAllowed("pin_locked", sentence, locked_until=mine.locked_until)
