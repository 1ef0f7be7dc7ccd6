"""Work given to one location: the units of one order that it shall hand over or ship."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, Min, OuterRef, Prefetch, Q, Subquery, Sum, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from inventory.models import Location, StockLevel, Transfer, Variant
from inventory.models.shelf import shelf_of
from omni.core.states import Stateful
from orders.models.order import Order
from orders.models.order_line import Method, OrderLine


class ConcatWS(Func):
    """The parts as one text; NULL leaves no trace."""

    function = "concat_ws"
    output_field = models.TextField()

    def __init__(self, *parts: str) -> None:
        super().__init__(Value(" "), *parts)


class FulfillmentOrderQuerySet(models.QuerySet["FulfillmentOrder"]):
    def lock(self, number: str) -> "FulfillmentOrder":
        """The fulfillment order, locked after its order (lock order of the house)."""
        order_id = self.filter(number=number).values("order_id")
        Order.objects.select_for_update().get(pk__in=order_id)
        return self.select_for_update(of=("self",)).select_related("order", "location").get(number=number)

    def at(self, location) -> "FulfillmentOrderQuerySet":
        return self.filter(location=location)

    def due_for_release(self, now) -> "FulfillmentOrderQuerySet":
        return self.filter(status=Status.PLANNED, release_at__lte=now, order__hold="").order_by("due_at", "pk")

    def coming(self) -> "FulfillmentOrderQuerySet":
        """Parcels that later waves will bring, the first wave first."""
        planned = self.filter(status=Status.PLANNED, method=Method.SHIP, order__hold="")
        return planned.order_by("release_at", "due_at", "pk")

    def movable(self) -> "FulfillmentOrderQuerySet":
        """Parcels that no location knows of yet: their promise may move to another shelf."""
        return self.filter(
            status=Status.PLANNED, method=Method.SHIP, released_at=None, order__hold="", transfer=None
        ).exclude(location__kind=Location.Kind.DROPSHIP)

    def queue(self) -> "FulfillmentOrderQuerySet":
        """What a store's people can work on now, oldest promise first."""
        return self.filter(status__in=IN_QUEUE).order_by("due_at", "pk")

    def to_ship(self) -> "FulfillmentOrderQuerySet":
        """Packed and on a shelf until the carrier comes, the first to leave first."""
        return self.filter(status=Status.STAGED, method=Method.SHIP).order_by("due_at", "pk")

    def to_pack(self) -> "FulfillmentOrderQuerySet":
        """Picked into a tote and not wholly in parcels yet."""
        loose = FulfillmentLine.objects.filter(
            fulfillment_order=OuterRef("pk"), picked_quantity__gt=F("packed_quantity")
        )
        packing = Q(shipments__status="packing")
        return self.to_ship().filter(
            Exists(loose) | Exists(self.model._default_manager.filter(packing, pk=OuterRef("pk")))
        )

    def urgent(self, until) -> "FulfillmentOrderQuerySet":
        """What nobody picks yet and is due by then."""
        return self.filter(status__in=FREE, due_at__lte=until)

    def of_partners(self) -> "FulfillmentOrderQuerySet":
        """Parcels that reached a dropship vendor, open or over; what is only planned is not told yet."""
        theirs = self.filter(location__kind=Location.Kind.DROPSHIP, method=Method.SHIP)
        return theirs.filter(released_at__isnull=False)

    def offered(self) -> "FulfillmentOrderQuerySet":
        """Parcels that a store was asked about and has not accepted, the shortest time to answer first."""
        return self.filter(status=Status.RELEASED, confirm_by__isnull=False, timed_out_at=None).order_by(
            "confirm_by", "pk"
        )

    def timed_out(self, now) -> "FulfillmentOrderQuerySet":
        """Offers of stores whose time is over and that nobody has dealt with."""
        return self.offered().filter(confirm_by__lte=now, location__kind=Location.Kind.STORE)

    def missed(self, now) -> "FulfillmentOrderQuerySet":
        """Parcels whose carrier has left without them, not yet told to anybody."""
        return self.filter(
            status__in=OPEN, method=Method.SHIP, cutoff_at__lte=now, missed_at=None, order__hold=""
        ).order_by("cutoff_at", "pk")

    def state(self, now) -> dict:
        """Of the queue: how many of what, and a `mark` that changes with anything its rows show. One query."""
        shown = ConcatWS("pk", "status", "due_at", "timed_out_at", "order__updated_at", "pick_list__picker_id")
        soon = now + timedelta(hours=1)
        return self.order_by().aggregate(
            total=Count("pk"),
            free=Count("pk", filter=Q(status__in=FREE)),
            offered=Count("pk", filter=OFFERED),
            answer_by=Min("confirm_by", filter=OFFERED),
            pickup=Count("pk", filter=Q(method=Method.PICKUP)),
            ship=Count("pk", filter=Q(method=Method.SHIP)),
            late=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lte=soon)),
            urgent=Count("pk", filter=Q(status__in=FREE, due_at__lte=soon)),
            oldest=Min("due_at"),
            mark=Sum(Func(shown, function="hashtext", output_field=models.BigIntegerField()), default=0),
        )

    def as_cards(self) -> "FulfillmentOrderQuerySet":
        """With what a queue shows of each: units, aisles, pictures, customer and who has it; however long the order."""
        lines = FulfillmentLine.objects.filter(fulfillment_order=OuterRef("pk"))
        wanted = F("quantity") - F("short_quantity") - F("cancelled_quantity")
        variants = FulfillmentLine.objects.filter(fulfillment_order=OuterRef(OuterRef("pk"))).values("variant")
        shelves = StockLevel.objects.filter(location=OuterRef("location_id"), variant__in=variants).exclude(aisle="")
        return self.select_related("order", "location", "pick_list__picker").annotate(
            card_units=Subquery(lines.order_by().values("fulfillment_order").annotate(n=Sum(wanted)).values("n")),
            card_aisles=ArraySubquery(shelves.order_by("aisle").values("aisle").distinct()),
            card_items=ArraySubquery(
                lines.order_by("pk").values(
                    item=JSONObject(
                        title="variant__product__title",
                        options="variant__options",
                        category="variant__product__category",
                    )
                )[:4]
            ),
        )

    def waiting_for_collection(self) -> "FulfillmentOrderQuerySet":
        return self.filter(status=Status.STAGED, method=Method.PICKUP).order_by("staged_at", "pk")

    def open_pickups(self) -> "FulfillmentOrderQuerySet":
        """Pickups that their customer may still come for: ready ones first, then by what was promised."""
        ready_first = Case(When(status=Status.STAGED, then=0), default=1)
        return self.filter(method=Method.PICKUP, status__in=OPEN).order_by(ready_first, "due_at", "pk")

    def for_desk(self) -> "FulfillmentOrderQuerySet":
        """With what the pickup desk says about it."""
        return self.select_related("order", "location", "pick_list__picker").with_units()

    def for_hand_over(self) -> "FulfillmentOrderQuerySet":
        """With everything the hand-over page shows."""
        lines = FulfillmentLine.objects.select_related("order_line", "variant__product").order_by("pk")
        return self.select_related("order", "location", "pick_list__picker").prefetch_related(
            Prefetch("lines", queryset=lines), "hand_overs"
        )

    def with_units(self) -> "FulfillmentOrderQuerySet":
        open_units = F("lines__quantity") - F("lines__short_quantity") - F("lines__cancelled_quantity")
        return self.annotate(unit_count=Sum(open_units - F("lines__issued_quantity"), default=0))


