"""Who outside is told of our events."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from omni.core.actors import Actor
from omni.core.admin.events import FEED
from omni.core.hq.acts import Act, Asked, ShownOnce
from omni.core.hq.base import HqAdmin
from omni.core.hq.permissions import CONFIGURE
from omni.core.hq.show import link, list_url, tag
from omni.core.models import WebhookEndpoint
from omni.core.operations.webhook_endpoints import create_endpoint, replay_events, retire_endpoint, rotate_secret
from omni.core.refusals import Refusal

ONCE = _("Copy it now: messages are signed with it, and nobody can show it again.")


class EndpointForm(forms.ModelForm):
    """An address and its topics."""

    topics = forms.CharField(
        label=_("Topics"), initial="*", help_text=_("Separated by commas, such as orders.*, inventory.shortfall")
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["url", "description", "topics", "place"]

    def clean_topics(self) -> list[str]:
        return [topic.strip() for topic in self.cleaned_data["topics"].split(",") if topic.strip()]

    def clean(self) -> dict[str, Any]:
        """Make the endpoint here, so that what the operation refuses is said beside the field."""
        data = super().clean() or {}
        if self.errors or not self.by:
            return data
        try:
            self.made = create_endpoint(**data, by=self.by)
        except Refusal as refusal:
            self.add_error("url" if refusal.code == "address_not_allowed" else "topics", str(refusal.message))
        return data

    by: Actor | None = None
    made: WebhookEndpoint | None = None


class Replay(forms.Form):
    """From where events are sent again."""

    after = forms.IntegerField(label=_("After position"), min_value=0, initial=0)


def _retire(endpoint: WebhookEndpoint, asked: Asked) -> None:
    retire_endpoint(endpoint, by=asked.by)


def _rotate(endpoint: WebhookEndpoint, asked: Asked) -> ShownOnce:
    return ShownOnce(_("The new secret of %s") % endpoint.url, rotate_secret(endpoint).secret, ONCE)


def _replay(endpoint: WebhookEndpoint, asked: Asked) -> None:
    replay_events(endpoint, after=asked.data["after"])


def _is_active(endpoint: WebhookEndpoint) -> bool:
    return endpoint.is_active


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(HqAdmin):
    """Made once, retired when nobody listens any more; the log of deliveries stays."""

    section, position = FEED, 72
    adds = CONFIGURE
    form = EndpointForm
    list_display = ["url", "description", "topic_list", "state", "log", "created_at"]
    acts = (
        Act("rotate", _("New secret…"), CONFIGURE, _rotate, applies=_is_active,
            text=_("For a day messages carry both signatures, so that nobody must hurry."),
            done=lambda n: ngettext("%d secret replaced.", "%d secrets replaced.", n) % n),
        Act("replay", _("Send again…"), CONFIGURE, _replay, form=Replay, applies=_is_active,
            text=_("At most 20,000 events at once."),
            done=lambda n: ngettext("%d endpoint is told again.", "%d endpoints are told again.", n) % n),
        Act("retire", _("Stop telling…"), CONFIGURE, _retire, applies=_is_active,
            text=_("This address is told nothing more; its delivery log stays."),
            done=lambda n: ngettext("%d endpoint is told nothing more.", "%d endpoints are told nothing more.", n) % n),
    )  # fmt: skip

    @admin.display(description=_("topics"))
    def topic_list(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.topics)

    @admin.display(description=_("state"))
    def state(self, endpoint: WebhookEndpoint) -> str:
        if not endpoint.is_active:
            return tag(_("Stopped"))
        if endpoint.paused_until and endpoint.paused_until > timezone.now():
            return tag(_("Paused after failures"), "warn")
        return tag(_("Listening"), "done")

    @admin.display(description=_("deliveries"))
    def log(self, endpoint: WebhookEndpoint) -> str:
        return link(_("Delivery log"), list_url("core.webhookdelivery", endpoint__id__exact=endpoint.pk))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["url", "description", "topics", "place"]
        return ["url", "description", "topic_list", "place", "state", "log", "failures", "actor", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = Actor.of(request.user) if request.user.is_authenticated else None
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = form.made.pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        made = WebhookEndpoint.objects.get(pk=obj.pk)
        once = ShownOnce(_("The secret of %s") % made.url, made.secret, ONCE)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "once": once}
        return render(request, "admin/hq/shown_once.html", context)
