"""Somebody looked at a held unit again and decided anew."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.disposition import Disposition, Grade
from returns.models.return_unit import ReturnUnit


class Regrade(models.Model):
    unit = models.ForeignKey(ReturnUnit, models.PROTECT, verbose_name=_("unit"), related_name="regrades")
    from_grade = models.CharField(_("grade before"), max_length=1, choices=Grade)
    to_grade = models.CharField(_("grade"), max_length=1, choices=Grade)
    from_disposition = models.CharField(_("disposition before"), max_length=16, choices=Disposition)
    to_disposition = models.CharField(_("disposition"), max_length=16, choices=Disposition)
    from_amount = models.DecimalField(_("worth before"), max_digits=14, decimal_places=4)
    to_amount = models.DecimalField(_("worth"), max_digits=14, decimal_places=4)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("regrading")
        verbose_name_plural = _("regradings")
        indexes = [models.Index(fields=["at"], name="regrade_at")]

    def __str__(self) -> str:
        return f"{self.from_grade} -> {self.to_grade}"
