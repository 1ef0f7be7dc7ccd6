"""Ask what a rule set would have done with the orders of a period; a worker decides them again."""

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin
from orders.models import RoutingDecision, RoutingReplay, RuleSet


@operation
def ask_replay(*, rule_set_id: int, since: datetime, until: datetime, by: Actor, now: datetime) -> RoutingReplay:
    """A replay that waits for its worker. What is decided after `now` is not in it.

    Raises Invalid `empty_period`; Refusal `replay_runs`, `nothing_decided`.
    """
    until = min(until, now)
    if since >= until:
        raise Invalid("empty_period", _("This period ends before it begins."))
    rules = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    if RoutingReplay.objects.unfinished().filter(rule_set=rules).exists():
        raise Refusal("replay_runs", _("“%s” is being replayed already: wait for its end.") % rules)
    counts = replayable(since, until).aggregate(total=Count("pk"), orders=Count("order", distinct=True))
    if not counts["total"]:
        raise Refusal("nothing_decided", _("In this period the engine decided about no order."))
    replay = RoutingReplay.objects.create(
        rule_set=rules, edits=rules.edits, since=since, until=until, asked_by=by.label, asked_at=now, **counts
    )
    begin(replay, by=by)
    return replay


def replayable(since: datetime, until: datetime) -> QuerySet[RoutingDecision]:
    """What the engine decided about one order by itself; not moves, which it decided about many together."""
    rows = RoutingDecision.objects.filter(decided_at__gte=since, decided_at__lt=until, amount__isnull=False)
    return rows.exclude(kind=RoutingDecision.Kind.MOVE)
