"""Who practices where. The practice location itself lies in the practice world."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PracticeStore(models.Model):
    """One per person; a reset gives it another location, and the one before is forgotten."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_store", verbose_name=_("user")
    )
    location_id = models.BigIntegerField(_("practice location"), null=True, unique=True)
    opened_at = models.DateTimeField(_("opened"), db_default=Now())

    class Meta:
        verbose_name = _("practice store")
        verbose_name_plural = _("practice stores")

    def __str__(self) -> str:
        return f"{self.user}: {self.location_id or '-'}"
