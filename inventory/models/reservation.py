"""A promise of units on one shelf to one demand, whose key is opaque here (`fulfillment-line:123`, `hold:...`)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def held(self) -> "ReservationQuerySet":
        return self.filter(status=Reservation.Status.HELD)

    def lock_held(self, demand_keys) -> list["Reservation"]:
        """The open promises of these demands, locked in id order (reservations lock before stock rows)."""
        return list(self.held().filter(demand_key__in=list(demand_keys)).order_by("pk").select_for_update())


class Reservation(models.Model):
    class Status(models.TextChoices):
        HELD = "held", _("Held")
        CONSUMED = "consumed", _("Consumed")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")
        UNDONE = "undone", _("Undone")

    demand_key = models.CharField(_("demand"), max_length=64)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    off_shelf_quantity = models.PositiveIntegerField(
        _("off the shelf"),
        default=0,
        help_text=_("Picked units: still on hand, but no longer where a count looks."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(
                fields=["demand_key", "location"],
                condition=Q(status="held"),
                name="one_open_promise_per_demand",
            ),
            models.CheckConstraint(name="reservation_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="off_shelf_within_promise", condition=Q(off_shelf_quantity__lte=F("quantity"))),
            models.CheckConstraint(
                name="held_until_closed",
                condition=Q(status="held", closed_at=None) | ~Q(status="held") & Q(closed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "location"], name="reservation_held", condition=Q(status="held")),
            models.Index(
                fields=["expires_at"], name="reservation_expiring",
                condition=Q(status="held", expires_at__isnull=False),
            ),
            models.Index(
                fields=["variant", "location", "closed_at"], name="reservation_left_hands",
                condition=Q(off_shelf_quantity__gt=0, closed_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.demand_key}: {self.quantity} ({self.status})"
