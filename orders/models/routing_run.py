"""One look at all unreleased parcels together: how many, how long it took, what moved and what that saves."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class RoutingRunQuerySet(models.QuerySet["RoutingRun"]):
    def degraded(self) -> "RoutingRunQuerySet":
        return self.filter(status=RoutingRun.Status.DEGRADED)

    def since(self, moment) -> "RoutingRunQuerySet":
        return self.filter(started_at__gte=moment)


class RoutingRun(models.Model):
    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEGRADED = "degraded", _("Degraded")

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    degraded_reason = models.CharField(
        _("why it is degraded"), max_length=300, blank=True, help_text=_("All orders kept the plan that they had.")
    )
    orders = models.PositiveIntegerField(_("orders looked at"), default=0)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    left_out = models.PositiveIntegerField(
        _("orders left out"), default=0,
        help_text=_("Their rules look at something else than money, or there was no time for one of very many lines."),
    )  # fmt: skip
    moved = models.PositiveIntegerField(_("orders moved"), default=0)
    promised = models.PositiveIntegerField(_("waiting orders promised"), default=0)
    too_little = models.PositiveIntegerField(_("would save too little"), default=0)
    conflicts = models.PositiveIntegerField(
        _("changed meanwhile"), default=0, help_text=_("After three tries; these orders kept the plan that they had.")
    )
    saved_amount = models.DecimalField(_("saved"), max_digits=14, decimal_places=4, default=0)
    planned_amount = models.DecimalField(
        _("cost of the plan"), max_digits=14, decimal_places=4, default=0, help_text=_("Of all orders looked at.")
    )
    gap = models.FloatField(
        _("gap"), null=True, blank=True,
        help_text=_("A share of the cost; no plan can be cheaper by more. Empty: unknown."),
    )  # fmt: skip
    prices_trouble = models.CharField(
        _("decided without prices because"), max_length=200, blank=True,
        help_text=_("Of what orders to come will need; all else was decided as usual."),
    )  # fmt: skip
    read_seconds = models.FloatField(_("seconds to read"), default=0)
    decide_seconds = models.FloatField(_("seconds to decide"), default=0)
    commit_seconds = models.FloatField(_("seconds to commit"), default=0)

    objects = RoutingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing run")
        verbose_name_plural = _("routing runs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-started_at"], name="routing_run_started")]
        constraints = [
            models.CheckConstraint(
                name="degraded_run_says_why",
                condition=Q(status="degraded", degraded_reason__gt="")
                | (~Q(status="degraded") & Q(degraded_reason="")),
            ),
            models.CheckConstraint(
                name="run_ends_after_it_began", condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return date_format(self.started_at, "DATETIME_FORMAT")

    @property
    def seconds(self) -> float:
        """The whole of it."""
        return self.read_seconds + self.decide_seconds + self.commit_seconds

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=self.seconds)
