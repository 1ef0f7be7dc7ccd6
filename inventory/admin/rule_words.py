"""A rule as a sentence, and the order in which rules are asked."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inventory.models import AvailabilityRule
from omni.core.channels import Channel

PRECEDENCE = (
    gettext_lazy("Rules that promise nothing come before rules that keep something back."),
    gettext_lazy("Then the rule closest to the item: a tag before none, and of two categories the deeper."),
    gettext_lazy("Then the one closest to the place: a district before its region, a region before everywhere."),
    gettext_lazy("Then a rule for named channels before one for every channel."),
    gettext_lazy("Then the smaller position, and at last the older rule."),
)  # fmt: skip


def meaning(rule: AvailabilityRule) -> str:
    """What it does, of which items, where and for whom."""
    return _("%(does)s %(items)s, %(where)s, %(channels)s.") % {
        "does": _does(rule), "items": _items(rule), "where": _where(rule), "channels": _channels(rule),
    }  # fmt: skip


def _does(rule: AvailabilityRule) -> str:
    if rule.effect == AvailabilityRule.Effect.EXCLUDE:
        return _("Promises nothing of")
    if rule.effect == AvailabilityRule.Effect.PERCENT:
        return _("Keeps back %d %% of each shelf of") % rule.percent
    return ngettext("Keeps back %d unit of", "Keeps back %d units of", rule.units) % rule.units


def _items(rule: AvailabilityRule) -> str:
    said = {"category": rule.category, "tag": rule.tag}
    if rule.category and rule.tag:
        return _("%(category)s with the tag “%(tag)s”") % said
    if rule.category:
        return str(rule.category)
    return _("every item with the tag “%(tag)s”") % said if rule.tag else _("every item")


def _where(rule: AvailabilityRule) -> str:
    return _("in %s and below it") % rule.group if rule.group else _("everywhere")


def _channels(rule: AvailabilityRule) -> str:
    names = [str(Channel(each).label) for each in rule.channels]
    return _("for %s") % ", ".join(names) if names else _("for every channel")
