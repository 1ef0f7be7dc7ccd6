"""The ledger: why every unit is where it is. Insert-only (a trigger refuses the rest), partitioned by month."""

from collections.abc import Sequence

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.held import Bucket
from inventory.models.location import Location
from inventory.models.product import Variant

# One statement and one array per column: a feed or an opening stock books tens of thousands of rows.
RECORD = """
INSERT INTO inventory_stockmovement (variant_id, location_id, bucket, kind, quantity, on_hand_after, cause, reason,
                                     actor, source, source_event_id, occurred_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[], %s::text[], %s::text[],
                     %s::text[], %s::text[], %s::text[], %s::timestamptz[])
"""
COLUMNS = (
    "variant_id", "location_id", "bucket", "kind", "quantity", "on_hand_after", "cause", "reason", "actor", "source",
    "source_event_id", "occurred_at",
)  # fmt: skip


# What changed the book without a sale, a receipt or a move: found, missing or thrown away.
UNEXPLAINED = ("count", "adjust", "reconcile", "dispose")


class StockMovementQuerySet(models.QuerySet["StockMovement"]):
    def record(self, rows: Sequence["StockMovement"]) -> None:
        """Add rows to the ledger, in their order."""
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.execute(RECORD, [[getattr(row, name) for row in rows] for name in COLUMNS])


class StockMovement(models.Model):
    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening stock")
        RECEIPT = "receipt", _("Receipt")
        POS_SALE = "pos_sale", _("Till sale")
        POS_RETURN = "pos_return", _("Till return")
        SHIP = "ship", _("Shipped")
        PICKUP = "pickup", _("Picked up")
        CARRY_OUT = "carry_out", _("Carried out")
        TRANSFER_OUT = "transfer_out", _("Transfer out")
        TRANSFER_IN = "transfer_in", _("Transfer in")
        RETURN_RESTOCK = "return_restock", _("Return restocked")
        RETURN_HELD = "return_held", _("Return held apart")
        REGRADE = "regrade", _("Return graded anew")
        DISPOSE = "dispose", _("Disposed of")
        COUNT = "count", _("Count")
        ADJUST = "adjust", _("Adjustment")
        RECONCILE = "reconcile", _("Reconciled with a source")
        DAMAGE = "damage", _("Damaged")
        SET_ASIDE = "set_aside", _("Set aside")
        PUT_BACK = "put_back", _("Put back")
        REPAIR = "repair", _("Repair of drift")

    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    bucket = models.CharField(
        _("bucket"), max_length=20, choices=Bucket, blank=True, help_text=_("Empty: sellable units.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    quantity = models.IntegerField(_("quantity"), help_text=_("Signed units."))
    on_hand_after = models.IntegerField(_("in the bucket afterwards"))
    cause = models.CharField(_("cause"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor = models.CharField(_("by"), max_length=150)
    source = models.CharField(_("source"), max_length=100, blank=True)
    source_event_id = models.CharField(_("event id at the source"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = StockMovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [models.CheckConstraint(name="movement_of_something", condition=~Q(quantity=0))]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+d}"
