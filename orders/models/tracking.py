"""What a carrier told us about a parcel, each piece of news once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.shipment import Shipment


class TrackingEvent(models.Model):
    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        IN_TRANSIT = "in_transit", _("On its way")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
        READY_FOR_PICKUP = "ready_for_pickup", _("Waits at a pickup point")
        PROBLEM = "problem", _("Delivery problem")
        DELIVERED = "delivered", _("Delivered")
        LOST = "lost", _("Lost")
        RETURNED = "returned", _("Returned to sender")

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, verbose_name=_("parcel"), null=True, blank=True, related_name="tracking_events"
    )
    source = models.CharField(_("source"), max_length=30)
    event_id = models.CharField(_("id at the source"), max_length=150)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100)
    status = models.CharField(_("status"), max_length=16, choices=Status)
    message = models.CharField(_("message"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    occurred_at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="each_tracking_event_once"),
        ]
        indexes = [models.Index(fields=["shipment", "occurred_at"], name="tracking_of_parcel")]

    def __str__(self) -> str:
        return f"{self.tracking_number} {self.status}"
