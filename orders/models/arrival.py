"""A customer comes for their order: on the way, there at a bay with a car, served."""

from datetime import datetime

from django.db import models
from django.db.models import Avg, Case, Count, F, Max, Q, When
from django.utils.translation import gettext_lazy as _

from orders.models.fulfillment_order import FulfillmentOrder
from orders.waiting import Wait, wait


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def open(self) -> "ArrivalQuerySet":
        """Announced or there, neither served nor called off."""
        return self.filter(served_at=None, cancelled_at=None)

    def open_at(self, location) -> "ArrivalQuerySet":
        """Those of a store: who is there first, the longest there first, then who is on the way."""
        there_first = Case(When(arrived_at=None, then=1), default=0)
        return self.open().filter(fulfillment_order__location=location).order_by(there_first, "arrived_at", "pk")

    def waiting_at(self, location) -> "ArrivalQuerySet":
        """Those who stand outside now."""
        return self.open_at(location).exclude(arrived_at=None)

    def waits(self, location, start: datetime, end: datetime) -> dict:
        """Of those served in that time: how many, and their mean and longest wait in seconds. One query."""
        served = self.filter(fulfillment_order__location=location, served_at__gte=start, served_at__lt=end)
        return served.exclude(waited_seconds=None).aggregate(
            served=Count("pk"), mean_seconds=Avg("waited_seconds"), longest_seconds=Max("waited_seconds")
        )


class Arrival(models.Model):
    """At most one of a work is open; each later one is a row of its own."""

    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="arrivals"
    )
    on_my_way_at = models.DateTimeField(_("on the way"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    bay = models.CharField(_("bay"), max_length=20, blank=True)
    car = models.CharField(_("car"), max_length=60, blank=True)
    car_color = models.CharField(_("color of the car"), max_length=30, blank=True)
    told_by = models.CharField(_("told by"), max_length=150)
    served_at = models.DateTimeField(_("served"), null=True, blank=True)
    waited_seconds = models.PositiveIntegerField(
        _("waited, in seconds"),
        null=True,
        blank=True,
        help_text=_("From the later of arrived and ready, until served."),
    )
    hand_over = models.ForeignKey(
        "orders.HandOver", models.PROTECT, verbose_name=_("hand-over"), null=True, blank=True, related_name="arrivals"
    )
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        constraints = [
            models.UniqueConstraint(
                fields=["fulfillment_order"], condition=Q(served_at=None, cancelled_at=None), name="one_open_arrival"
            ),
            models.CheckConstraint(
                name="arrival_announced_or_there", condition=Q(on_my_way_at__isnull=False) | Q(arrived_at__isnull=False)
            ),
            models.CheckConstraint(
                name="arrival_ends_once",
                condition=Q(served_at=None) | Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                name="served_after_arrived",
                condition=Q(served_at=None) | Q(arrived_at=None) | Q(served_at__gte=F("arrived_at")),
            ),
            models.CheckConstraint(
                name="wait_of_somebody_served",
                condition=Q(waited_seconds=None) | Q(served_at__isnull=False, arrived_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["served_at"], name="arrival_served", condition=Q(served_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.fulfillment_order_id} {self.bay}".strip()

    @property
    def is_there(self) -> bool:
        return self.arrived_at is not None

    def wait(self, *, ready_at: datetime | None, now: datetime) -> Wait:
        """The clock of this arrival, for work that was staged at `ready_at`."""
        return wait(arrived_at=self.arrived_at, ready_at=ready_at, served_at=self.served_at, now=now)
