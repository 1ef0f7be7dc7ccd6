"""How much a person of a role may correct on a day for one reason before a second person has to answer for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.reason import ReasonCode
from omni.core.models.user import Role


class AdjustmentLimit(models.Model):
    role = models.CharField(_("role"), max_length=20, choices=Role)
    reason = models.ForeignKey(
        ReasonCode, models.PROTECT, verbose_name=_("reason"), related_name="+", null=True, blank=True,
        limit_choices_to={"kind": ReasonCode.Kind.ADJUST}, help_text=_("Empty: every reason without its own limit."),
    )  # fmt: skip
    most_units = models.PositiveIntegerField(_("units a day"))
    most_value = models.DecimalField(_("value at cost a day"), max_digits=14, decimal_places=4)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("adjustment limit")
        verbose_name_plural = _("adjustment limits")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "reason"], nulls_distinct=False, name="one_limit_per_role_and_reason"
            ),
            models.CheckConstraint(name="limit_not_negative", condition=Q(most_value__gte=0)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.most_units}, {self.most_value:.2f}"
