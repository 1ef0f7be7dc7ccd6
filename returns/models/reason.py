"""Why something came back; HQ edits the words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnReason(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=100)
    is_our_fault = models.BooleanField(
        _("our fault"), default=False, help_text=_("Then no fee is taken, and condition and final sale do not count.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("return reason")
        verbose_name_plural = _("return reasons")
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label
