"""What one carrier takes from one location at once: parcels are scanned into it, then it is closed."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Func, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from omni.core.states import Stateful


class NextManifest(Func):
    template = "nextval('orders_manifest_number_seq')"
    output_field = models.BigIntegerField()


class ManifestQuerySet(models.QuerySet["Manifest"]):
    def lock(self, number: int) -> "Manifest":
        """The manifest, locked; whoever also locks orders does that before."""
        return self.select_for_update(of=("self",)).select_related("location").get(number=number)

    def at(self, location) -> "ManifestQuerySet":
        return self.filter(location=location)

    def with_counts(self) -> "ManifestQuerySet":
        return self.annotate(parcel_count=Count("shipments"))


class Manifest(Stateful, models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Being closed")
        CLOSED = "closed", _("Closed")

    MOVES = {Status.OPEN: {Status.CLOSING}, Status.CLOSING: {Status.CLOSED}}

    number = models.BigIntegerField(_("number"), unique=True, db_default=NextManifest())
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+")
    carrier = models.CharField(_("carrier"), max_length=60)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("opened by"), null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )
    driver_name = models.CharField(_("taken by"), max_length=100, blank=True)

    objects = ManifestQuerySet.as_manager()

    class Meta:
        verbose_name = _("manifest")
        verbose_name_plural = _("manifests")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "carrier"], condition=Q(status="open"), name="one_open_manifest_per_carrier"
            ),
            models.CheckConstraint(
                name="closed_manifest_says_when", condition=Q(status="open") | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["location", "-opened_at"], name="manifest_of_location"),
            models.Index(fields=["closed_at"], name="manifest_closing", condition=Q(status="closing")),
        ]

    def __str__(self) -> str:
        return f"M-{self.number}"
