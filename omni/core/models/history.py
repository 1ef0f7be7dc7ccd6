"""Who moved what from where to where, when and why; written once and never changed."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StateChangeQuerySet(models.QuerySet["StateChange"]):
    """History as a timeline shows it."""

    def about(self, subject: tuple[str, str]) -> Self:
        """The story of one thing, oldest first."""
        subject_type, subject_id = subject
        return self.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")


class StateChange(models.Model):
    """One move of one thing; a trigger in the database refuses to change or delete it."""

    subject_type = models.CharField(_("what"), max_length=60)
    subject_id = models.CharField(_("which"), max_length=64)
    from_status = models.TextField(_("from"), blank=True)
    to_status = models.TextField(_("to"))
    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    actor = models.CharField(_("actor"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)

    objects = StateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("state change")
        verbose_name_plural = _("state changes")
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="core_statechange_story")]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.from_status} -> {self.to_status}"
