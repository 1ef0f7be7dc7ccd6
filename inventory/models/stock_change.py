"""The changes feed: which shelves changed, under numbers without gaps.

A trigger on the stock levels writes `ShelfNews` in the transaction that changes a shelf, whoever changes it. Ids become
visible out of commit order, so that no reader may keep its place by them: after commit one process at a time turns news
into `StockChange` rows with a number (inventory/operations/number_changes.py). A reader that keeps the last number it
has seen misses nothing, and a shelf that changed ten times meanwhile stands there once.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.location import Location
from inventory.models.product import Variant

# Upper ends in seconds, from the transaction that changed a shelf to the number that channels read.
STEPS = (0.1, 0.25, 0.5, 1.0, 5.0, 60.0)


class ShelfNews(models.Model):
    """A shelf changed and nobody was told yet: what it could give before and after, by its location's own number."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    was = models.IntegerField()
    becomes = models.IntegerField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("news of a shelf")
        verbose_name_plural = _("news of shelves")
        # The next one of a shelf, for kits. All have an id above 0: who takes the oldest does not say so, and cannot be
        # misled into walking this index from shelf to shelf while the table's statistics say that it is empty.
        indexes = [models.Index(fields=["variant", "location", "id"], name="news_of_shelf", condition=Q(id__gt=0))]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}"


class StockChange(models.Model):
    """A shelf changed; what it holds now is read from the shelf itself."""

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    made_at = models.DateTimeField(_("changed"))
    numbered_at = models.DateTimeField(_("told"), db_default=Now())

    class Meta:
        verbose_name = _("stock change")
        verbose_name_plural = _("stock changes")

    def __str__(self) -> str:
        return f"#{self.sequence}"


class ChangeLag(models.Model):
    """How long it took from a movement's transaction to its number in the feed, hour by hour and source by source."""

    hour = models.DateTimeField(_("hour"))
    source = models.CharField(_("source"), max_length=100, help_text=_("Empty: our own screens and orders."))
    step = models.PositiveSmallIntegerField(_("step"), help_text=_("How many of the upper ends it passed."))
    changes = models.PositiveBigIntegerField(_("changes"))

    class Meta:
        verbose_name = _("lag of changes")
        verbose_name_plural = _("lags of changes")
        constraints = [
            models.UniqueConstraint(fields=["hour", "source", "step"], name="change_lag_once"),
            models.CheckConstraint(name="change_lag_step", condition=Q(step__lte=len(STEPS))),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.hour:%Y-%m-%d %H}h"
