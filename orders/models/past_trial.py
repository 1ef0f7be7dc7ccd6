"""Something tried on past orders by a worker, slice by slice: whose rules, which period, how far it is."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from omni.core.states import Stateful
from orders.models.routing_rules import RuleSet

IS_AT_WORK = Q(status__in=["waiting", "running"])


class PastTrialQuerySet(models.QuerySet[Any]):
    def unfinished(self) -> "PastTrialQuerySet":
        """What a worker has to go on with, in the order in which it was asked."""
        return self.filter(IS_AT_WORK).order_by("pk")


class PastTrial(Stateful, models.Model):
    """`done` of `total` are decided again by a rule set as it was when it was asked (`edits`); one at a time of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    AT_WORK = (Status.WAITING, Status.RUNNING)
    MOVES = {Status.WAITING: {Status.RUNNING, Status.FAILED}, Status.RUNNING: {Status.DONE, Status.FAILED}}

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="%(class)ss")
    edits = models.PositiveIntegerField(default=0, editable=False)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    failed_because = models.CharField(_("why it failed"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(_("to decide"))
    done = models.PositiveIntegerField(_("decided again"), default=0)
    orders = models.PositiveIntegerField(_("orders of the period"))
    left_out = models.PositiveIntegerField(
        _("left out"), default=0, help_text=_("Not asked by these rules, or kept in a form that is not read.")
    )

    objects = PastTrialQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set"], name="one_%(class)s_at_work", condition=IS_AT_WORK),
            models.CheckConstraint(name="%(class)s_of_a_period", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="%(class)s_within_its_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="failed_%(class)s_says_why",
                condition=Q(status="failed", failed_because__gt="") | (~Q(status="failed") & Q(failed_because="")),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="%(class)s_at_work", condition=IS_AT_WORK)]

    def __str__(self) -> str:
        since, until = (date_format(each, "DATETIME_FORMAT") for each in (self.since, self.until))
        return f"{self.rule_set} · {since} – {until}"

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
