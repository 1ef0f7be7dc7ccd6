"""What HQ decided, instead of the default that the code declares."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Setting(models.Model):
    """One decided value; a key without a row has its declared default."""

    key = models.CharField(_("key"), max_length=100, primary_key=True)
    value = models.JSONField(_("value"))
    description = models.TextField(_("description"), blank=True)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
