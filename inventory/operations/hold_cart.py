"""Keep a cart's units for some minutes: on the shelf the customer chose, or on one that could ship them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inventory.atp import Site, open_for_work, sites, stocking
from inventory.models import Hold, KitComponent, Location, Variant
from inventory.operations.hold import place_hold
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
    chosen = [named[line.location] if line.location else None for line in lines]
    open_lines = [n for n, place in enumerate(chosen) if place is None]
    found = _choose([lines[n] for n in open_lines], open_lines, variants, channel, now)
    for n, place in zip(open_lines, found, strict=True):
        chosen[n] = place
    rows = [
        {"sku": line.sku, "quantity": line.quantity, "location": place.code, "variant_id": variants[line.sku].pk,
         "location_id": place.pk}
        for line, place in zip(lines, chosen, strict=True) if place
    ]  # fmt: skip
    return place_hold(lines=rows, channel=channel, expires_in=expires_in, owner=owner, now=now)


def _refuse_unknown(lines: Sequence[CartLine], variants: dict[str, Variant], named: dict[str, Location]) -> None:
    problems = []
    for n, line in enumerate(lines):
        if line.sku not in variants:
            problems.append(_problem(n, "sku", "unknown_sku", _("Nothing is sold under the SKU %s.") % line.sku))
        if line.location and line.location not in named:
            detail = _("No location has the code %s.") % line.location
            problems.append(_problem(n, "location", "unknown_location", detail))
    rows = KitComponent.objects.filter(kit__in=[each.pk for each in variants.values()])
    kits = set(rows.values_list("kit__sku", flat=True))
    for n, line in enumerate(lines):
        if line.sku in kits:
            detail = _("%s is a kit: hold its parts instead.") % line.sku
            problems.append(_problem(n, "sku", "kit_in_parts", detail))
    if problems:
        raise Invalid("invalid_hold", _("This cannot be held as it is."), errors=problems)


def _problem(n: int, name: str, code: str, detail: str) -> dict:
    return {"pointer": f"/lines/{n}/{name}", "code": code, "detail": detail}


def _choose(
    lines: Sequence[CartLine], positions: Sequence[int], variants: dict[str, Variant], channel: str, now: datetime
) -> list[Location]:
    """A place for each line: one for all where there is one, else the fullest that has the whole line."""
    if not lines:
        return []
    wanted = [(variants[line.sku].pk, line.quantity) for line in lines]
    shippers = open_for_work(Location.objects.filter(can_ship=True), now)
    items = sorted({variant for variant, _quantity in wanted})
    stocked = stocking(variants=items, places=shippers, channel=channel)
    found = sites(places=stocked, variants=items, channel=channel, near=None)
    left = {site.location.pk: dict(site.available) for site in found}
    whole: dict[int, int] = {}
    for variant, quantity in wanted:
        whole[variant] = whole.get(variant, 0) + quantity
    for site in found:
        if site.serves(whole):
            return [site.location] * len(lines)
    each = zip(lines, positions, wanted, strict=True)
    return [_fullest(line, n, variant, found, left) for line, n, (variant, _quantity) in each]


def _fullest(line: CartLine, n: int, variant: int, found: Sequence[Site], left: dict[int, dict[int, int]]) -> Location:
    def stock(site: Site) -> int:
        return left[site.location.pk].get(variant, 0)

    best = max(found, key=stock, default=None)
    available = stock(best) if best else 0
    if best is None or available < line.quantity:
        detail = _("At most %(available)d of %(sku)s lie at one location.") % {"available": available, "sku": line.sku}
        error = {"pointer": f"/lines/{n}", "code": "insufficient_stock", "detail": detail}
        raise Refusal(
            "insufficient_stock", _("Not all of this can be held."),
            errors=[{**error, "wanted": line.quantity, "available": available}],
        )  # fmt: skip
    left[best.location.pk][variant] = available - line.quantity
    return best.location
