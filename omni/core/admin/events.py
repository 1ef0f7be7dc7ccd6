"""Events and the history of states: read, never changed."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.filters import typed
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, list_url
from omni.core.models import Event, Job, StateChange

FEED = _("Events and deliveries")


def pretty(value: Any) -> str:
    """A structure as a developer reads it."""
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The feed, newest first."""

    section, position, reads = FEED, 70, CONFIGURE
    long = True
    list_display = ["position", "topic", "about", "actor", "occurred_at"]
    list_display_links = ["position", "topic"]
    list_filter = [
        typed(_("topic"), "about", "topic"),
        typed(_("what (order, stock …)"), "kind", "aggregate_type"),
        typed(_("which (its number)"), "which", "aggregate_id"),
    ]
    fields = [
        "uid", "position", "topic", "about", "sequence", "actor", "occurred_at", "recorded_at", "content",
        "delivery_list",
    ]  # fmt: skip

    @admin.display(description=_("about"))
    def about(self, event: Event) -> str:
        return f"{event.aggregate_type} {event.aggregate_id}"

    @admin.display(description=_("content"))
    def content(self, event: Event) -> str:
        return pretty(event.payload)

    @admin.display(description=_("deliveries"))
    def delivery_list(self, event: Event) -> str:
        return link(_("Who was told"), list_url("core.eventdelivery", event__id__exact=event.pk))


@admin.register(StateChange)
class StateChangeAdmin(ReadOnlyAdmin):
    """Who moved what, newest first."""

    section, position, reads = FEED, 75, CONFIGURE
    long = True
    list_display = ["at", "subject_type", "subject_id", "from_status", "to_status", "actor", "reason"]
    list_filter = [typed(_("which (its id)"), "which", "subject_id"), typed(_("what"), "what", "subject_type")]
    fields = ["at", "subject_type", "subject_id", "from_status", "to_status", "actor", "reason"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Imports and other long runs, with their progress."""

    section, position, reads = _("Settings and control"), 62, CONFIGURE
    long = True
    list_display = ["created_at", "kind", "status", "progress", "error_count", "actor", "finished_at"]
    fields = [
        "kind", "status", "progress", "error_count", "error_list", "outcome", "actor", "created_at", "started_at",
        "finished_at",
    ]  # fmt: skip

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        return f"{job.done} / {job.total}" if job.total is not None else str(job.done)

    @admin.display(description=_("errors"))
    def error_list(self, job: Job) -> str:
        return pretty(job.errors)

    @admin.display(description=_("result"))
    def outcome(self, job: Job) -> str:
        return pretty(job.result)
