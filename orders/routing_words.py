"""Why a location sends a parcel, in plain sentences: of a stored decision (`orders/routing/explanation.py`).

Pure but for the language that is spoken: names come in, sentences go out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.core.ui.words import money_words
from orders.models import RoutingDecision
from orders.routing.batch import UNIT
from orders.routing.explain import Because, Kind
from orders.routing.explanation import SLOT
from orders.routing.rules import PAUSED

MOST_NEARER = 5  # locations that are nearer and told one by one
MOST_TITLES = 3
MOST_TOLD = 3  # orders that one moved for
NOTHING = 50  # hundredths of a cent that people see as no money


@dataclass(frozen=True)
class Names:
    """What locations and the order's lines are called: by key, and by position."""

    places: Mapping[int, str]
    lines: Mapping[int, str]

    def place(self, pk: int) -> str:
        return self.places.get(pk, f"#{pk}")

    def items(self, positions: Sequence[int]) -> str:
        """ "Mug, Shirt and 2 more" """
        titles = list(dict.fromkeys(self.lines.get(n, f"#{n}") for n in positions))
        more = len(titles) - MOST_TITLES
        if more <= 0:
            return _joined(titles)
        some = ", ".join(titles[:MOST_TITLES])
        return ngettext("%(some)s and %(n)d more", "%(some)s and %(n)d more", more) % {"some": some, "n": more}


def places_of(decisions: Iterable[RoutingDecision]) -> set[int]:
    """Keys of all locations that the decisions speak of."""
    found: set[int] = set()
    for each in decisions:
        told = each.explanation
        found |= {parcel[0] for parcel in told.get("parcels", ())} | {near[0] for near in told.get("near", ())}
        found |= {item[2] for item in told.get("items", ())}
        found |= {pk for _more, places in told.get("others", ()) for pk in places}
        moved = told.get("moved", {})
        found |= {*moved.get("from", ()), *(each[1] for way in ("for", "by") for each in moved.get(way, ()))}
    return found - {0}


def decision_for(
    decisions: Sequence[RoutingDecision], *, place: int, positions: set[int]
) -> RoutingDecision | None:  # fmt: skip
    """The latest of `decisions` (newest first) that gave one of these lines to the location. A degraded one names no
    location: it explains what no other does."""
    for each in decisions:
        parcels = each.explanation.get("parcels", ())
        if any(pk == place and positions.intersection(lines) for pk, *_rest, lines in parcels):
            return each
    return next((each for each in decisions if each.degraded_because and each.put_away_at is None), None)


def why_here(decision: RoutingDecision, place: int, names: Names) -> list[str]:
    """All that a person at the location may want to know, the most telling sentence first."""
    if decision.degraded_because and decision.amount is None:
        return [_("The routing engine could not decide at that moment: the nearest locations that had the items were "
                  "taken, without a look at costs or rules.")]  # fmt: skip
    if "moved" in decision.explanation:
        return [
            moved_words(decision, names),
            *yielded_words(decision, names),
            *_split(decision, place, names),
            *_cost(decision, place, names),
        ]
    nearer = _nearer(decision, place)
    said = [_headline(decision, place, nearer), *_split(decision, place, names)]
    said += [nearer_words(each, names) for each in nearer[:MOST_NEARER]]
    more = len(nearer) - MOST_NEARER
    if more > 0:
        said.append(ngettext("%d more location is nearer.", "%d more locations are nearer.", more) % more)
    return [*said, *_cost(decision, place, names)]


def moved_words(decision: RoutingDecision, names: Names) -> str:
    """Of parcels that moved where all orders were decided about together: from where, and what that saved."""
    moved = decision.explanation["moved"]
    if not moved["from"]:
        return _("All unreleased orders were decided about together.")
    said = {"places": _joined([names.place(pk) for pk in moved["from"]]), "saving": money(moved["saving"])}
    if moved["saving"] < NOTHING:  # what others gain, or will, outweighs it
        return _("All unreleased orders were decided about together, and this one moved away from %(places)s.") % said
    return _("All unreleased orders were decided about together, and this one moved away from %(places)s: "
             "that saved %(saving)s.") % said  # fmt: skip


