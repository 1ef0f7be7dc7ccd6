"""Units kept for a shopping cart for some minutes, before there is an order.

A line is what the cart asked for. That of a kit keeps `parts`: so many units of each part in each kit, as the kit was
made when it was held, so that what was taken is what comes back.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kept:
    """Units of one shelf that a line keeps."""

    demand_key: str
    variant_id: int
    location_id: int
    quantity: int


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

    def kept(self, number: int, line: Mapping[str, Any]) -> list[Kept]:
        """What a line keeps of each shelf: a kit, its parts."""
        key = self.demand_key(number)
        if "parts" not in line:
            return [Kept(key, line["variant_id"], line["location_id"], line["quantity"])]
        return [
            Kept(f"{key}:{m}", part["variant_id"], part["location_id"], part["units"] * line["quantity"])
            for m, part in enumerate(line["parts"])
        ]

    @property
    def parts(self) -> dict[int, dict]:
        """Lines by number; a hold that was never changed numbers them as they came."""
        return {line.get("n", position): line for position, line in enumerate(self.lines)}
