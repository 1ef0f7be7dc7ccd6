"""Work on events that waits, is done, or was given up: HQ tries it again or discards it with a reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.admin.events import FEED
from omni.core.hq.acts import Act, Asked, Reason
from omni.core.hq.base import ReadOnlyAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, page_url, tag
from omni.core.hq.story import changes_of, story
from omni.core.models import Claimable, ClaimStatus, EventDelivery, WebhookDelivery
from omni.core.operations.dead_letters import discard_delivery, retry_delivery
from omni.core.states import subject_type

TONES = {ClaimStatus.DEAD: "stop", ClaimStatus.PENDING: "info", ClaimStatus.DONE: "done"}


def _retry(piece: Claimable, asked: Asked) -> None:
    retry_delivery(piece, by=asked.by)


def _discard(piece: Claimable, asked: Asked) -> None:
    discard_delivery(piece, by=asked.by, reason=asked.data["reason"])


def _is_dead(piece: Claimable) -> bool:
    return piece.status == ClaimStatus.DEAD


DEAD_LETTER_ACTS = (
    Act("retry", _("Try again"), CONFIGURE, _retry, applies=_is_dead,
        text=_("It begins again from its first attempt; what comes after it on the same thing waits for it."),
        done=lambda n: ngettext("%d delivery is tried again.", "%d deliveries are tried again.", n) % n),
    Act("discard", _("Discard…"), CONFIGURE, _discard, form=Reason, applies=_is_dead,
        text=_("It will never be done. The reason stays with it."),
        done=lambda n: ngettext("%d delivery is discarded.", "%d deliveries are discarded.", n) % n),
)  # fmt: skip


class DeliveryAdmin(ReadOnlyAdmin):
    """What both kinds of deliveries show."""

    section, reads = FEED, CONFIGURE
    long = True
    acts = DEAD_LETTER_ACTS
    list_filter = ["status"]
    list_select_related = ["event"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("event").defer("event__payload")

    @admin.display(description=_("event"))
    def about(self, piece: Any) -> str:
        event = piece.event
        label = f"{event.topic} · {event.aggregate_type} {event.aggregate_id}"
        return link(label, page_url("core.event", event.pk))

    @admin.display(description=_("state"))
    def state(self, piece: Claimable) -> str:
        return tag(piece.get_status_display(), TONES.get(ClaimStatus(piece.status), ""))

    @admin.display(description=_("history"))
    def history(self, piece: Claimable) -> str:
        return story(changes_of((subject_type(type(piece)), str(piece.pk)), dict(ClaimStatus.choices)))


@admin.register(EventDelivery)
class EventDeliveryAdmin(DeliveryAdmin):
    """Which subscriber of ours has dealt with which event."""

    position = 71
    list_display = ["id", "subscriber", "about", "state", "attempts", "available_at", "last_error"]
    fields = ["subscriber", "about", "state", "attempts", "available_at", "finished_at", "last_error", "history"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(DeliveryAdmin):
    """What was sent to whom outside, and what they answered."""

    position = 73
    list_display = ["id", "address", "about", "state", "attempts", "response_status", "duration_ms", "last_error"]
    list_select_related = ["event", "endpoint"]
    fields = [
        "address", "about", "state", "attempts", "available_at", "finished_at", "response_status",
        "response_excerpt", "duration_ms", "last_error", "history",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("endpoint")

    @admin.display(description=_("endpoint"))
    def address(self, piece: WebhookDelivery) -> str:
        return link(piece.endpoint.url, page_url("core.webhookendpoint", piece.endpoint_id))
