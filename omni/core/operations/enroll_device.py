"""A lead makes a till or handheld one of the store's, by a code that is typed there once; or takes that back."""

import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from omni.core import topics
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Device, User
from omni.core.models.api_key import digest_of
from omni.core.operation import operation
from omni.core.refusals import Refusal

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as something else
CODE_LENGTH = 8
CODE_IS_GOOD_FOR = timedelta(minutes=15)


@operation
def invite_device(*, name: str, kind: str, scope: str, user: User, now: datetime) -> tuple[Device, str]:
    """Announce a device of one store; returns the code to type there within a quarter of an hour, shown once."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    device = Device.objects.create(
        name=name, kind=kind, scope=scope, code_digest=digest_of(code), code_expires_at=now + CODE_IS_GOOD_FOR,
        invited_at=now, invited_by=user,
    )  # fmt: skip
    return device, f"{code[:4]}-{code[4:]}"


@operation
def enroll_device(*, code: str, now: datetime) -> tuple[Device, str]:
    """Trade the code for the token that the device keeps; a code counts once. Raises Refusal `code_unknown`."""
    plain = "".join(code.upper().split()).replace("-", "")
    waiting = Device.objects.select_for_update().filter(code_digest=digest_of(plain), revoked_at=None)
    device = waiting.filter(enrolled_at=None, code_expires_at__gt=now).first()
    if device is None:
        raise Refusal("code_unknown", _("This code is wrong, used or too old. Ask a lead for a new one."), status=422)
    token = secrets.token_urlsafe(32)
    device.digest, device.code_digest, device.enrolled_at, device.last_seen_at = digest_of(token), None, now, now
    device.save(update_fields=["digest", "code_digest", "enrolled_at", "last_seen_at"])
    emit(topics.DEVICE_ENROLLED, aggregate=device_key(device), payload=_facts(device),
         by=Actor.of(device.invited_by), occurred_at=now)  # fmt: skip
    return device, token


@operation
def revoke_device(*, device_id: int, by: Actor, now: datetime) -> None:
    """From the next request on it opens nothing, and whoever works on it is signed out; twice changes nothing."""
    if not Device.objects.filter(pk=device_id, revoked_at=None).update(revoked_at=now, revoked_by=by.label):
        return
    device = Device.objects.get(pk=device_id)
    emit(topics.DEVICE_REVOKED, aggregate=device_key(device), payload=_facts(device), by=by, occurred_at=now)


def device_key(device: Device) -> tuple[str, str]:
    return "device", str(device.uid)


def _facts(device: Device) -> dict[str, str]:
    return {"name": device.name, "kind": device.kind, "place": device.scope}
