"""What a shopper wants while an associate serves them: lines of every method, kept for some minutes by one hold."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q, Sum
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from inventory.models import Hold, KitComponent, Location, Variant
from orders.models.hand_over import HandOver
from orders.models.order import Order
from orders.models.order_line import Method


class BasketQuerySet(models.QuerySet["Basket"]):
    def at(self, location) -> "BasketQuerySet":
        return self.filter(location=location)

    def alive(self) -> "BasketQuerySet":
        return self.filter(status__in=[Basket.Status.OPEN, Basket.Status.PARKED])

    def open_of(self, user, location) -> "BasketQuerySet":
        """The one basket that this person serves at this store, on whichever device."""
        return self.filter(status=Basket.Status.OPEN, associate=user, location=location)

    def waiting_at(self, location) -> "BasketQuerySet":
        """Parked ones first, the longest waiting first; then those somebody serves."""
        return self.at(location).alive().order_by("-status", "updated_at")

    def lock(self, pk) -> "Basket":
        """The basket, locked; the first lock of every act on it."""
        return self.select_for_update(of=("self",)).select_related("location", "hold").get(pk=pk)

    def with_units(self) -> "BasketQuerySet":
        return self.annotate(unit_count=Sum("lines__quantity", default=0))


class Basket(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PARKED = "parked", _("Parked")
        PLACED = "placed", _("Placed")
        DROPPED = "dropped", _("Given up")

    id = models.UUIDField(_("id"), primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("sold at"), related_name="+")
    associate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("associate"), related_name="+", db_index=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(
        _("version"), default=0, help_text=_("Rises with each change: two devices never write over each other.")
    )
    recent_keys = models.JSONField(
        _("recent keys"), default=list, blank=True, help_text=_("Of presses that were counted: each counts once.")
    )
    line_count = models.PositiveIntegerField(_("lines so far"), default=0)
    hold = models.OneToOneField(
        Hold, models.PROTECT, verbose_name=_("hold"), null=True, blank=True, related_name="+"
    )  # fmt: skip
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="+"
    )
    contact_name = models.CharField(_("name"), max_length=200, blank=True)
    contact_email = models.CharField(_("e-mail"), max_length=254, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    shipping_address = models.JSONField(_("shipping address"), null=True, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="basket"
    )
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("To know a parked basket by."))
    age_over = models.PositiveSmallIntegerField(
        _("older than"), null=True, blank=True, help_text=_("The age that was checked; nobody's date of birth is kept.")
    )
    age_check = models.CharField(_("age checked by"), max_length=10, choices=HandOver.Age, blank=True)
    created_at = models.DateTimeField(_("begun"))
    updated_at = models.DateTimeField(_("changed"))

    objects = BasketQuerySet.as_manager()

    class Meta:
        verbose_name = _("basket")
        verbose_name_plural = _("baskets")
        constraints = [
            models.UniqueConstraint(
                fields=["associate", "location"], condition=Q(status="open"), name="one_open_basket_per_associate"
            ),
            models.CheckConstraint(
                name="placed_basket_has_its_order",
                condition=Q(status="placed", order__isnull=False) | ~Q(status="placed") & Q(order=None),
            ),
            models.CheckConstraint(
                name="basket_age_was_checked",
                condition=Q(age_over=None, age_check="") | Q(age_over__isnull=False, age_over__gt=0) & ~Q(age_check=""),
            ),
        ]
        indexes = [
            models.Index(fields=["location", "updated_at"], name="basket_alive",
                         condition=Q(status__in=["open", "parked"])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.note or self.contact_name or str(self.pk)

    @property
    def owner(self) -> str:
        """Under which name inventory keeps its hold."""
        return f"basket:{self.pk}"


class BasketLineQuerySet(models.QuerySet["BasketLine"]):
    def with_parts(self) -> "BasketLineQuerySet":
        """With all that a line is, what kits are made of and the pieces that were scanned."""
        parts = Prefetch("variant__components", KitComponent.objects.select_related("component__product"))
        return self.select_related("variant__product", "location").prefetch_related("pieces", parts)


class BasketLine(models.Model):
    basket = models.ForeignKey(Basket, models.CASCADE, verbose_name=_("basket"), related_name="lines", db_index=False)
    position = models.PositiveIntegerField(_("position"))
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    method = models.CharField(_("method"), max_length=10, choices=Method)
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("at"), null=True, blank=True, related_name="+", db_index=False,
        help_text=_("Where it is carried out or picked up; a line that is shipped has none."),
    )  # fmt: skip
    is_later = models.BooleanField(
        _("from a supplier"), default=False,
        help_text=_("Not here yet: promised when it is paid, kept by nobody before."),
    )  # fmt: skip

    objects = BasketLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("basket line")
        verbose_name_plural = _("basket lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "position"], name="one_basket_line_per_position"),
            models.UniqueConstraint(
                fields=["basket", "variant", "method", "location", "is_later"], name="each_want_once_per_basket",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="basket_line_of_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="nothing_is_carried_out_later", condition=Q(is_later=False) | ~Q(method="carry_out")
            ),
            models.CheckConstraint(
                name="basket_line_has_its_place",
                condition=Q(method__in=["pickup", "carry_out"], location__isnull=False)
                | Q(method="ship", location=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"

    @property
    def is_kit(self) -> bool:
        return bool(self.variant.components.all())

    @property
    def parts(self) -> list[tuple[Variant, int]]:
        """What lies on shelves, with the units in each: the parts of a kit, else the item itself."""
        return [(row.component, row.quantity) for row in self.variant.components.all()] or [(self.variant, 1)]

    @property
    def serials(self) -> list[str]:
        """Of the pieces that were scanned, part by part."""
        pieces = list(self.pieces.all())
        return [piece.serial for item, _units in self.parts for piece in pieces if piece.variant_id == item.pk]


class BasketPiece(models.Model):
    """The very piece in the shopper's hands: a serial-tracked item leaves with its number, or not at all."""

    line = models.ForeignKey(BasketLine, models.CASCADE, verbose_name=_("basket line"), related_name="pieces")
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    serial = models.CharField(_("serial number"), max_length=100)
    scanned_at = models.DateTimeField(_("scanned"))

    class Meta:
        verbose_name = _("piece in a basket")
        verbose_name_plural = _("pieces in baskets")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["variant", "serial"], name="piece_is_in_one_basket")]

    def __str__(self) -> str:
        return self.serial
