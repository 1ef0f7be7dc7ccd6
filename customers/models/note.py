"""What colleagues should know about a customer: signed, dated, never deleted; a wrong one is hidden with a reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class CustomerNote(models.Model):
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="notes")
    text = models.CharField(_("note"), max_length=500)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    actor = models.CharField(_("by"), max_length=200)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.CharField(_("hidden by"), max_length=200, blank=True)
    hidden_reason = models.CharField(_("why hidden"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("customer note")
        verbose_name_plural = _("customer notes")
        indexes = [models.Index(fields=["customer", "-written_at"], name="customer_note_newest")]
        constraints = [
            models.CheckConstraint(
                name="customer_note_hidden_with_reason",
                condition=Q(hidden_at=None, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.text[:40]}"
