"""A number of a shelf that its rows do not prove, and how two people put it right."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models.held import Bucket
from inventory.models.location import Location
from inventory.models.product import Variant
from omni.core.states import Stateful


class DriftQuerySet(models.QuerySet["Drift"]):
    def open(self) -> "DriftQuerySet":
        """What is still to be put right."""
        return self.filter(status__in=Drift.OPEN)


class Drift(Stateful, models.Model):
    """Found by the clock; one person asks for its repair with a reason, another approves it."""

    class Number(models.TextChoices):
        """Which number of a shelf drifted."""

        ON_HAND = "on_hand", _("On hand")
        HELD = "held", _("Held apart")
        PROMISED = "promised", _("Promised")

    class Status(models.TextChoices):
        FOUND = "found", _("Found")
        ASKED = "asked", _("Repair asked for")
        REPAIRED = "repaired", _("Repaired")
        GONE = "gone", _("Gone by itself")

    class Trusted(models.TextChoices):
        """Which side a person believes."""

        NUMBER = "number", _("The number is right")
        ROWS = "rows", _("The rows are right")

    OPEN = (Status.FOUND, Status.ASKED)
    MOVES = {
        Status.FOUND: {Status.ASKED, Status.GONE},
        Status.ASKED: {Status.FOUND, Status.REPAIRED, Status.GONE},
    }

    number = models.CharField(_("number"), max_length=10, choices=Number)
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    bucket = models.CharField(_("bucket"), max_length=20, choices=Bucket, blank=True)
    shown_quantity = models.IntegerField(_("number"), help_text=_("Units that the shelf's own number says."))
    summed_quantity = models.IntegerField(_("sum of its rows"), help_text=_("Units that its rows add up to."))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.FOUND)
    trusted = models.CharField(_("what is right"), max_length=10, choices=Trusted, blank=True)
    found_at = models.DateTimeField(_("found"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"), related_name="+", null=True, blank=True
    )
    repair_reason = models.CharField(_("reason"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=150, blank=True)

    objects = DriftQuerySet.as_manager()

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drift")
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "location", "number", "bucket"], name="one_open_drift_per_number",
                condition=Q(status__in=["found", "asked"]),
            ),
            models.CheckConstraint(
                name="drift_has_a_difference", condition=~Q(shown_quantity=F("summed_quantity")),
            ),
            models.CheckConstraint(
                name="drift_repair_says_who_and_why",
                condition=~Q(status__in=["asked", "repaired"])
                | (Q(asked_by__isnull=False) & ~Q(repair_reason="") & ~Q(trusted="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_number_display()}: {self.shown_quantity}, not {self.summed_quantity}"

    @property
    def difference(self) -> int:
        """Units that the number shows more than its rows prove."""
        return self.shown_quantity - self.summed_quantity

    @property
    def cause(self) -> str:
        """What the movements of its repair name as their cause."""
        return f"drift:{self.pk}"
