"""A rule set decides from this moment; the version that decided before is retired in the same breath."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.events import emit
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import move
from orders import events
from orders.models import RoutingReplay, RuleSet

Status = RuleSet.Status


@operation
def activate_rule_set(
    *, rule_set_id: int, edits: int, replaces: int | None, reason: str, by: Actor, now: datetime,
    without_replay: bool = False,
) -> RuleSet:  # fmt: skip
    """Let a draft decide, as it was after so many `edits`, in place of the active version that was shown (`replaces`).

    Raises Invalid `reason_required`; Refusal `changed_meanwhile` where somebody wrote into it or activated another
    version since, `not_replayed` where what it would cost was never seen, `illegal_move` where it is no draft any more.
    """
    if not reason.strip():
        raise Invalid("reason_required", _("Say why, so that others understand it later."))
    name = RuleSet.objects.values_list("name", flat=True).get(pk=rule_set_id)
    versions = {each.pk: each for each in RuleSet.objects.select_for_update().filter(name=name).order_by("pk")}
    draft = versions[rule_set_id]
    old = next((each for each in versions.values() if each.status == Status.ACTIVE), None)
    if draft.status == Status.DRAFT and (draft.edits != edits or (old.pk if old else None) != replaces):
        raise Refusal("changed_meanwhile", _("Somebody changed this draft or activated another version. Look again."))
    if draft.status == Status.DRAFT and not without_replay and replay_seen(draft) is None:
        raise Refusal("not_replayed", _("Replay this draft as it stands first, or say that you activate it without."))
    reason = reason.strip()[:200]
    if old and draft.status == Status.DRAFT:
        move(old, Status.RETIRED, by=by, reason=_("followed by %s") % draft)
    move(draft, Status.ACTIVE, by=by, reason=reason, activated_at=now, activated_by=by.label, why=reason)
    emit(events.RULE_SET_ACTIVATED, aggregate=("rule_set", str(draft.pk)), by=by,
         payload=news(draft) | {"replaces": old.version if old else None, "reason": reason})  # fmt: skip
    return draft


def replay_seen(draft: RuleSet) -> RoutingReplay | None:
    """The latest finished replay of a draft as it stands."""
    done = RoutingReplay.objects.filter(rule_set=draft, edits=draft.edits, status=RoutingReplay.Status.DONE)
    return done.defer("shelves").first()


def news(rules: RuleSet) -> dict:
    """What is told of a rule set."""
    return {
        "rule_set": rules.pk, "name": rules.name, "version": rules.version, "objective": rules.objective,
        "channels": list(rules.channels), "services": list(rules.services), "tags": list(rules.tags),
        "priority": rules.priority,
    }  # fmt: skip
