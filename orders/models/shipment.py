"""One parcel: which units are in it, its label, and how far it has come. An order may need several."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from omni.core.access import scopes
from omni.core.states import Stateful
from orders.models.carton import Carton
from orders.models.fulfillment_order import FulfillmentLine, FulfillmentOrder
from orders.models.manifest import Manifest
from orders.models.order import Order


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def lock(self, number: str) -> "Shipment":
        """The parcel, locked after its order and its work (lock order of the house)."""
        mine = self.filter(number=number)
        Order.objects.select_for_update().get(pk__in=mine.values("fulfillment_order__order_id"))
        work = FulfillmentOrder.objects.filter(pk__in=mine.values("fulfillment_order_id"))
        work.select_for_update(of=("self",)).get()
        related = ("fulfillment_order__order", "fulfillment_order__location", "carton")
        return self.select_for_update(of=("self",)).select_related(*related).get(number=number)

    def at(self, location) -> "ShipmentQuerySet":
        return self.filter(fulfillment_order__location=location)

    def for_user(self, user, capability: str = "work") -> "ShipmentQuerySet":
        """Parcels of orders that are this person's business."""
        if scopes(user, capability) is None:
            return self
        return self.filter(fulfillment_order__order__in=Order.objects.for_user(user, capability))

    def real(self) -> "ShipmentQuerySet":
        """Those that were not unpacked again."""
        return self.exclude(status=Shipment.Status.UNPACKED)

    def in_house(self) -> "ShipmentQuerySet":
        """Packed or being packed, and still with us."""
        return self.filter(status__in=IN_HOUSE)

    def on_the_way(self) -> "ShipmentQuerySet":
        return self.filter(status__in=ON_THE_WAY)

    def late(self, now: datetime) -> "ShipmentQuerySet":
        """With the carrier, not delivered, and past the day it should have come."""
        return self.on_the_way().filter(deliver_by__lt=now)

    def with_contents(self) -> "ShipmentQuerySet":
        """With everything that a parcel's page and papers show."""
        lines = ShipmentLine.objects.select_related(
            "fulfillment_line__order_line__kit", "fulfillment_line__variant__product"
        )
        return self.select_related(
            "fulfillment_order__order", "fulfillment_order__location", "carton", "manifest", "packed_by"
        ).prefetch_related(Prefetch("lines", lines.order_by("pk")))

    def with_units(self) -> "ShipmentQuerySet":
        return self.annotate(unit_count=Sum("lines__quantity", default=0))


