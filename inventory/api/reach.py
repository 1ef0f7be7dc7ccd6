"""For which channel a key asks about stock and keeps it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from omni.core import channels
from omni.core.models import ApiKey
from omni.core.refusals import NotAllowed


def channel_of(key: ApiKey, said: Mapping[str, Any]) -> str:
    """The channel that was named, which has to be one of the key's; else the only one that the key has."""
    named = said.get("channel")
    if named and not key.allows_channel(named):
        problem = {"pointer": "/channel", "code": "channel_not_allowed", "detail": _("Not a channel of this key.")}
        raise NotAllowed("channel_not_allowed", _("This key does not speak for this channel."), errors=[problem])
    if named:
        return str(named)
    return key.channels[0] if len(key.channels) == 1 else channels.ANY
