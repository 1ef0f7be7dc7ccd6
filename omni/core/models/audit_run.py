"""What the last audits found."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditRun(models.Model):
    """One run over the invariants, kept for HQ."""

    at = models.DateTimeField(_("at"), db_default=Now())
    results = models.JSONField(_("results"), default=list, encoder=DjangoJSONEncoder)
    violations = models.PositiveIntegerField(_("violations"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.violations}"
