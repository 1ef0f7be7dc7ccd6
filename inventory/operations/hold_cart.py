"""Keep a cart's units for some minutes: on the shelf the customer chose, or on one that could ship them.

A kit is kept as its parts, all or none, and stays one line of the cart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.kits import of_parts
from inventory.models import Hold, KitComponent, Location, Variant
from inventory.operations.hold import parts_of_kit, place_hold
from omni.core.operation import operation
from omni.core.refusals import Invalid, Refusal


@dataclass(frozen=True)
class CartLine:
    """Units of an item, at a location by code or (None) wherever they could be shipped from."""

    sku: str
    quantity: int
    location: str | None = None


@operation
def hold_cart(
    *, lines: Sequence[CartLine], places: QuerySet[Location], channel: str, expires_in: int, owner: str, now: datetime
) -> Hold:
    """Hold all lines for `expires_in` seconds. Refuses 422 unknown items and places, 409 what is not there.

    `places` are the locations the caller may name; what they keep back from `channel` is not there.
    """
    variants = {row.sku: row for row in Variant.objects.filter(sku__in={line.sku for line in lines}, is_active=True)}
    codes = {line.location for line in lines if line.location}
    named = {row.code: row for row in places.filter(code__in=codes, is_active=True)} if codes else {}
    _refuse_unknown(lines, variants, named)
    made_of = KitComponent.objects.by_kit(variant.pk for variant in variants.values())
    _refuse_old_parts(lines, variants, made_of)
    wants = [_want(n, line, variants[line.sku], made_of) for n, line in enumerate(lines)]
    chosen = {
        want.position: [named[line.location]] * len(want.parts)
        for want, line in zip(wants, lines, strict=True) if line.location
    }  # fmt: skip
    chosen |= _choose([want for want in wants if want.position not in chosen], channel, now)
    rows = [_row(want, chosen[want.position]) for want in wants]
    return place_hold(lines=rows, channel=channel, expires_in=expires_in, owner=owner, now=now)


@dataclass(frozen=True)
class _Want:
    """So many of an item; `parts` are what is taken from shelves for each: the item itself, or the parts of a kit."""

    position: int
    item: Variant
    quantity: int
    parts: Sequence[tuple[Variant, int]]
    is_kit: bool

    @property
    def each(self) -> list[tuple[int, int]]:
        """(variant, units in each)."""
        return [(variant.pk, units) for variant, units in self.parts]


def _want(n: int, line: CartLine, item: Variant, made_of: Mapping[int, Sequence[KitComponent]]) -> _Want:
    parts = [(row.component, row.quantity) for row in made_of.get(item.pk, ())]
    return _Want(n, item, line.quantity, parts or [(item, 1)], is_kit=bool(parts))


def _row(want: _Want, places: Sequence[Location]) -> dict:
    """As `place_hold` takes it."""
    first = places[0] if len({place.pk for place in places}) == 1 else None
    row = {
        "sku": want.item.sku, "quantity": want.quantity, "location": first.code if first else None,
        "variant_id": want.item.pk, "location_id": first.pk if first else None,
    }  # fmt: skip
    return row | {"parts": parts_of_kit(want.parts, places)} if want.is_kit else row


def _refuse_unknown(lines: Sequence[CartLine], variants: dict[str, Variant], named: dict[str, Location]) -> None:
    problems = []
    for n, line in enumerate(lines):
        if line.sku not in variants:
            problems.append(_problem(n, "sku", "unknown_sku", _("Nothing is sold under the SKU %s.") % line.sku))
        if line.location and line.location not in named:
            detail = _("No location has the code %s.") % line.location
            problems.append(_problem(n, "location", "unknown_location", detail))
    _refuse(problems)


def _refuse_old_parts(
    lines: Sequence[CartLine], variants: Mapping[str, Variant], made_of: Mapping[int, Sequence[KitComponent]]
) -> None:  # fmt: skip
    _refuse([
        _problem(n, "sku", "inactive_sku", _("A part of %s is no longer sold.") % line.sku)
        for n, line in enumerate(lines)
        if not all(row.is_sold for row in made_of.get(variants[line.sku].pk, ()))
    ])  # fmt: skip


def _refuse(problems: Sequence[dict]) -> None:
    if problems:
        raise Invalid("invalid_hold", _("This cannot be held as it is."), errors=list(problems))


def _problem(n: int, name: str, code: str, detail: str) -> dict:
    return {"pointer": f"/lines/{n}/{name}", "code": code, "detail": detail}


def _choose(wants: Sequence[_Want], channel: str, now: datetime) -> dict[int, list[Location]]:
    """By position a place for each part: one for all where there is one, else the fullest that has the whole line."""
    if not wants:
        return {}
    shippers = open_for_work(Location.objects.filter(can_ship=True), now)
    whole: dict[int, int] = {}
    for want in wants:
        for variant, units in want.each:
            whole[variant] = whole.get(variant, 0) + want.quantity * units
    stocked = stocking(variants=whole, places=shippers, channel=channel)
    found = sites(places=stocked, variants=whole, channel=channel, near=None)
    for site in found:
        if site.serves(whole):
            return {want.position: [site.location] * len(want.parts) for want in wants}
    left = {site.location.pk: dict(site.available) for site in found}
    return {want.position: _fullest(want, found, left) for want in wants}


def _fullest(want: _Want, found: Sequence[Site], left: dict[int, dict[int, int]]) -> list[Location]:
    """All of it together; the parts of a kit that may be split each where most of it lies, where it has to be."""
    ways = [[want.each]]
    if want.is_kit and want.item.may_split:
        ways.append([[part] for part in want.each])
    most = 0
    for way in ways:
        best = [max(found, key=partial(_units, left, parts), default=None) for parts in way]
        most = min(_units(left, parts, site) for parts, site in zip(way, best, strict=True))
        if most >= want.quantity:
            return _taken(want, way, [site.location for site in best if site], left)
    together = len(ways) == 1
    detail = _("At most %(available)d of %(sku)s lie at one location.") if together else _("Only %(available)d of "
               "%(sku)s can be held.")  # fmt: skip
    error = {"pointer": f"/lines/{want.position}", "code": "insufficient_stock",
             "detail": detail % {"available": most, "sku": want.item.sku}}  # fmt: skip
    raise Refusal(
        "insufficient_stock", _("Not all of this can be held."),
        errors=[{**error, "wanted": want.quantity, "available": most}],
    )  # fmt: skip


def _units(left: Mapping[int, dict[int, int]], parts: list[tuple[int, int]], site: Site | None) -> int:
    return of_parts(parts, left[site.location.pk]) if site else 0


def _taken(
    want: _Want, way: Sequence[Sequence[tuple[int, int]]], places: Sequence[Location], left: dict[int, dict[int, int]]
) -> list[Location]:
    """A place for each part; what it takes leaves the shelf."""
    chosen = []
    for parts, place in zip(way, places, strict=True):
        for variant, units in parts:
            left[place.pk][variant] -= units * want.quantity
            chosen.append(place)
    return chosen
