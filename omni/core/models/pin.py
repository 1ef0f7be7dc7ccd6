"""A person's short secret for shared devices: kept slow to try, five tries, then a pause that grows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

TRIES = 5
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)
SALT = "omni.core.pin"


class PinHasher(ScryptPasswordHasher):
    """Slow enough for a copy of the database, fast enough for a queue at the till; the secret key is its pepper."""

    parallelism = 1


class Pin(models.Model):
    user = models.OneToOneField("core.User", models.PROTECT, related_name="pin", verbose_name=_("user"))
    digest = models.CharField(max_length=200, editable=False)
    failed_tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    lockouts = models.PositiveSmallIntegerField(_("times locked in a row"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)
    is_temporary = models.BooleanField(
        _("temporary"), default=False, help_text=_("Given by somebody else: good for signing in, not for approving.")
    )
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")
        constraints = [
            models.CheckConstraint(name="core_pin_five_tries", condition=Q(failed_tries__lte=TRIES)),
        ]

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"

    @property
    def tries_left(self) -> int:
        return TRIES - self.failed_tries

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now

    def take_try(self, now: datetime) -> None:
        """Count a try before it is known whether it is right; the fifth locks, and being right unlocks."""
        if self.failed_tries >= TRIES:  # the pause is over
            self.failed_tries = 0
        self.failed_tries += 1
        if self.failed_tries == TRIES:
            self.locked_until = now + min(FIRST_PAUSE * 2 ** min(self.lockouts, 10), LONGEST_PAUSE)
            self.lockouts = min(self.lockouts + 1, 1000)
        self.save(update_fields=["failed_tries", "locked_until", "lockouts"])

    def fits(self, pin: str) -> bool:
        """True where this is the PIN, under the present secret key or a former one."""
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(PinHasher().verify(_peppered(pin, secret), self.digest) for secret in secrets)


def digest_of(pin: str) -> str:
    """How a PIN is kept; of no use without the secret key."""
    hasher = PinHasher()
    return hasher.encode(_peppered(pin, settings.SECRET_KEY), hasher.salt())


def _peppered(pin: str, secret: str) -> str:
    return salted_hmac(SALT, pin, secret=secret, algorithm="sha256").hexdigest()
