"""A till or handheld of a store on which people switch by PIN; known by a cookie, revoked at once."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from omni.core.models.api_key import digest_of
from omni.core.models.fields import UuidV7

SEEN_IS_WRITTEN_EVERY = timedelta(minutes=1)


class DeviceQuerySet(models.QuerySet["Device"]):
    def enrolled(self) -> Self:
        """Those that open something."""
        return self.filter(enrolled_at__isnull=False, revoked_at=None)

    def for_token(self, token: str) -> "Device | None":
        """The enrolled device of a presented token; an unknown and a revoked one look the same."""
        return self.enrolled().filter(digest=digest_of(token)).first()


class Device(models.Model):
    class Kind(models.TextChoices):
        TILL = "till", _("Shared till")
        HANDHELD = "handheld", _("Personal handheld")

    uid = models.UUIDField(_("id"), db_default=UuidV7(), unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TILL)
    scope = models.CharField(_("place"), max_length=64, help_text=_("location:ID, the one store it belongs to."))
    code_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    code_expires_at = models.DateTimeField(_("code is good until"), null=True, blank=True)
    digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    invited_at = models.DateTimeField(_("announced"))
    invited_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name=_("enrolled by"))
    enrolled_at = models.DateTimeField(_("enrolled"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.CharField(_("revoked by"), max_length=200, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.CheckConstraint(name="core_device_of_one_place", condition=Q(scope__regex=r"^location:[0-9]+$")),
            models.CheckConstraint(
                name="core_device_enrolled_has_token", condition=Q(enrolled_at=None) | Q(digest__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["scope"], name="core_device_place")]

    def __str__(self) -> str:
        return self.name

    @property
    def location_id(self) -> str:
        """The id within its opaque scope, as a session keeps it."""
        return self.scope.partition(":")[2]

    @property
    def is_waiting(self) -> bool:
        """Announced, and its code not typed yet."""
        return self.enrolled_at is None and self.revoked_at is None

    def note_seen(self, now: datetime) -> None:
        """Write it at most once a minute."""
        if self.last_seen_at is None or now - self.last_seen_at >= SEEN_IS_WRITTEN_EVERY:
            Device.objects.filter(pk=self.pk).update(last_seen_at=now)


class DeviceVisit(models.Model):
    """Who was at a device and when last: they are offered first."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="visits", verbose_name=_("device"))
    user = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name=_("user"))
    last_at = models.DateTimeField(_("last here"))

    class Meta:
        verbose_name = _("visit at a device")
        verbose_name_plural = _("visits at devices")
        constraints = [models.UniqueConstraint(fields=["device", "user"], name="core_device_visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.device_id}"
