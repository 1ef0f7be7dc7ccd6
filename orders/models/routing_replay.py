"""Past orders decided again by a rule set that did not decide them: how far it is, and what came out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.past_trial import PastTrial
from orders.models.routing_decision import RoutingDecision


class RoutingReplay(PastTrial):
    """Of decisions: behind the one (`after_at`, `after_id`) by time; `shelves` is by how much its stock differs there
    (compressed). Amounts are hundredths of a cent."""

    moved = models.PositiveIntegerField(_("plans from elsewhere"), default=0)
    different = models.PositiveIntegerField(_("plans that differ"), default=0)
    totals = models.JSONField(_("totals"), default=dict, blank=True)
    after_at = models.DateTimeField(null=True, blank=True, editable=False)
    after_id = models.BigIntegerField(default=0, editable=False)
    shelves = models.BinaryField(default=bytes, editable=False)

    class Meta(PastTrial.Meta):
        verbose_name = _("replay")
        verbose_name_plural = _("replays on past orders")


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
