"""Units on their way from one location to another: out of one shelf, in transit, in or lost."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.states import Stateful


class Transfer(Stateful, models.Model):
    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        IN_TRANSIT = "in_transit", _("In transit")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        Status.REQUESTED: {Status.IN_TRANSIT, Status.CANCELLED},
        Status.IN_TRANSIT: {Status.RECEIVED},
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    from_location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("from"), related_name="transfers_out")
    to_location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("to"), related_name="transfers_in")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REQUESTED)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(name="transfer_between_two_places", condition=~Q(from_location=F("to_location"))),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    transfer = models.ForeignKey(Transfer, models.PROTECT, verbose_name=_("transfer"), related_name="lines")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    requested_quantity = models.PositiveIntegerField(_("requested"))
    shipped_quantity = models.PositiveIntegerField(_("shipped"), default=0)
    received_quantity = models.PositiveIntegerField(_("received"), default=0)
    lost_quantity = models.PositiveIntegerField(_("lost"), default=0)

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "variant"], name="one_transfer_line_per_variant"),
            models.CheckConstraint(
                name="transfer_conserves_units",
                condition=Q(
                    requested_quantity__gt=0,
                    shipped_quantity__lte=F("requested_quantity"),
                    shipped_quantity__gte=F("received_quantity") + F("lost_quantity"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipped_quantity}/{self.requested_quantity}"

    @property
    def in_transit_quantity(self) -> int:
        return self.shipped_quantity - self.received_quantity - self.lost_quantity
