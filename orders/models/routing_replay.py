"""Past orders decided again by a rule set that did not decide them: how far it is, and what came out."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from omni.core.states import Stateful
from orders.models.routing_decision import RoutingDecision
from orders.models.routing_rules import RuleSet


class RoutingReplayQuerySet(models.QuerySet["RoutingReplay"]):
    def unfinished(self) -> "RoutingReplayQuerySet":
        """What a worker has to go on with, in the order in which it was asked."""
        return self.filter(status__in=RoutingReplay.AT_WORK).order_by("pk")


class RoutingReplay(Stateful, models.Model):
    """Decided in slices: `done` of `total`, behind the decision (`after_at`, `after_id`); `shelves` is by how much its
    stock differs there (compressed). Amounts are hundredths of a cent."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    AT_WORK = (Status.WAITING, Status.RUNNING)
    MOVES = {Status.WAITING: {Status.RUNNING, Status.FAILED}, Status.RUNNING: {Status.DONE, Status.FAILED}}

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, verbose_name=_("rule set"), related_name="replays")
    edits = models.PositiveIntegerField(default=0, editable=False)  # of the draft when it was asked
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    failed_because = models.CharField(_("why it failed"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(_("decisions"))
    orders = models.PositiveIntegerField(_("orders"))
    done = models.PositiveIntegerField(_("decided again"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0, help_text=_("Kept in a form that is not read."))
    moved = models.PositiveIntegerField(_("plans from elsewhere"), default=0)
    different = models.PositiveIntegerField(_("plans that differ"), default=0)
    totals = models.JSONField(_("totals"), default=dict, blank=True)
    after_at = models.DateTimeField(null=True, blank=True, editable=False)
    after_id = models.BigIntegerField(default=0, editable=False)
    shelves = models.BinaryField(default=bytes, editable=False)

    objects = RoutingReplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays on past orders")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set"], name="one_replay_of_a_rule_set", condition=Q(status__in=["waiting", "running"])
            ),
            models.CheckConstraint(name="replay_of_a_period", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="replay_within_its_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="failed_replay_says_why",
                condition=Q(status="failed", failed_because__gt="") | (~Q(status="failed") & Q(failed_because="")),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["id"], name="replay_at_work", condition=Q(status__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return f"{self.rule_set} · {self.since:%Y-%m-%d %H:%M} – {self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


class RoutingReplayOrder(models.Model):
    """A decision that came out otherwise: ids of the places before and after, first those that give most."""

    replay = models.ForeignKey(RoutingReplay, models.CASCADE, verbose_name=_("replay"), related_name="rows")
    decision = models.ForeignKey(RoutingDecision, models.PROTECT, verbose_name=_("decision"), related_name="+")
    places_before = models.JSONField(_("before, from"), default=list)
    places_after = models.JSONField(_("after, from"), default=list)
    amount_before = models.BigIntegerField(_("cost before"))
    amount_after = models.BigIntegerField(_("cost after"))

    class Meta:
        verbose_name = _("order of a replay")
        verbose_name_plural = _("orders of replays")
        constraints = [models.UniqueConstraint(fields=["replay", "decision"], name="each_decision_once_in_a_replay")]

    def __str__(self) -> str:
        return str(self.decision)
