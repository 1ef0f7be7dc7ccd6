"""Age-restricted units that were not given to whoever stood there. Nobody's date of birth is kept, here or anywhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.fulfillment_order import FulfillmentOrder


class AgeRefusal(models.Model):
    class Reason(models.TextChoices):
        UNDER_AGE = "under_age", _("Not old enough")
        NO_ID = "no_id", _("No valid ID")
        ID_DOUBTFUL = "id_doubtful", _("The ID is doubtful")

    class Outcome(models.TextChoices):
        KEEP = "keep", _("Stays ready for somebody old enough")
        CANCEL = "cancel", _("Cancelled, to be put back")

    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, models.PROTECT, verbose_name=_("fulfillment order"), related_name="age_refusals"
    )
    over = models.PositiveSmallIntegerField(_("required age"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    lines = models.JSONField(_("lines"), help_text=_("Fulfillment line id -> units."))
    refused_at = models.DateTimeField(_("refused"))
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("age refusal")
        verbose_name_plural = _("age refusals")
        constraints = [models.CheckConstraint(name="age_refusal_of_an_age", condition=Q(over__gt=0))]

    def __str__(self) -> str:
        return self.get_reason_display()
