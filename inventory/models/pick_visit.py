"""A picker at a shelf: whether everything was found, what was known of the shelf before, and what was said of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.confidence_model import ConfidenceModel
from inventory.models.location import Location
from inventory.models.product import Variant


class PickVisit(models.Model):
    variant = models.ForeignKey(Variant, models.PROTECT, verbose_name=_("variant"), related_name="+", db_index=False)
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), related_name="+", db_index=False)
    at = models.DateTimeField(_("at"), help_text=_("When the span began that it lies in: what was known is older."))
    is_found = models.BooleanField(_("found"), help_text=_("Nothing was missing."))
    found = models.PositiveIntegerField(_("units found"))
    missed = models.PositiveIntegerField(_("units not found"))
    signs = ArrayField(models.FloatField(), verbose_name=_("signs before"))
    path = models.CharField(_("category"), max_length=200, blank=True)
    said = models.FloatField(
        _("said before"), null=True, blank=True, help_text=_("The chance by a model that had not seen this visit.")
    )
    said_by = models.ForeignKey(
        ConfidenceModel, models.SET_NULL, verbose_name=_("said by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("visit of a picker")
        verbose_name_plural = _("visits of pickers")
        constraints = [
            models.UniqueConstraint(fields=["variant", "location", "at"], name="one_visit_per_span"),
            models.CheckConstraint(name="visit_found_or_missed", condition=Q(found__gt=0) | Q(missed__gt=0)),
            models.CheckConstraint(
                name="visit_is_found", condition=Q(is_found=True, missed=0) | Q(is_found=False, missed__gt=0)
            ),
            models.CheckConstraint(name="visit_said_a_chance", condition=Q(said=None) | Q(said__gte=0, said__lte=1)),
        ]
        indexes = [models.Index(fields=["at", "id"], name="visit_when")]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.location_id}"
