"""Who is told of our events over HTTP, and every attempt to tell them."""

import base64
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from omni.core.models.claimable import Claimable, due_indexes, known_status
from omni.core.models.event import Event
from omni.core.models.fields import UuidV7

SECRET_PREFIX = "whsec_"  # noqa: S105 - public, it only names the kind


def new_secret() -> str:
    """A signing secret in the form that Standard Webhooks libraries expect."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


class WebhookEndpoint(models.Model):
    """One address outside that wants to know."""

    id = models.UUIDField(primary_key=True, db_default=UuidV7(), editable=False)
    url = models.CharField(_("address"), max_length=2000)
    description = models.CharField(_("description"), max_length=200, blank=True)
    topics = ArrayField(models.CharField(max_length=100), verbose_name=_("topics"))
    place = models.CharField(
        _("only of"), max_length=40, blank=True, db_default="", default="",
        help_text=_("A location's code: it is told of this place's events and of no other's. Empty: of all."),
    )  # fmt: skip
    # Kept in clear because each message is signed with it; shown once to the one who made the endpoint.
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, db_default="", editable=False)
    previous_secret_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    failures = models.PositiveIntegerField(_("failures in a row"), db_default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)
    actor = models.CharField(_("created by"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(topics__len__gte=1), name="core_endpoint_some_topic"),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(Claimable):
    """One event for one endpoint: what was answered last, and whether it is done."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("endpoint")
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("event")
    )
    response_status = models.PositiveSmallIntegerField(_("answer"), null=True, editable=False)
    response_excerpt = models.TextField(_("beginning of the answer"), blank=True, db_default="", editable=False)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            *due_indexes("core_whdel"),
            models.Index(fields=["endpoint", "-position"], name="core_whdel_log"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="core_webhook_delivery_once"),
            known_status("core_whdel_known_status"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} <- {self.event_id}"
