"""How many units of a shelf people buy on a day: learned each night, read by routing; a shelf that sold nothing has no
row."""

from collections.abc import Collection

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant

PACKED = """
SELECT variant_id, string_agg(int8send(location_id) || float8send(daily_rate), ''::bytea)
  FROM inventory_salesrate WHERE variant_id = ANY(%s::bigint[]) GROUP BY 1
"""


class SalesRateManager(models.Manager["SalesRate"]):
    def packed(self, variants: Collection[int]) -> list[tuple[int, bytes]]:
        """All shelves of many variants that sold anything, 16 bytes each: (location, units a day), most significant
        byte first."""
        with connection.cursor() as cursor:
            cursor.execute(PACKED, [list(variants)])
            return cursor.fetchall()


class SalesRate(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    units = models.PositiveIntegerField(_("units sold"), help_text=_("In the days looked at."))
    daily_rate = models.FloatField(_("units a day"))
    learned_at = models.DateTimeField(_("learned"))

    objects = SalesRateManager()

    class Meta:
        verbose_name = _("sales rate")
        verbose_name_plural = _("sales rates")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location"], name="one_sales_rate_per_shelf"),
            models.CheckConstraint(name="sales_rate_of_something", condition=Q(units__gt=0, daily_rate__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}: {self.daily_rate:.2f}"
