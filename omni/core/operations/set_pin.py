"""A person chooses a PIN, or gets a temporary one from their lead."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core import topics
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Pin, User
from omni.core.models.pin import digest_of
from omni.core.operation import operation
from omni.core.pin_rules import LONGEST, is_guessable, is_well_formed, random_pin
from omni.core.preferences import PIN_DIGITS
from omni.core.refusals import Invalid
from omni.core.settings_store import setting


def choose_pin(*, user: User, pin: str, now: datetime) -> None:
    """Keep the PIN that this person chose; the door has asked for the password or the temporary PIN before.

    Raises Invalid `pin_shape` or `pin_guessable`.
    """
    require_good(pin, user)
    keep_pin(user=user, pin=pin, by=Actor.of(user), now=now)


def reset_pin(*, user: User, by: Actor, now: datetime) -> str:
    """A temporary PIN, shown once, with which the person signs in and chooses an own one. Returns it.

    Whoever asks has looked the person up within those whose PIN they may reset.
    """
    pin = random_pin(setting(PIN_DIGITS))
    keep_pin(user=user, pin=pin, by=by, now=now, is_temporary=True)
    return pin


@operation
def keep_pin(*, user: User, pin: str, by: Actor, now: datetime, is_temporary: bool = False) -> Pin:
    """Write the PIN down, unlocked; who set it for whom is told inside."""
    kept, _made = Pin.objects.update_or_create(
        user=user,
        defaults={"digest": digest_of(pin), "failed_tries": 0, "lockouts": 0, "locked_until": None,
                  "is_temporary": is_temporary, "set_at": now},
    )  # fmt: skip
    topic = topics.PIN_RESET if is_temporary else topics.PIN_SET
    emit(topic, aggregate=("user", str(user.pk)), payload={"user": user.username}, by=by, occurred_at=now)
    return kept


def require_good(pin: str, user: User) -> None:
    """Raises Invalid where a PIN is not of the shape asked for, or the first that a stranger would try."""
    digits = setting(PIN_DIGITS)
    if not is_well_formed(pin, digits):
        shape = _("A PIN is %(least)d to %(most)d digits, nothing else.")
        raise Invalid("pin_shape", shape % {"least": digits, "most": LONGEST})
    if is_guessable(pin, user.username):
        raise Invalid("pin_guessable", _("That PIN is easy to guess: no rows, repeats, years or birthdays."))


def has_temporary_pin(user: User) -> bool:
    """True where this person still has to choose an own PIN."""
    return Pin.objects.filter(user=user, is_temporary=True).exists()
