"""What partners sent to our hooks."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from omni.core.admin.events import FEED, pretty
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE
from omni.core.models import InboundMessage


@admin.register(InboundMessage)
class InboundMessageAdmin(ReadOnlyAdmin):
    """Newest first; kept for thirty days."""

    section, position, reads = FEED, 78, CONFIGURE
    long = True
    list_display = ["source", "event_id", "received_at", "handled_at", "problem"]
    list_filter = [typed(_("source"), "from", "source")]
    fields = ["source", "event_id", "received_at", "handled_at", "problem", "content"]

    @admin.display(description=_("content"))
    def content(self, message: InboundMessage) -> Any:
        return pretty(message.body)
