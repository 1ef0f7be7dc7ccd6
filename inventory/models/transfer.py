"""Units on their way from one location to another: asked for, kept at the sender, sent, and received or lost."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from omni.core.states import Stateful


class TransferQuerySet(models.QuerySet["Transfer"]):
    def to_answer_at(self, location) -> "TransferQuerySet":
        """What another store asked this one for, and what is to be picked and sent, the oldest first."""
        return self.filter(from_location=location, status__in=Transfer.AT_SENDER).order_by("created_at", "pk")

    def coming_to(self, location) -> "TransferQuerySet":
        """What is on its way here, the longest expected first."""
        return self.filter(to_location=location, status=Transfer.Status.IN_TRANSIT).order_by("expected_at", "pk")

    def asked_by(self, location) -> "TransferQuerySet":
        """What this store waits for and nobody has sent yet."""
        return self.filter(to_location=location, status__in=Transfer.AT_SENDER).order_by("created_at", "pk")

    def on_the_road(self) -> "TransferQuerySet":
        return self.filter(status=Transfer.Status.IN_TRANSIT)

    def with_units(self) -> "TransferQuerySet":
        """Adds what lists show: units asked for, sent, arrived and under way."""
        names = ("requested", "approved", "picked", "shipped", "received", "damaged", "lost", "in_transit")
        sums = {f"{name}_units": Sum(f"lines__{name}_quantity", default=0) for name in names}
        return self.select_related("from_location", "to_location").annotate(**sums)


class Transfer(Stateful, models.Model):
    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        PICKING = "picking", _("Being picked")
        IN_TRANSIT = "in_transit", _("In transit")
        RECEIVED = "received", _("Received")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")

    AT_SENDER = (Status.REQUESTED, Status.APPROVED, Status.PICKING)
    KEPT = (Status.APPROVED, Status.PICKING)  # units are reserved at the sender
    MOVES = {
        Status.REQUESTED: {Status.APPROVED, Status.DECLINED, Status.CANCELLED},
        Status.APPROVED: {Status.PICKING, Status.IN_TRANSIT, Status.CANCELLED},
        Status.PICKING: {Status.IN_TRANSIT, Status.CANCELLED},
        Status.IN_TRANSIT: {Status.RECEIVED},
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    from_location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("from"), related_name="transfers_out")
    to_location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("to"), related_name="transfers_in")
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REQUESTED)
    is_for_orders = models.BooleanField(_("for orders"), default=False, help_text=_("Customers collect what arrives."))
    note = models.CharField(_("note"), max_length=200, blank=True)
    requested_by = models.CharField(_("requested by"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    incomplete_at = models.DateTimeField(
        _("incomplete since"), null=True, blank=True, help_text=_("The receiver misses units and still expects them.")
    )
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    closed_reason = models.CharField(_("why it closed"), max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(name="transfer_between_two_places", condition=~Q(from_location=F("to_location"))),
            models.CheckConstraint(
                name="transfer_left_before_it_arrived",
                condition=~Q(status__in=["in_transit", "received"]) | Q(shipped_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_location", "created_at"], name="transfer_at_sender",
                condition=Q(status__in=["requested", "approved", "picking"]),
            ),
            models.Index(fields=["expected_at"], name="transfer_on_the_road", condition=Q(status="in_transit")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_at_sender(self) -> bool:
        return self.status in self.AT_SENDER

    @property
    def keeps_units(self) -> bool:
        """Its units are reserved at the sender."""
        return self.status in self.KEPT

    def is_late(self, now: datetime) -> bool:
        return self.status == self.Status.IN_TRANSIT and self.expected_at is not None and self.expected_at < now
