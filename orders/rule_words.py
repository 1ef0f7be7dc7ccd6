"""Rules of routing as sentences: what HQ reads in the editor is what an explanation says of a location."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models import Location
from orders.models import RuleFilter, RulePrice, RuleSet, RuleStep

Kind = RuleFilter.Kind
MANY = {
    Location.Kind.STORE: lambda: _("stores"), Location.Kind.DC: lambda: _("distribution centers"),
    Location.Kind.DROPSHIP: lambda: _("dropship vendors"),
}  # fmt: skip


def filter_words(each: RuleFilter, groups: Mapping[int, str]) -> str:
    """What a filter demands, of which items, for which services; `groups` names location groups by id."""
    return "".join([_demands(each, groups), _items(each), _services(each.services)])


def price_words(each: RulePrice, groups: Mapping[int, str]) -> str:
    """What is added to which shipments."""
    return _("%(amount)s for each shipment from %(places)s") % {
        "amount": dollars(each.amount, signed=True), "places": places_words(each, groups) or _("anywhere"),
    } + _services(each.services)  # fmt: skip


def step_words(step: RuleStep, filters: Iterable[RuleFilter], groups: Mapping[int, str]) -> str:
    """Where a step looks, beside the filters of all steps."""
    said = "; ".join(filter_words(each, groups) for each in filters) or _("Anywhere")
    return _("%s; what can be served goes, the rest waits") % said if step.is_partial else said


def conditions_words(rules: RuleSet) -> str:
    """For which orders it is asked."""
    parts = []
    if rules.channels:
        names = dict(RuleSet._meta.get_field("channels").base_field.flatchoices)
        parts.append(_("from %s") % listed(str(names.get(each, each)) for each in rules.channels))
    if rules.services:
        parts.append(_("by %s") % listed(rules.services))
    if rules.tags:
        parts.append(_("tagged %s") % listed(rules.tags))
    if rules.minimum_amount is not None:
        parts.append(_("of %s or more") % dollars(rules.minimum_amount))
    return _("Orders %s") % ", ".join(parts) if parts else _("Every order")


def limits_words(rules: RuleSet) -> list[str]:
    """What holds for the order as a whole."""
    said = []
    if rules.most_shipments:
        said.append(ngettext("At most %d shipment", "At most %d shipments", rules.most_shipments)
                    % rules.most_shipments)  # fmt: skip
    if rules.least_amount:
        said.append(_("A parcel of a split order is worth at least %s") % dollars(rules.least_amount))
    if rules.split_amount:
        said.append(_("%s for each parcel beyond the first") % dollars(rules.split_amount, signed=True))
    if rules.unit_value_percent != 100:
        said.append(_("Units in stores count %d %% of their value") % rules.unit_value_percent)
    return said


def places_words(each: RuleFilter | RulePrice, groups: Mapping[int, str]) -> str:
    """The groups and kinds of locations that it names; empty for all."""
    kinds = listed(str(MANY[Location.Kind(kind)]()) for kind in each.kinds)
    names = listed(groups.get(pk, f"#{pk}") for pk in each.group_ids)
    return _("%(kinds)s of %(groups)s") % {"kinds": kinds, "groups": names} if kinds and names else kinds or names


def dollars(amount: Decimal, *, signed: bool = False) -> str:
    """ "+$1.50" """
    sign = "-" if amount < 0 else "+" if signed else ""
    return f"{sign}${abs(amount):,.2f}"


def listed(words: Iterable[str]) -> str:
    """ "a, b or c" """
    *some, last = [*words] or [""]
    return _("%(some)s or %(last)s") % {"some": ", ".join(some), "last": last} if some else last


def _demands(each: RuleFilter, groups: Mapping[int, str]) -> str:
    places = places_words(each, groups)
    if each.kind == Kind.ONLY:
        return _("Only %s") % places
    if each.kind == Kind.EXCEPT:
        return _("Not %s") % places
    said = _how_much(each)
    return _("%(what)s, for %(places)s") % {"what": said, "places": places} if places else said


def _how_much(each: RuleFilter) -> str:
    n = each.number
    if each.kind == Kind.DISTANCE:
        return ngettext("Within %d mile", "Within %d miles", n) % n
    if each.kind == Kind.DAILY:
        return ngettext("Fewer than %d order today", "Fewer than %d orders today", n) % n
    if each.kind == Kind.COUNTED:
        return ngettext("Counted in the last %d day", "Counted in the last %d days", n) % n
    if each.kind == Kind.UNITS:
        return ngettext("%d unit stays on the shelf", "%d units stay on the shelf", n) % n
    return _("Open today")


def _items(each: RuleFilter) -> str:
    said = []
    if each.category:
        said.append(str(each.category))
    if each.tag:
        said.append(_("“%s”") % each.tag)
    if each.is_hazmat:
        said.append(_("hazmat"))
    return _(", for %s") % ", ".join(said) if said else ""


def _services(services: Iterable[str]) -> str:
    said = [*services]
    return _(", when sent by %s") % listed(said) if said else ""
