"""Two records that were one person: which one stayed, why, by whom; undoing it is written down too."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer


class CustomerMerge(models.Model):
    kept = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("stays"), related_name="merges")
    gone = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("merged away"), related_name="merged_by")
    reason = models.CharField(_("reason"), max_length=200)
    filled = models.JSONField(_("taken over"), default=dict, help_text=_("What the one that stays got from the other."))
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.CharField(_("by"), max_length=200)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merged_away_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} -> {self.kept_id}"