def yielded_words(decision: RoutingDecision, names: Names) -> list[str]:
    """Whom a parcel moved for, and who moved for it. Who saves by going would have gone anyway: then for nobody."""
    moved = decision.explanation["moved"]
    said = []
    for number, place, what, saving in moved.get("for", ())[:MOST_TOLD] if moved["saving"] < NOTHING else ():
        terms = {"number": number, "place": names.place(place), "saving": money(saving or 0)}
        said.append(_left_words(is_slot=what == SLOT, with_saving=(saving or 0) >= NOTHING) % terms)
    if said and moved["saving"] <= -NOTHING:
        said.append(_("From here it costs %s more than before.") % money(-moved["saving"]))
    for number, place, _what in moved.get("by", ())[:MOST_TOLD]:
        said.append(
            _("Order %(number)s made room for it at %(place)s.") % {"number": number, "place": names.place(place)}
        )
    return said


def _left_words(*, is_slot: bool, with_saving: bool) -> str:
    if is_slot and with_saving:
        return _("It left its place at %(place)s to order %(number)s, which needed it and saves %(saving)s.")
    if is_slot:
        return _("It left its place at %(place)s to order %(number)s, which needed it.")
    if with_saving:
        return _("It left its units at %(place)s to order %(number)s, which needed them and saves %(saving)s.")
    return _("It left its units at %(place)s to order %(number)s, which needed them.")


def nearer_words(near: Sequence[Any], names: Names) -> str:
    """Why a location that is nearer was not taken."""
    place = names.place(near[0])
    if near[1] == Because.TAKEN:
        return _("%s is nearer, and sends another part of the order.") % place
    return _("%(place)s is nearer, but %(why)s.") % {"place": place, "why": reason_words(near, names)}


def reason_words(near: Sequence[Any], names: Names) -> str:
    """Why a location is not in the plan, as the end of a sentence about it."""
    _place, because, what = near
    if because == Because.TAKEN:
        return _("sends a parcel")
    if because == Because.CLOSED:
        if what == PAUSED:
            return _("had paused")
        return _("is closed by the rule “%s”") % what if what else _("no carrier takes this parcel from there")
    if because == Because.FULL:
        return _("had no room left for another order")
    if because == Because.SHUT:
        return _("is closed to it by the rule “%s”") % what if what else _("declined it before, or did not find it")
    if because == Because.LACKS:
        return _("lacks enough of %s") % names.items(what)
    if because == Because.DEARER and (what or 0) >= NOTHING:
        return _("a plan with it would cost %s more") % money(what)
    if because == Because.UNFIT:
        return _("no plan with it keeps what the order asks for")
    return _("another plan was no worse")


def item_words(kind: str, name: str) -> str:
    """What an item of the bill is for."""
    words = {
        (Kind.TARIFF, ""): lambda: _("postage"),
        (Kind.FEE, "packing"): lambda: _("packing and its work"),
        (Kind.FEE, "waiting"): lambda: _("waiting for the carrier"),
        (Kind.FEE, "rules"): lambda: _("prices of the rules"),
        (Kind.FEE, "late"): lambda: _("coming late"),
        (Kind.FEE, ""): lambda: _("other work"),
        (Kind.HANDLING, ""): lambda: _("picking work"),
        (Kind.UNIT_VALUE, ""): lambda: _("what the units are worth on this shelf"),
        (Kind.UNIT_VALUE, "failing"): lambda: _("the risk that it is not found"),
        (Kind.PRICE, "slot"): lambda: _("room that others will need"),
        (Kind.PRICE, "units"): lambda: _("units that others will need"),
        (Kind.SPLIT, ""): lambda: _("more than one parcel"),
        (Kind.UNSERVED, ""): lambda: _("units without a place"),
    }
    said = words.get((Kind(kind), "" if kind == Kind.TARIFF else name))
    return said() if said else name or str(kind)


