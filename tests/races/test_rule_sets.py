"""Two people at one rule set: one version is active, and nobody lets loose what another is just writing."""

import threading

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omni.core.refusals import Refusal
from orders.models import RuleFilter, RuleSet
from orders.operations.activate_rule_set import activate_rule_set
from orders.operations.draft_rule_set import copy_rule_set, put_part
from tests.factories.routing import BY, activated, rule_set


def activate(draft: RuleSet, replaces: int | None, edits: int) -> str:
    try:
        activate_rule_set(
            rule_set_id=draft.pk, edits=edits, replaces=replaces, reason="now", by=BY, now=timezone.now(),
            without_replay=True,
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.code
    return "active"


def test_one_draft_is_activated_once(race):
    draft = rule_set("Web")
    outcome = race(4, lambda n: activate(draft, None, draft.edits))
    assert outcome == {"active": 1, "illegal_move": 3}
    assert RuleSet.objects.get(status="active") == draft


def test_of_two_next_versions_the_second_is_told_that_it_replaces_another(race):
    first = activated(rule_set("Web"))
    drafts = [copy_rule_set(rule_set_id=first.pk, by=BY) for _ in range(2)]
    outcome = race(2, lambda n: activate(drafts[n], first.pk, drafts[n].edits))
    assert outcome == {"active": 1, "changed_meanwhile": 1}
    assert sorted(RuleSet.objects.values_list("status", flat=True)) == ["active", "draft", "retired"]


def test_a_filter_that_is_being_written_is_seen_or_refused(race):
    """Whoever activates has said how many edits they saw: a filter that came meanwhile refuses the activation."""
    draft = rule_set("Web")

    def act(n: int) -> str:
        if n:
            return activate(draft, None, draft.edits)
        try:
            put_part(rule_set_id=draft.pk, part=RuleFilter(kind="open"))
        except Refusal as refusal:
            return refusal.code
        return "written"

    outcome = race(2, act)
    assert outcome in ({"active": 1, "holds_still": 1}, {"written": 1, "changed_meanwhile": 1})


def test_the_database_keeps_a_part_out_of_rules_that_are_being_activated(transactional_db):
    """Past the operations: a row written while the activation is on its way waits for it, and is refused."""
    draft = rule_set("Web")
    began, outcome = threading.Event(), []

    def write() -> None:
        began.set()
        try:
            RuleFilter.objects.create(rule_set=draft, position=1, kind="open")
        except IntegrityError:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        activated(draft)
        writer = threading.Thread(target=write)
        writer.start()
        began.wait(5)
        writer.join(0.3)
        assert writer.is_alive()
    writer.join(5)
    assert outcome == ["refused"]
    assert not draft.filters.exists()