class Status(models.TextChoices):
    AWAITING = "awaiting", _("On its way to the store")
    PLANNED = "planned", _("Planned")
    RELEASED = "released", _("Released")
    ACCEPTED = "accepted", _("Accepted")
    PICKING = "picking", _("Picking")
    STAGED = "staged", _("Staged")
    HANDED_OVER = "handed_over", _("Handed over")
    SHIPPED = "shipped", _("Shipped")
    DECLINED = "declined", _("Declined")
    SHORT = "short", _("Nothing found")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Not collected")


FREE = (Status.RELEASED, Status.ACCEPTED)  # in a store's queue, and nobody picks it yet
IN_QUEUE = (*FREE, Status.PICKING)
OFFERED = Q(status=Status.RELEASED, confirm_by__isnull=False, timed_out_at=None)
OPEN = (Status.AWAITING, Status.PLANNED, Status.RELEASED, Status.ACCEPTED, Status.PICKING, Status.STAGED)


class FulfillmentOrder(Stateful, models.Model):
    Status = Status
    MOVES = {
        Status.AWAITING: {Status.PLANNED, Status.CANCELLED, Status.DECLINED},
        # Planned stays planned where its promise moves to another location.
        Status.PLANNED: {Status.PLANNED, Status.RELEASED, Status.CANCELLED, Status.DECLINED, Status.HANDED_OVER},
        Status.RELEASED: {Status.PLANNED, Status.ACCEPTED, Status.PICKING, Status.DECLINED, Status.CANCELLED},
        Status.ACCEPTED: {
            Status.PLANNED,
            Status.RELEASED,
            Status.PICKING,
            Status.SHIPPED,
            Status.DECLINED,
            Status.CANCELLED,
        },
        Status.PICKING: {
            Status.RELEASED,
            Status.ACCEPTED,
            Status.STAGED,
            Status.SHORT,
            Status.CANCELLED,
            Status.DECLINED,
        },
        Status.STAGED: {Status.HANDED_OVER, Status.SHIPPED, Status.EXPIRED, Status.CANCELLED},
        Status.HANDED_OVER: {Status.STAGED},
    }

    number = models.CharField(_("number"), max_length=40, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, verbose_name=_("order"), related_name="fulfillment_orders")
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    transfer = models.OneToOneField(
        Transfer, models.PROTECT, verbose_name=_("transfer"), null=True, blank=True, related_name="+",
        help_text=_("Brings the units of a pickup to its store."),
    )  # fmt: skip
    due_at = models.DateTimeField(_("due"), help_text=_("Pickup: ready by. Ship: begun by."))
    cutoff_at = models.DateTimeField(_("carrier leaves"), null=True, blank=True)
    release_at = models.DateTimeField(_("release at"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    confirm_by = models.DateTimeField(
        _("accept by"), null=True, blank=True, help_text=_("Parcels are offered: who does not accept loses them.")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    timed_out_at = models.DateTimeField(_("not accepted in time"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed the carrier"), null=True, blank=True)
    capacity_day = models.DateField(_("capacity day"), null=True, blank=True)
    pick_list = models.ForeignKey(
        "orders.PickList", models.PROTECT, verbose_name=_("pick list"), null=True, blank=True,
        related_name="fulfillment_orders",
    )  # fmt: skip
    tote_number = models.PositiveSmallIntegerField(_("place on the cart"), null=True, blank=True)
    tote_label = models.CharField(_("label of the tote"), max_length=20, blank=True)
    shelf_code = models.CharField(_("staging shelf"), max_length=20, blank=True)
    staged_at = models.DateTimeField(_("staged"), null=True, blank=True)
    collect_by = models.DateTimeField(_("collect by"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    last_day_told_at = models.DateTimeField(_("told of the last day"), null=True, blank=True)
    delay_told_at = models.DateTimeField(_("told of the delay"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_reason = models.CharField(_("why it closed"), max_length=200, blank=True)
    stop_notice = models.CharField(
        _("stop notice"), max_length=300, blank=True, help_text=_("Shown to the picker at the next scan.")
    )
    tracking_carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=100, blank=True)

    objects = FulfillmentOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulfillment order")
        verbose_name_plural = _("fulfillment orders")
        indexes = [
            models.Index(
                fields=["location", "due_at", "id"], name="fulfillment_queue",
                condition=Q(status__in=["released", "accepted", "picking"]),
            ),
            models.Index(fields=["release_at"], name="fulfillment_to_release", condition=Q(status="planned")),
            models.Index(fields=["location", "staged_at"], name="fulfillment_staged", condition=Q(status="staged")),
            models.Index(fields=["collect_by"], name="fulfillment_collect_by", condition=Q(status="staged")),
            models.Index(fields=["confirm_by"], name="fulfillment_confirm_by", condition=Q(status="released")),
            models.Index(fields=["location", "status"], name="fulfillment_location_status"),
            models.Index(fields=["location", "due_at"], name="fulfillment_day"),
            models.Index(
                fields=["due_at"], name="fulfillment_delayed",
                condition=Q(
                    method="pickup", delay_told_at=None, status__in=["awaiting", "released", "accepted", "picking"]
                ),
            ),
            models.Index(
                fields=["location", "closed_at"], name="fulfillment_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["cutoff_at"], name="fulfillment_to_miss",
                condition=Q(missed_at=None, status__in=["planned", "released", "accepted", "picking", "staged"]),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["pick_list", "tote_number"], name="one_place_on_the_cart_per_order"),
            models.UniqueConstraint(
                fields=["location", "tote_label"], name="one_order_per_tote",
                condition=~Q(tote_label="") & Q(status__in=["picking", "staged"]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def tote(self) -> str:
        """What it is picked into: the label of a real tote, else its place on the cart, else nothing."""
        return self.tote_label or (f"T{self.tote_number}" if self.tote_number else "")

    @property
    def is_offered(self) -> bool:
        """Its location was asked and has not answered."""
        return self.status == Status.RELEASED and self.confirm_by is not None and self.timed_out_at is None


class FulfillmentLineQuerySet(models.QuerySet["FulfillmentLine"]):
    def on_walk(self, pick_list) -> "FulfillmentLineQuerySet":
        """The lines of a pick list, with their item and the `aisle` and `bin` where it lies."""
        return (
            self.filter(fulfillment_order__pick_list=pick_list)
            .select_related("fulfillment_order__order", "order_line__kit", "variant__product")
            .prefetch_related("variant__barcodes")
            .annotate(**shelf_of(location="fulfillment_order__location_id"))
            .order_by("fulfillment_order__due_at", "pk")
        )

    def due_between(self, location, start, end) -> "FulfillmentLineQuerySet":
        """The lines of a location's queue that are due in that time, with their `aisle`."""
        return self.filter(
            fulfillment_order__location=location, fulfillment_order__due_at__gte=start,
            fulfillment_order__due_at__lte=end, fulfillment_order__status__in=IN_QUEUE,
        ).annotate(**shelf_of(location="fulfillment_order__location_id"))  # fmt: skip


class FulfillmentLine(models.Model):
    """Units of one order line in this work. Open = quantity - short - cancelled - issued, and is what is reserved."""

    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="lines"
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, verbose_name=_("order line"), related_name="fulfillment_lines"
    )
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("wanted"))
    picked_quantity = models.PositiveIntegerField(_("picked"), default=0)
    short_quantity = models.PositiveIntegerField(_("short"), default=0)
    cancelled_quantity = models.PositiveIntegerField(_("cancelled"), default=0)
    packed_quantity = models.PositiveIntegerField(
        _("in parcels"), default=0, help_text=_("Units in parcels, gone or still here; of work that is shipped.")
    )
    issued_quantity = models.PositiveIntegerField(_("handed over or shipped"), default=0)

    objects = FulfillmentLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulfillment line")
        verbose_name_plural = _("fulfillment lines")
        constraints = [
            models.CheckConstraint(
                name="fulfillment_line_conserves_units",
                condition=Q(
                    quantity__gte=F("picked_quantity") + F("short_quantity") + F("cancelled_quantity"),
                    quantity__gt=0,
                ),
            ),
            models.CheckConstraint(name="issued_was_picked", condition=Q(issued_quantity__lte=F("picked_quantity"))),
            models.CheckConstraint(name="packed_was_picked", condition=Q(packed_quantity__lte=F("picked_quantity"))),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"

    @property
    def demand_key(self) -> str:
        return f"fulfillment-line:{self.pk}"

    @property
    def wanted_quantity(self) -> int:
        """Units to pick in all: neither short nor cancelled."""
        return self.quantity - self.short_quantity - self.cancelled_quantity

    @property
    def to_pick_quantity(self) -> int:
        return self.wanted_quantity - self.picked_quantity

    @property
    def open_quantity(self) -> int:
        """Units promised and still here."""
        return self.wanted_quantity - self.issued_quantity

    @property
    def to_pack_quantity(self) -> int:
        """Units in the tote that are in no parcel yet."""
        return self.picked_quantity - self.packed_quantity

    @property
    def in_staging_quantity(self) -> int:
        return self.picked_quantity - self.issued_quantity
