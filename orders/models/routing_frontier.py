"""What splits and stores' stock cost: past orders decided by a rule set at many split prices and values of stock."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from omni.core.states import Stateful
from orders.models.routing_rules import RuleSet


class RoutingFrontierQuerySet(models.QuerySet["RoutingFrontier"]):
    def unfinished(self) -> "RoutingFrontierQuerySet":
        """What a worker has to go on with, in the order in which it was asked."""
        return self.filter(status__in=RoutingFrontier.AT_WORK).order_by("pk")


class RoutingFrontier(Stateful, models.Model):
    """Decided in slices: `done` of the `total` orders of the `sample`, drawn from the `orders` of the period. `sums`
    has a tally (orders/routing/frontier.py) for each setting in `grid`, each preset, and what was really decided."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    AT_WORK = (Status.WAITING, Status.RUNNING)
    MOVES = {Status.WAITING: {Status.RUNNING, Status.FAILED}, Status.RUNNING: {Status.DONE, Status.FAILED}}

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="frontiers")
    edits = models.PositiveIntegerField(default=0, editable=False)  # of the draft when it was asked
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    failed_because = models.CharField(_("why it failed"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    orders = models.PositiveIntegerField(_("orders of the period"))
    sample = ArrayField(models.BigIntegerField(), editable=False)
    total = models.PositiveIntegerField(_("orders of the sample"))
    done = models.PositiveIntegerField(_("decided"), default=0)
    left_out = models.PositiveIntegerField(
        _("left out"), default=0, help_text=_("Not asked by these rules, or kept in a form that is not read.")
    )
    split = models.IntegerField(_("split price of the cost parameters"), help_text=_("In hundredths of a cent."))
    splits = ArrayField(models.IntegerField(), verbose_name=_("split prices"))
    percents = ArrayField(models.IntegerField(), verbose_name=_("values of stores' units"))
    sums = models.JSONField(_("sums"), default=dict, blank=True)

    objects = RoutingFrontierQuerySet.as_manager()

    class Meta:
        verbose_name = _("frontier")
        verbose_name_plural = _("splits and stock in dollars")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set"], name="one_frontier_of_a_rule_set", condition=Q(status__in=["waiting", "running"])
            ),
            models.CheckConstraint(name="frontier_of_a_period", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="frontier_within_its_sample", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="failed_frontier_says_why",
                condition=Q(status="failed", failed_because__gt="") | (~Q(status="failed") & Q(failed_because="")),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["id"], name="frontier_at_work", condition=Q(status__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return f"{self.rule_set} · {self.since:%Y-%m-%d %H:%M} – {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
