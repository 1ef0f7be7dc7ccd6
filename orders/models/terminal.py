"""What the simulated terminal remembers of each call, as a real provider would."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TerminalCall(models.Model):
    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10)
    on_reference = models.CharField(_("on"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    is_approved = models.BooleanField(_("approved"))
    called_at = models.DateTimeField(_("called"))

    class Meta:
        verbose_name = _("call of the simulated terminal")
        verbose_name_plural = _("calls of the simulated terminal")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
