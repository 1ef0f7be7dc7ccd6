"""Answers kept so that a repeated request gets the same one."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One request of one caller and its stored answer; both are committed together with the effects."""

    principal = models.UUIDField(_("caller"))
    key = models.CharField(_("key"), max_length=255)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    body_digest = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField(_("status"), null=True)
    # Text, not JSON: the answer is given again byte for byte.
    response_body = models.TextField(_("answer"), null=True)
    response_headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        indexes = [models.Index(fields=["created_at"], name="core_idempotency_age")]
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="core_idempotency_once"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(response_status__isnull=False, response_body__isnull=False),
                name="core_idempotency_keeps_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
