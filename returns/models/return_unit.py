"""One unit that comes back. It is a certain unit of its order line, so that it can come back only once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, Variant
from omni.core.private_files import private_files
from omni.core.states import Stateful
from orders.models import OrderLine
from returns.models.disposition import HELD, Disposition, Grade
from returns.models.payout import Payout
from returns.models.reason import ReturnReason
from returns.models.return_order import ReturnOrder
from returns.models.return_policy import ReturnPolicy


class UnitStatus(models.TextChoices):
    AUTHORIZED = "authorized", _("Expected")
    RECEIVED = "received", _("Received")
    REFUNDED = "refunded", _("Refunded")
    REFUSED = "refused", _("Given back")
    CANCELLED = "cancelled", _("Not returned")


GONE = (UnitStatus.REFUSED, UnitStatus.CANCELLED)
COUNTED = Q(status__in=[UnitStatus.AUTHORIZED, UnitStatus.RECEIVED, UnitStatus.REFUNDED])


class ReturnUnitQuerySet(models.QuerySet["ReturnUnit"]):
    def counted(self) -> "ReturnUnitQuerySet":
        """Units that are in a return which was neither cancelled nor refused."""
        return self.filter(COUNTED)

    def held_at(self, location) -> "ReturnUnitQuerySet":
        """Returned units that are kept apart here, the longest first."""
        return self.filter(location=location, disposition__in=HELD).order_by("received_at", "pk")


class ReturnUnit(Stateful, models.Model):
    """`value_amount` is what was paid for this very unit (frozen at the sale); the refund is that less the fee."""

    Status = UnitStatus
    MOVES = {
        UnitStatus.AUTHORIZED: {UnitStatus.RECEIVED, UnitStatus.REFUSED, UnitStatus.CANCELLED},
        UnitStatus.RECEIVED: {UnitStatus.REFUNDED, UnitStatus.REFUSED},
    }

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, verbose_name=_("return"), related_name="units")
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, verbose_name=_("order line"), null=True, blank=True, related_name="return_units",
        db_index=False,
    )  # fmt: skip
    unit_index = models.PositiveIntegerField(_("unit of the line"), null=True, blank=True)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+")
    title = models.CharField(_("title"), max_length=400)
    status = models.CharField(_("status"), max_length=12, choices=UnitStatus, default=UnitStatus.AUTHORIZED)
    reason = models.ForeignKey(
        ReturnReason, models.PROTECT, verbose_name=_("reason"), null=True, blank=True, related_name="+"
    )
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True)
    disposition = models.CharField(_("disposition"), max_length=16, choices=Disposition, blank=True)
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    photo = models.FileField(_("photo"), storage=private_files, upload_to="returns/%Y/%m", blank=True)
    policy = models.ForeignKey(
        ReturnPolicy, models.PROTECT, verbose_name=_("policy"), null=True, blank=True, related_name="+"
    )
    exceptions = models.JSONField(_("against the policy"), default=list, blank=True)
    value_amount = models.DecimalField(_("paid for it"), max_digits=14, decimal_places=4)
    fee_amount = models.DecimalField(_("restocking fee"), max_digits=14, decimal_places=4, default=0)
    refund_amount = models.DecimalField(_("refund"), max_digits=14, decimal_places=4)
    refund_to = models.CharField(
        _("refund"), max_length=12, choices=ReturnPolicy.RefundTo, default=ReturnPolicy.RefundTo.ORIGINAL
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, verbose_name=_("payout"), null=True, blank=True, related_name="units"
    )
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("where it is"), null=True, blank=True, related_name="+"
    )
    cost_amount = models.DecimalField(
        _("worth to us"), max_digits=14, decimal_places=4, default=0, help_text=_("Of its cost, by its disposition.")
    )
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    objects = ReturnUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned unit")
        verbose_name_plural = _("returned units")
        constraints = [
            models.UniqueConstraint(fields=["order_line", "unit_index"], condition=COUNTED,
                                    name="each_unit_returns_once"),
            models.UniqueConstraint(fields=["order_line", "serial"], condition=COUNTED & ~Q(serial=""),
                                    name="each_serial_returns_once"),
            models.CheckConstraint(
                name="return_unit_of_a_line",
                condition=Q(order_line=None, unit_index=None) | Q(order_line__isnull=False, unit_index__gte=1),
            ),
            models.CheckConstraint(
                name="refund_is_value_less_fee",
                condition=Q(fee_amount__gte=0, refund_amount__gte=0, refund_amount=F("value_amount") - F("fee_amount")),
            ),
            models.CheckConstraint(
                name="refunded_by_one_payout",
                condition=Q(status="refunded", payout__isnull=False) | ~Q(status="refunded") & Q(payout=None),
            ),
            models.CheckConstraint(
                name="received_somewhere",
                condition=~Q(status__in=["received", "refunded"])
                | Q(location__isnull=False, received_at__isnull=False) & ~Q(disposition=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["location", "received_at"], name="return_unit_held",
                         condition=Q(disposition__in=[str(each) for each in HELD])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.get_status_display()})"

    @property
    def cause(self) -> str:
        """The name under which the stock ledger knows it."""
        return f"return-unit:{self.pk}"
