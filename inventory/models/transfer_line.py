"""One item of a transfer, with counters that the database keeps honest: nothing is on both sides or on neither."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.product import Variant
from inventory.models.transfer import Transfer


class TransferLine(models.Model):
    """Shipped = received + damaged + lost + in transit. Before that, approved units are reserved at the sender.

    `demand_key` names whom the units are for, where they are promised already (`fulfillment-line:7`), and
    `owed_quantity` how many of them it still waits for: they are reserved for it as they arrive.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, verbose_name=_("transfer"), related_name="lines")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    demand_key = models.CharField(_("demand"), max_length=64, blank=True)
    requested_quantity = models.PositiveIntegerField(_("requested"))
    approved_quantity = models.PositiveIntegerField(_("approved"), default=0)
    picked_quantity = models.PositiveIntegerField(_("picked"), default=0)
    shipped_quantity = models.PositiveIntegerField(_("shipped"), default=0)
    received_quantity = models.PositiveIntegerField(_("received"), default=0, help_text=_("Units that can be sold."))
    damaged_quantity = models.PositiveIntegerField(_("arrived damaged"), default=0)
    lost_quantity = models.PositiveIntegerField(_("lost"), default=0)
    over_quantity = models.PositiveIntegerField(
        _("more than sent"), default=0, help_text=_("Arrived without having been scanned at the sender.")
    )
    owed_quantity = models.PositiveIntegerField(_("owed to its demand"), default=0)
    in_transit_quantity = models.GeneratedField(
        verbose_name=_("in transit"),
        expression=F("shipped_quantity") - F("received_quantity") - F("damaged_quantity") - F("lost_quantity"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("transfer line")
        verbose_name_plural = _("transfer lines")
        constraints = [
            models.UniqueConstraint(fields=["transfer", "variant", "demand_key"], name="one_transfer_line_per_demand"),
            models.UniqueConstraint(
                fields=["demand_key"], condition=~Q(demand_key="") & Q(owed_quantity__gt=0),
                name="one_transfer_brings_it",
            ),
            models.CheckConstraint(
                name="transfer_conserves_units",
                condition=Q(
                    approved_quantity__lte=F("requested_quantity"),
                    picked_quantity__lte=F("approved_quantity"),
                    shipped_quantity__lte=F("picked_quantity") + F("over_quantity"),
                    shipped_quantity__gte=F("received_quantity") + F("damaged_quantity") + F("lost_quantity"),
                    owed_quantity__lte=F("requested_quantity"),
                ),
            ),
            models.CheckConstraint(
                name="owed_to_somebody", condition=Q(owed_quantity=0) | ~Q(demand_key="")
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["variant"], name="transfer_units_on_the_road", condition=Q(in_transit_quantity__gt=0)),
            models.Index(fields=["demand_key"], name="transfer_line_demand", condition=~Q(demand_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.shipped_quantity}/{self.requested_quantity}"

    @property
    def promise_key(self) -> str:
        """The name of what is reserved for it at the sender, and the cause of its movements."""
        return f"transfer-line:{self.pk}"

    @property
    def to_pick_quantity(self) -> int:
        return self.approved_quantity - self.picked_quantity

    @property
    def under_way_quantity(self) -> int:
        """`in_transit_quantity` after counters changed in memory."""
        return self.shipped_quantity - self.received_quantity - self.damaged_quantity - self.lost_quantity

    @property
    def coming_quantity(self) -> int:
        """Units that may still arrive."""
        status = self.transfer.status
        if status == Transfer.Status.REQUESTED:
            return self.requested_quantity
        if status in Transfer.KEPT:
            return self.approved_quantity
        return self.under_way_quantity if status == Transfer.Status.IN_TRANSIT else 0

    @property
    def lacking_quantity(self) -> int:
        """Units that its demand waits for in vain."""
        return max(0, self.owed_quantity - self.coming_quantity)

    @property
    def differs(self) -> bool:
        """What arrived is not what was sent."""
        return bool(self.damaged_quantity or self.lost_quantity or self.over_quantity)
