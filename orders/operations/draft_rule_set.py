"""Write a rule set: from a preset, or as the next version of one that held; nothing counts before it is activated.

Every edit counts, so that whoever activates says which state of the draft they looked at.
"""

from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal
from omni.core.states import begin
from orders.models import RuleFilter, RulePrice, RuleSet, RuleStep
from orders.rule_presets import PRESETS, Preset

COPIED = ("objective", "priority", "channels", "services", "tags", "minimum_amount", "most_shipments", "least_amount",
          "split_amount", "unit_value_percent")  # fmt: skip
FILTER = ("position", "kind", "group_ids", "kinds", "number", "services", "category", "path", "tag", "is_hazmat")
PRICE = ("position", "amount", "group_ids", "kinds", "services")
MOST_PARTS = 200
Part = RuleFilter | RulePrice | RuleStep


@operation
def draft_rule_set(*, name: str, preset: str, by: Actor) -> RuleSet:
    """A new rule set in its first version, with what the preset says.

    Raises Invalid `name_required`, `unknown_preset`; Refusal `name_taken`.
    """
    name = name.strip()[:80]
    if not name:
        raise Invalid("name_required", _("Give the rule set a name."))
    if preset not in PRESETS:
        raise Invalid("unknown_preset", _("There is no such preset."))
    if RuleSet.objects.filter(name=name).exists():
        raise Refusal("name_taken", _("There is a rule set “%s” already: make its next version.") % name)
    chosen = PRESETS[preset]
    draft = RuleSet.objects.create(name=name, **chosen.fields)
    _write_steps(draft, chosen)
    begin(draft, by=by, reason=_("from the preset “%s”") % chosen.label)
    return draft


@operation
def copy_rule_set(*, rule_set_id: int, by: Actor) -> RuleSet:
    """The next version of a rule set, as a draft that says the same."""
    old = RuleSet.objects.get(pk=rule_set_id)
    list(RuleSet.objects.select_for_update().filter(name=old.name).order_by("pk"))
    last = RuleSet.objects.filter(name=old.name).aggregate(n=Max("version"))["n"]
    draft = RuleSet.objects.create(
        name=old.name, version=last + 1, based_on=old, **{each: getattr(old, each) for each in COPIED}
    )
    steps: dict[int | None, RuleStep | None] = {None: None}
    for step in old.steps.all():
        steps[step.pk] = RuleStep.objects.create(
            rule_set=draft, position=step.position, name=step.name, is_partial=step.is_partial
        )
    RuleFilter.objects.bulk_create(
        RuleFilter(rule_set=draft, step=steps[each.step_id], **{name: getattr(each, name) for name in FILTER})
        for each in old.filters.all()
    )
    RulePrice.objects.bulk_create(
        RulePrice(rule_set=draft, **{name: getattr(each, name) for name in PRICE}) for each in old.prices.all()
    )
    begin(draft, by=by, reason=_("copied from %s") % old)
    return draft


@operation
def edit_rule_set(*, rule_set_id: int, fields: dict[str, Any], edits: int | None = None) -> RuleSet:
    """Write what a draft says of orders as a whole, as it was after so many `edits`.

    Raises Refusal `holds_still`, `changed_meanwhile`.
    """
    draft = _draft(rule_set_id, edits)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save(update_fields=[*fields])
    return draft


@operation
def put_part(*, rule_set_id: int, part: Part, edits: int | None = None) -> Part:
    """Add a filter, a price or a step behind the others of its kind, or write one that was changed in the draft as it
    was after so many `edits`.

    Raises Refusal `holds_still`, `changed_meanwhile`, `too_many`.
    """
    draft = _draft(rule_set_id, edits)
    if part.pk is None:
        siblings = _siblings(part, draft)
        if siblings.count() >= MOST_PARTS:
            raise Refusal("too_many", _("A rule set has at most %d of them.") % MOST_PARTS)
        part.rule_set = draft
        part.position = (siblings.aggregate(n=Max("position"))["n"] or 0) + 1
    part.save()
    return part


@operation
def remove_part(*, rule_set_id: int, part: Part) -> None:
    """Take a filter, a price, or a step with its filters out of a draft. Raises Refusal `holds_still`."""
    _draft(rule_set_id)
    if isinstance(part, RuleStep):
        part.filters.all().delete()
    part.delete()


@operation
def move_part(*, rule_set_id: int, part: Part, up: bool) -> None:
    """Change places with the neighbor; the first and the last stay. Raises Refusal `holds_still`."""
    draft = _draft(rule_set_id)
    rows = list(_siblings(part, draft).order_by("position", "pk"))
    at = next((n for n, each in enumerate(rows) if each.pk == part.pk), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for n, each in enumerate(rows, start=1):
        each.position = n
    type(part)._default_manager.bulk_update(rows, ["position"])


def _draft(pk: int, edits: int | None = None) -> RuleSet:
    """The draft, locked and counted as edited; where somebody looked at it, as it was then."""
    draft = RuleSet.objects.select_for_update().get(pk=pk)
    if draft.status != RuleSet.Status.DRAFT:
        raise Refusal("holds_still", _("%s is no draft any more: make its next version.") % draft)
    if edits is not None and draft.edits != edits:
        raise Refusal("changed_meanwhile", _("Somebody changed this draft meanwhile. Look at what it says now."))
    RuleSet.objects.filter(pk=pk).update(edits=F("edits") + 1)
    return draft


def _siblings(part: Part, draft: RuleSet) -> Any:
    if isinstance(part, RuleFilter):
        return draft.filters.filter(step=part.step)
    return draft.prices.all() if isinstance(part, RulePrice) else draft.steps.all()


def _write_steps(draft: RuleSet, preset: Preset) -> None:
    for n, step in enumerate(preset.steps, start=1):
        row = RuleStep.objects.create(rule_set=draft, position=n, name=str(step.name), is_partial=step.is_partial)
        RuleFilter.objects.bulk_create(
            RuleFilter(rule_set=draft, step=row, position=m, **each) for m, each in enumerate(step.filters, start=1)
        )
