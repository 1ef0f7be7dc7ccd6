"""What partners sent us, as they sent it: kept for thirty days, so that the same message is taken once."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class InboundMessage(models.Model):
    source = models.CharField(_("source"), max_length=30)
    event_id = models.CharField(_("id at the source"), max_length=150)
    body = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    received_at = models.DateTimeField(_("received at"), db_default=Now(), editable=False)
    handled_at = models.DateTimeField(_("handled at"), null=True, editable=False)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("inbound message")
        verbose_name_plural = _("inbound messages")
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="core_inbound_once"),
        ]
        indexes = [models.Index(fields=["received_at"], name="core_inbound_age")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"
