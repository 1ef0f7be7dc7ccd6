"""Another person takes over an enrolled device."""

from datetime import datetime

from omni.core import topics
from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.models import Device, DeviceVisit, User
from omni.core.operation import operation
from omni.core.operations.enroll_device import device_key


@operation
def switch_person(*, device: Device, user: User, now: datetime) -> None:
    """Write down that this person is at the device now; their PIN was checked before, outside of any transaction."""
    DeviceVisit.objects.update_or_create(device=device, user=user, defaults={"last_at": now})
    emit(topics.PERSON_SWITCHED, aggregate=device_key(device), payload={"user": user.username, "place": device.scope},
         by=Actor.of(user), occurred_at=now)  # fmt: skip
