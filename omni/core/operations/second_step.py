"""The second step of HQ's sign-in: a code of an authenticator app, or one of ten recovery codes."""

from datetime import datetime

from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from omni.core import topics
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import User
from omni.core.operation import operation

RECOVERY_CODES = 10


def waiting_app(user: User) -> TOTPDevice:
    """The app that this person is about to set up; the same one until its first code was right."""
    app, _made = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return app


def has_second_step(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


@operation
def confirm_app(*, app: TOTPDevice, user: User, now: datetime) -> list[str]:
    """From now on this app counts and no former one; returns the new recovery codes, shown once."""
    TOTPDevice.objects.filter(user=user).exclude(pk=app.pk).delete()
    TOTPDevice.objects.filter(pk=app.pk).update(confirmed=True)
    app.confirmed = True
    StaticDevice.objects.filter(user=user).delete()
    kept = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=kept, token=code) for code in codes)
    emit(topics.SECOND_STEP_SET, aggregate=("user", str(user.pk)), payload={"user": user.username},
         by=Actor.of(user), occurred_at=now)  # fmt: skip
    return codes


@operation
def reset_second_step(*, user: User, by: Actor, now: datetime) -> None:
    """The phone is lost: apps and recovery codes are forgotten, and the person sets the step up anew."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    emit(topics.SECOND_STEP_RESET, aggregate=("user", str(user.pk)), payload={"user": user.username}, by=by,
         occurred_at=now)  # fmt: skip
