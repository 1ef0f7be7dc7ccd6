"""Units kept for a shopping cart for some minutes, before there is an order."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HoldQuerySet(models.QuerySet["Hold"]):
    def due(self, now) -> "HoldQuerySet":
        return self.filter(status=Hold.Status.OPEN, expires_at__lte=now).order_by("expires_at")


class Hold(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        USED = "used", _("Used by an order")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(_("owner"), max_length=150, help_text=_("Whose key may use or release it."))
    lines = models.JSONField(_("lines"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    expires_at = models.DateTimeField(_("expires"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [models.Index(fields=["expires_at"], name="hold_expiring", condition=Q(status="open"))]

    def __str__(self) -> str:
        return str(self.pk)

    def demand_key(self, number: int) -> str:
        return f"hold:{self.pk}:{number}"

    @property
    def parts(self) -> dict[int, dict]:
        """Lines by number; a hold that was never changed numbers them as they came."""
        return {line.get("n", position): line for position, line in enumerate(self.lines)}
