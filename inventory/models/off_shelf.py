"""When pickers took units off a shelf or laid them back: what a count of that moment must know.

That such units left the building, or wait to be put back, stands in their closed reservation and in the ledger.
"""

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant

# The promise and the note of the moment in one statement, since every scan of a picker makes it.
TAKE = """
WITH taken AS (
    UPDATE inventory_reservation SET off_shelf_quantity = off_shelf_quantity + %(q)s
     WHERE demand_key = %(key)s AND status = 'held' RETURNING variant_id, location_id
)
INSERT INTO inventory_offshelf (variant_id, location_id, quantity, at, is_pick)
SELECT variant_id, location_id, %(q)s, %(at)s, true FROM taken RETURNING variant_id, location_id
"""


class OffShelfQuerySet(models.QuerySet["OffShelf"]):
    def take(self, *, demand_key: str, quantity: int, at) -> list[tuple[int, int]]:
        """Units of one promise into a picker's hands (negative: back); the shelves, none where nothing is promised."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"key": demand_key, "q": quantity, "at": at})
            return cursor.fetchall()


class OffShelf(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    quantity = models.IntegerField(_("quantity"), help_text=_("Units into somebody’s hands; negative: laid back."))
    at = models.DateTimeField(_("at"))
    is_pick = models.BooleanField(
        _("picked"), default=False, help_text=_("From its shelf, or back there; not handed on or taken back.")
    )

    objects = OffShelfQuerySet.as_manager()

    class Meta:
        verbose_name = _("units taken off a shelf")
        verbose_name_plural = _("units taken off shelves")
        constraints = [models.CheckConstraint(name="off_shelf_of_something", condition=~Q(quantity=0))]
        indexes = [
            models.Index(fields=["variant", "location", "at"], name="off_shelf_of_shelf"),
            models.Index(fields=["at"], name="off_shelf_at"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}: {self.quantity:+d}"
