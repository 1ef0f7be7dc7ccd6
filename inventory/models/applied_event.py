"""Which events of which source have changed stock already; the ledger itself is partitioned and cannot say so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppliedEvent(models.Model):
    source = models.CharField(_("source"), max_length=100)
    event_id = models.CharField(_("event id"), max_length=200)
    applied_at = models.DateTimeField(_("applied"), auto_now_add=True)

    class Meta:
        verbose_name = _("applied event")
        verbose_name_plural = _("applied events")
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="each_event_applied_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.event_id}"
