"""A model of how likely units are found, with how well it did on visits that it had not seen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ConfidenceModel(models.Model):
    fitted_at = models.DateTimeField(_("fitted"))
    is_active = models.BooleanField(_("in force"), default=False)
    # Three spans of time, one after the other: learned from, calibrated on, tried on.
    first_at = models.DateTimeField(_("learned from"))
    calibrated_from = models.DateTimeField(_("calibrated from"))
    tried_from = models.DateTimeField(_("tried from"))
    tried_until = models.DateTimeField(_("tried until"))
    learned = models.PositiveIntegerField(_("visits learned from"))
    calibrated = models.PositiveIntegerField(_("visits calibrated on"))
    tried = models.PositiveIntegerField(_("visits tried on"))
    brier = models.FloatField(_("Brier score"), help_text=_("On the visits that it was tried on; 0 is perfect."))
    base_rate = models.FloatField(_("share found before"))
    base_brier = models.FloatField(_("Brier score of the share alone"))
    intercept = models.FloatField(_("intercept"))
    weights = ArrayField(models.FloatField(), verbose_name=_("weights"))

    class Meta:
        verbose_name = _("confidence model")
        verbose_name_plural = _("confidence models")
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="one_model_in_force"),
            models.CheckConstraint(
                name="model_tried_on_the_unseen",
                condition=Q(
                    first_at__lt=F("calibrated_from"), calibrated_from__lt=F("tried_from"),
                    tried_from__lte=F("tried_until"), tried_until__lte=F("fitted_at"),
                ),
            ),
            models.CheckConstraint(
                name="model_in_force_helps", condition=Q(is_active=False) | Q(brier__lt=F("base_brier"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"


class ConfidenceEffect(models.Model):
    """What a department, a category or a location differs by, as a logit."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Department")
        CATEGORY = "category", _("Category")
        PLACE = "place", _("Location")

    model = models.ForeignKey(ConfidenceModel, models.CASCADE, verbose_name=_("model"), related_name="effects")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(_("of"), max_length=200, blank=True)
    effect = models.FloatField(_("effect"))

    class Meta:
        verbose_name = _("effect of a group")
        verbose_name_plural = _("effects of groups")
        constraints = [models.UniqueConstraint(fields=["model", "kind", "key"], name="one_effect_per_group")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