def other_words(other: Sequence[Any], names: Names) -> str:
    """The next best plan, and what it would cost more."""
    more, places = other
    said = {"places": _joined([names.place(pk) for pk in places]), "more": money(more)}
    if more < NOTHING:
        return _("The next best plan, from %(places)s, would cost the same.") % said
    return _("The next best plan, from %(places)s, would cost %(more)s more.") % said


def money(amount: int) -> str:
    """Hundredths of a cent, as dollars and cents."""
    return money_words((Decimal(amount) / UNIT).quantize(Decimal("0.01")), currency="USD")


def _nearer(decision: RoutingDecision, place: int) -> list[Sequence[Any]]:
    """The locations that are told before this one; all of the nearest where it is not among them."""
    near = decision.explanation["near"]
    at = next((n for n, each in enumerate(near) if each[0] == place), len(near))
    return near[:at]


def _headline(decision: RoutingDecision, place: int, nearer: Sequence[Sequence[Any]]) -> str:
    parcels, near = decision.explanation["parcels"], decision.explanation["near"]
    has_all = len(parcels) == 1 and not decision.unserved_quantity
    if not has_all:
        return _("Part of the order, in the plan that the rules and costs favor.")
    if nearer and all(each[0] != place for each in near):
        return _("Not among the nearest locations, but in the plan that the rules and costs favor.")
    if all(each[1] not in {Because.DEARER, Because.TAKEN} for each in nearer):
        return _("Closest location that can send everything.")
    return _("Not the closest, but the plan that the rules and costs favor; it has everything.")


def _split(decision: RoutingDecision, place: int, names: Names) -> list[str]:
    parcels = decision.explanation["parcels"]
    said = []
    if len(parcels) > 1:
        elsewhere = [
            _("%(items)s from %(place)s") % {"items": names.items(each[5]), "place": names.place(each[0])}
            for each in parcels if each[0] != place
        ]  # fmt: skip
        if elsewhere:
            said.append(_("The order is split: %s.") % "; ".join(elsewhere))
    if decision.unserved_quantity:
        n = decision.unserved_quantity
        said.append(ngettext("%d unit found no place.", "%d units found no place.", n) % n)
    return said


def _cost(decision: RoutingDecision, place: int, names: Names) -> list[str]:
    told = decision.explanation
    sums: dict[str, int] = {}
    for kind, name, at, amount in told["items"]:
        if at == place:
            words = _postage(told["parcels"], place) if kind == Kind.TARIFF else item_words(kind, name)
            sums[words] = sums.get(words, 0) + amount
    said = []
    if sums:
        items = ", ".join(f"{words} {money(amount)}" for words, amount in sums.items() if amount)
        said.append(
            _("Shipping from here costs %(sum)s: %(items)s.") % {"sum": money(sum(sums.values())), "items": items}
        )
    late = max((each[4] for each in told["parcels"] if each[0] == place), default=0)
    if late:
        said.append(ngettext("It comes %d working day late.", "It comes %d working days late.", late) % late)
    if told["others"] and told["others"][0][1]:
        said.append(other_words(told["others"][0], names))
    return said


def _postage(parcels: Sequence[Sequence[Any]], place: int) -> str:
    mine = [each for each in parcels if each[0] == place]
    if len(mine) != 1:
        return _("postage")
    return _("postage (zone %(zone)d, %(pounds)d lb)") % {"zone": mine[0][2] + 1, "pounds": mine[0][3]}


def _joined(words: Sequence[str]) -> str:
    *some, last = list(words) or [""]
    return _("%(some)s and %(last)s") % {"some": ", ".join(some), "last": last} if some else last
