"""Orders may be taken from what suppliers will bring: for which items, how many, and to whom it is promised."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.product import Variant
from inventory.models.purchase_order import PurchaseOrderLine


class SupplyTerm(models.Model):
    """What HQ lets be sold before it is here: an item, or all of a category that have no term of their own."""

    class Kind(models.TextChoices):
        BACKORDER = "backorder", _("Backorder: sold before, and it comes again")
        PREORDER = "preorder", _("Preorder: it comes for the first time")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.BACKORDER)
    variant = models.ForeignKey(
        Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", null=True, blank=True,
        help_text=_("Empty: every item of the category."),
    )  # fmt: skip
    category = models.CharField(
        _("category"), max_length=200, blank=True,
        help_text=_("A path such as Apparel > Shirts, and all below it. Empty: everything."),
    )  # fmt: skip
    most_units = models.PositiveIntegerField(
        _("at most"), null=True, blank=True,
        help_text=_("Of each item, promised and not yet here. Empty: all that comes."),
    )  # fmt: skip
    extra_days = models.PositiveSmallIntegerField(
        _("days to put away"), default=1, help_text=_("Added to the day on which the supplier should come.")
    )
    street_on = models.DateField(
        _("street date"), null=True, blank=True,
        help_text=_("Of a preorder: nobody gets it before this day, even where it lies on the shelf."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("backorder or preorder")
        verbose_name_plural = _("backorders and preorders")
        constraints = [
            models.UniqueConstraint(
                fields=["variant"], condition=Q(is_active=True, variant__isnull=False), name="one_term_per_variant"
            ),
            models.UniqueConstraint(
                fields=["category"], condition=Q(is_active=True, variant=None), name="one_term_per_category"
            ),
            models.CheckConstraint(name="term_of_item_or_category", condition=Q(variant=None) | Q(category="")),
            models.CheckConstraint(
                name="street_date_of_one_preorder",
                condition=Q(street_on=None) | Q(kind="preorder", variant__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["variant"], name="term_with_street_date", condition=Q(is_active=True, street_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.variant.sku if self.variant else self.category or '*'}"


class SupplyPromiseQuerySet(models.QuerySet["SupplyPromise"]):
    def waiting(self) -> "SupplyPromiseQuerySet":
        """What waits for a supplier, the oldest promise first."""
        return self.filter(status=SupplyPromise.Status.WAITING).order_by("promised_on", "created_at", "pk")

    def kept(self) -> "SupplyPromiseQuerySet":
        """What arrived and its order has not taken yet, the oldest promise first."""
        return self.filter(status=SupplyPromise.Status.ARRIVED).order_by("promised_on", "created_at", "pk")


class SupplyPromise(models.Model):
    """Units of a purchase order's line that somebody will get; the demand's key is opaque here (`order-line:123`)."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits for the supplier")
        ARRIVED = "arrived", _("Arrived: kept on the shelf for it")
        TAKEN = "taken", _("Taken over by the order")
        RELEASED = "released", _("Released")
        LOST = "lost", _("The supply does not come")

    OPEN = (Status.WAITING, Status.ARRIVED)

    order_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, verbose_name=_("line of the order"), related_name="promises"
    )
    demand_key = models.CharField(_("demand"), max_length=64, db_index=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    promised_on = models.DateField(_("promised"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = SupplyPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise from supply")
        verbose_name_plural = _("promises from supply")
        constraints = [models.CheckConstraint(name="supply_promise_of_something", condition=Q(quantity__gt=0))]
        indexes = [
            models.Index(fields=["promised_on", "id"], name="supply_promise_waiting", condition=Q(status="waiting")),
            models.Index(fields=["promised_on", "id"], name="supply_promise_arrived", condition=Q(status="arrived")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} · {self.demand_key}"

    @property
    def shelf_key(self) -> str:
        """Under which its units are kept on the shelf from their arrival until the order takes them."""
        return f"supply-promise:{self.pk}"
