"""A truck's load for one location: announced by a ship notice, or begun where it stands; with its cartons."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant
from inventory.models.purchase_order import VALID_NUMBER, PurchaseOrder, PurchaseOrderLine
from omni.core.states import Stateful


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open_at(self, location) -> "DeliveryQuerySet":
        """What should come to this location or is being scanned there, the earliest first."""
        return self.filter(location=location, status__in=Delivery.OPEN).order_by("expected_on", "pk")


class Delivery(Stateful, models.Model):
    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        RECEIVING = "receiving", _("Being received")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (Status.EXPECTED, Status.RECEIVING)
    MOVES = {
        Status.EXPECTED: {Status.RECEIVING, Status.CANCELLED},
        Status.RECEIVING: {Status.RECEIVED, Status.CANCELLED},
    }

    number = models.CharField(_("number"), max_length=60, unique=True, validators=[VALID_NUMBER])
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), related_name="deliveries", db_index=False
    )
    purchase_order = models.ForeignKey(
        PurchaseOrder,
        models.PROTECT,
        verbose_name=_("purchase order"),
        related_name="deliveries",
        null=True,
        blank=True,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.EXPECTED)
    is_announced = models.BooleanField(_("announced by a ship notice"), default=True)
    expected_on = models.DateField(_("expected"))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("first scan"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    finished_by = models.CharField(_("finished by"), max_length=150, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # Two devices that begin to receive an order without a notice work on the same delivery.
            models.UniqueConstraint(
                fields=["purchase_order"], name="one_open_receiving_per_order",
                condition=Q(is_announced=False, status__in=["expected", "receiving"]),
            ),
            models.CheckConstraint(
                name="received_delivery_says_when", condition=~Q(status="received") | Q(finished_at__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["location", "status", "expected_on"], name="delivery_expected")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class Difference(models.TextChoices):
    """How a line of a delivery differs from what was announced or ordered."""

    NONE = "", _("As expected")
    UNDER = "under", _("Less than expected")
    OVER = "over", _("More than expected")
    NOT_ORDERED = "not_ordered", _("Not ordered")


class Decision(models.TextChoices):
    """What is done about a difference."""

    KEEP = "keep", _("Keep it")
    SEND_BACK = "send_back", _("Send it back")
    WAIT = "wait", _("The rest still comes")
    CLOSE = "close", _("The rest does not come")


DECISIONS = {
    Difference.UNDER: (Decision.WAIT, Decision.CLOSE),
    Difference.OVER: (Decision.KEEP, Decision.SEND_BACK),
    Difference.NOT_ORDERED: (Decision.KEEP, Decision.SEND_BACK),
}


class DeliveryLine(models.Model):
    delivery = models.ForeignKey(
        Delivery, models.CASCADE, verbose_name=_("delivery"), related_name="lines", db_index=False
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    order_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, verbose_name=_("line of the order"), related_name="delivery_lines",
        null=True, blank=True,
    )  # fmt: skip
    expected_quantity = models.PositiveIntegerField(
        _("expected"), default=0, help_text=_("By the notice; without one, what was open of the order. 0: not ordered.")
    )
    received_quantity = models.PositiveIntegerField(_("received"), default=0, help_text=_("Damaged units too."))
    damaged_quantity = models.PositiveIntegerField(_("damaged"), default=0)
    put_away_quantity = models.PositiveIntegerField(_("put away"), default=0)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decided_units = models.IntegerField(_("decided about"), default=0, help_text=_("Received less expected, then."))
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    returned_quantity = models.PositiveIntegerField(_("set aside for the supplier"), default=0)

    class Meta:
        verbose_name = _("item of a delivery")
        verbose_name_plural = _("items of deliveries")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "variant"], name="one_delivery_line_per_variant"),
            models.CheckConstraint(
                name="damaged_of_what_came", condition=Q(damaged_quantity__lte=F("received_quantity"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_quantity}/{self.expected_quantity}"

    @property
    def sellable_quantity(self) -> int:
        return self.received_quantity - self.damaged_quantity - self.returned_quantity

    @property
    def to_put_away(self) -> int:
        return max(0, self.sellable_quantity - self.put_away_quantity)

    @property
    def surplus(self) -> int:
        """Signed: more or less than expected."""
        return self.received_quantity - self.expected_quantity

    @property
    def difference(self) -> Difference:
        if self.surplus == 0:
            return Difference.NONE
        if self.surplus < 0:
            return Difference.UNDER
        return Difference.OVER if self.expected_quantity else Difference.NOT_ORDERED

    @property
    def is_decided(self) -> bool:
        """Nothing differs, or somebody decided about exactly this difference."""
        return self.surplus == 0 or (self.decision != "" and self.decided_units == self.surplus)


class Carton(models.Model):
    """A box with a code of its own and contents that the notice names."""

    delivery = models.ForeignKey(
        Delivery, models.CASCADE, verbose_name=_("delivery"), related_name="cartons", db_index=False
    )
    code = models.CharField(_("code"), max_length=64, db_index=True, help_text=_("Its SSCC, or what the label says."))

    class Meta:
        verbose_name = _("carton of a delivery")
        verbose_name_plural = _("cartons of deliveries")
        constraints = [models.UniqueConstraint(fields=["delivery", "code"], name="each_announced_carton_once")]

    def __str__(self) -> str:
        return self.code


class CartonItem(models.Model):
    carton = models.ForeignKey(Carton, models.CASCADE, verbose_name=_("carton"), related_name="items", db_index=False)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("units"))

    class Meta:
        verbose_name = _("content of a carton")
        verbose_name_plural = _("contents of cartons")
        constraints = [
            models.UniqueConstraint(fields=["carton", "variant"], name="one_carton_item_per_variant"),
            models.CheckConstraint(name="announced_carton_not_empty", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"