class Shipment(Stateful, models.Model):
    class Status(models.TextChoices):
        PACKING = "packing", _("Being packed")
        PACKED = "packed", _("Packed")
        LABELLED = "labelled", _("Labelled")
        HANDED_OVER = "handed_over", _("With the carrier")
        IN_TRANSIT = "in_transit", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        LOST = "lost", _("Lost")
        RETURNED = "returned", _("Returned to sender")
        UNPACKED = "unpacked", _("Unpacked")

    MOVES = {
        Status.PACKING: {Status.PACKED, Status.UNPACKED},
        Status.PACKED: {Status.PACKING, Status.LABELLED, Status.UNPACKED},
        Status.LABELLED: {Status.PACKED, Status.HANDED_OVER, Status.UNPACKED},
        Status.HANDED_OVER: {Status.IN_TRANSIT, Status.DELIVERED, Status.LOST, Status.RETURNED},
        Status.IN_TRANSIT: {Status.DELIVERED, Status.LOST, Status.RETURNED},
        Status.LOST: {Status.IN_TRANSIT, Status.DELIVERED, Status.RETURNED},  # found again
        Status.DELIVERED: {Status.RETURNED},
    }

    number = models.CharField(_("number"), max_length=50, unique=True)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="shipments"
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PACKING)
    carton = models.ForeignKey(
        Carton, models.PROTECT, verbose_name=_("carton"), null=True, blank=True, related_name="+"
    )
    length_mm = models.PositiveIntegerField(_("length in mm"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width in mm"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height in mm"), null=True, blank=True)
    weight_g = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    packed_at = models.DateTimeField(_("packed"), null=True, blank=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("packed by"), null=True, blank=True, related_name="+"
    )
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    service = models.CharField(_("service"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)
    sender_reference = models.CharField(
        _("its number at the partner"), max_length=150, blank=True, help_text=_("Told twice under it, it left once.")
    )
    deliver_by = models.DateTimeField(_("should arrive by"), null=True, blank=True)
    manifest = models.ForeignKey(
        Manifest, models.PROTECT, verbose_name=_("manifest"), null=True, blank=True, related_name="shipments"
    )
    manifested_at = models.DateTimeField(_("scanned into the manifest"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("left"), null=True, blank=True)
    followed_at = models.DateTimeField(_("carrier asked"), null=True, blank=True)
    last_event_at = models.DateTimeField(_("last news"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("begun"))

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(
                fields=["fulfillment_order"], condition=Q(status="packing"), name="one_open_parcel_per_work"
            ),
            models.UniqueConstraint(
                fields=["fulfillment_order", "sender_reference"], condition=~Q(sender_reference=""),
                name="partners_parcel_left_once",
            ),
            models.CheckConstraint(
                name="parcel_left_with_somebody",
                condition=Q(status__in=["packing", "packed", "unpacked"])
                | (~Q(carrier="") & (Q(status="labelled") | Q(handed_over_at__isnull=False))),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["tracking_number"], name="parcel_tracking", condition=~Q(tracking_number="")),
            models.Index(fields=["fulfillment_order", "status"], name="parcel_of_work"),
            models.Index(
                fields=["deliver_by"], name="parcel_on_the_way", condition=Q(status__in=["handed_over", "in_transit"])
            ),
            models.Index(
                fields=["fulfillment_order"], name="parcel_in_house",
                condition=Q(status__in=["packing", "packed", "labelled"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def order(self) -> Order:
        return self.fulfillment_order.order

    def is_late(self, now: datetime) -> bool:
        return self.status in ON_THE_WAY and self.deliver_by is not None and self.deliver_by < now

    @property
    def size(self) -> tuple[int, int, int] | None:
        """Outer length, width and height in mm, where they are known."""
        if self.length_mm is None or self.width_mm is None or self.height_mm is None:
            return None
        return self.length_mm, self.width_mm, self.height_mm


IN_HOUSE = (Shipment.Status.PACKING, Shipment.Status.PACKED, Shipment.Status.LABELLED)
ON_THE_WAY = (Shipment.Status.HANDED_OVER, Shipment.Status.IN_TRANSIT)
LEFT = (*ON_THE_WAY, Shipment.Status.DELIVERED, Shipment.Status.LOST, Shipment.Status.RETURNED)


class ShipmentLine(models.Model):
    """Units of one line of the work in this parcel."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, verbose_name=_("parcel"), related_name="lines")
    fulfillment_line = models.ForeignKey(
        FulfillmentLine, models.PROTECT, verbose_name=_("line"), related_name="shipment_lines"
    )
    quantity = models.PositiveIntegerField(_("units"))

    class Meta:
        verbose_name = _("parcel line")
        verbose_name_plural = _("parcel lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "fulfillment_line"], name="one_parcel_line_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.fulfillment_line_id}"


class PackScan(models.Model):
    """One scan at the packing table, kept with the key that the device gave it: sent twice it counts once."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, verbose_name=_("parcel"), related_name="scans")
    fulfillment_line = models.ForeignKey(FulfillmentLine, models.PROTECT, verbose_name=_("line"), related_name="+")
    key = models.CharField(_("key"), max_length=64)
    code = models.CharField(_("code"), max_length=100)
    quantity = models.IntegerField(_("units"))
    scanned_at = models.DateTimeField(_("scanned"))
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("packing scan")
        verbose_name_plural = _("packing scans")
        constraints = [models.UniqueConstraint(fields=["shipment", "key"], name="each_packing_scan_counts_once")]

    def __str__(self) -> str:
        return self.code
