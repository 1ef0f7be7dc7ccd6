"""What somebody corrected: units that go from one place of a store's book to another, and who answers for it.

A place is the shelf, one of the buckets, or "away": out of the book, or not in it yet. Each adjustment has exactly its
movements in the ledger; taken back within some minutes it has their opposites too.
"""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.held import Bucket
from inventory.models.location import Location
from inventory.models.product import Variant
from inventory.models.reason import ReasonCode

SHELF, AWAY = "shelf", "away"
PLACES = [(SHELF, _("Shelf")), (AWAY, _("Not in the book")), *Bucket.choices]
# The buckets that people at a store fill and empty; the others belong to tasks and returns.
BY_HAND = (Bucket.DAMAGED, Bucket.INSPECTION, Bucket.VENDOR, Bucket.DISPLAY)


def new_key() -> str:
    return uuid.uuid4().hex


class Adjustment(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, models.PROTECT, verbose_name=_("location"), related_name="adjustments", db_index=False
    )
    source = models.CharField(_("from"), max_length=20, choices=PLACES)
    target = models.CharField(_("to"), max_length=20, choices=PLACES)
    quantity = models.PositiveIntegerField(_("units"))
    value = models.DecimalField(_("value at cost"), max_digits=14, decimal_places=4, default=Decimal(0))
    reason = models.ForeignKey(
        ReasonCode, models.PROTECT, verbose_name=_("reason"), related_name="+", null=True, blank=True, db_index=False
    )
    note = models.CharField(_("note"), max_length=150, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.CharField(_("by"), max_length=150)
    # Whose daily limit it counts against: who approved it, else who made it; nobody's where a machine did.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("answers for it"), related_name="+", null=True,
        db_index=False,
    )  # fmt: skip
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"), related_name="+", null=True, db_index=False
    )
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.CharField(_("taken back by"), max_length=150, blank=True)
    key = models.CharField(_("key"), max_length=64, unique=True, default=new_key, editable=False)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.CheckConstraint(name="adjustment_of_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="adjustment_goes_somewhere", condition=~Q(source=F("target"))),
            models.CheckConstraint(name="adjustment_value_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="adjustment_says_why", condition=Q(reason__isnull=False) | ~(Q(source="away") | Q(target="away"))
            ),
        ]
        indexes = [
            models.Index(fields=["location", "-made_at"], name="adjustments_of_a_day"),
            models.Index(fields=["answered_by", "reason", "made_at"], name="adjustments_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.source} > {self.target}"

    @property
    def cause(self) -> str:
        return f"adjustment:{self.pk}"

    @property
    def is_limited(self) -> bool:
        """Units that come into the book or leave it; what changes its place in the store can be looked at."""
        return AWAY in (self.source, self.target) or self.target == Bucket.NOT_FOUND
