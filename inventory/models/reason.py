"""Why something did not go as planned; HQ edits the words, the effect on stock is one of three."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReasonCode(models.Model):
    class Kind(models.TextChoices):
        SHORT_PICK = "short_pick", _("Short pick")
        DECLINE = "decline", _("Decline")
        CANCEL = "cancel", _("Cancellation")
        ADJUST = "adjust", _("Adjustment")

    class Effect(models.TextChoices):
        NOT_FOUND = "not_found", _("Set aside as not found until counted")
        DAMAGED = "damaged", _("Move to damaged")
        NONE = "none", _("Leave stock as it is")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    label = models.CharField(_("label"), max_length=100)
    effect = models.CharField(_("effect on stock"), max_length=10, choices=Effect, default=Effect.NONE)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reason code")
        verbose_name_plural = _("reason codes")
        ordering = ["kind", "position", "label"]

    def __str__(self) -> str:
        return self.label
