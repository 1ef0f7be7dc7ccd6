"""Every shared till and handheld of the chain; a lost one is revoked from here as well as in its store."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.admin.people import PEOPLE
from omni.core.hq.acts import Act, Asked
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.models import Device
from omni.core.operations.enroll_device import revoke_device
from omni.core.scope_names import names


def _revoke(device: Device, asked: Asked) -> None:
    revoke_device(device_id=device.pk, by=asked.by, now=asked.now)


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    section, position, reads = PEOPLE, 55, CONFIGURE
    list_filter = ["kind"]
    finds = {"name": "part", "scope": "exact"}
    list_select_related = ["invited_by"]
    fields = ["name", "kind", "scope", "invited_by", "enrolled_at", "last_seen_at", "revoked_at", "revoked_by"]
    acts = (
        Act(
            "revoke", _("Revoke…"), CONFIGURE, _revoke,
            done=lambda n: ngettext("%d device was revoked.", "%d devices were revoked.", n) % n,
            text=_("It opens nothing from its next tap on, and whoever works on it is signed out."),
            applies=lambda device: device.revoked_at is None,
        ),
    )  # fmt: skip

    def get_list_display(self, request: HttpRequest) -> Any:
        places = names()

        @admin.display(description=_("place"))
        def place(device: Device) -> str:
            return places.get(device.scope, device.scope)

        return ["name", "kind", place, "enrolled_at", "last_seen_at", "revoked_at"]
