"""Kits whose parts go together: all of a kit from one location, as many kits here and there as it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inventory.kits import of_parts
from orders.models import OrderLine
from orders.routing import simple
from orders.routing.rules import Rules
from orders.routing.tables import Tables


@dataclass(frozen=True)
class WholeKit:
    """So many kits of one order with the lines of all their parts."""

    lines: Sequence[OrderLine]
    quantity: int

    @property
    def parts(self) -> list[tuple[int, int]]:
        """(variant, units in each kit), each variant once."""
        units: dict[int, int] = {}
        for line in self.lines:
            units[line.variant_id] = units.get(line.variant_id, 0) + (line.kit_units or 0)
        return list(units.items())

    def units(self, kits: int) -> dict[int, int]:
        """Line position -> units of so many kits."""
        return {line.position: kits * (line.kit_units or 0) for line in self.lines}

    def take(self, kits: int, shelf: dict[int, int]) -> dict[int, int]:
        """The same, and they leave the shelf."""
        if kits:
            for variant, units in self.parts:
                shelf[variant] -= kits * units
        return self.units(kits)


def whole_kits(lines: Sequence[OrderLine], quantities: Mapping[int, int]) -> list[WholeKit]:
    """The kits among the lines that may not be split and of which every part is wanted alike.

    Where a part was short or cancelled by itself the others wait for nobody: what is left of such a kit is planned
    line by line.
    """
    by_kit: dict[int, list[OrderLine]] = {}
    for line in lines:
        if line.kit_units and line.kit and not line.kit.may_split:
            by_kit.setdefault(line.kit.position, []).append(line)
    found = []
    for parts in by_kit.values():
        kits = {divmod(quantities[line.position], line.kit_units or 1) for line in parts}
        first = parts[0].kit
        if first and len(parts) == first.line_count and len(kits) == 1 and not next(iter(kits))[1]:
            found.append(WholeKit(parts, next(iter(kits))[0]))
    return found


def is_torn(kit: WholeKit, plan: simple.Plan) -> bool:
    """Whether any location would give another number of kits of one part than of the others."""
    given: dict[int, dict[int, int]] = {}
    for share in plan.shares:
        given.setdefault(share.site, {})[share.key] = given.get(share.site, {}).get(share.key, 0) + share.quantity
    for shares in given.values():
        kits = {shares.get(line.position, 0) / (line.kit_units or 1) for line in kit.lines}
        if len(kits) > 1 or not float(next(iter(kits))).is_integer():
            return True
    return False


def is_missing(kit: WholeKit, plan: simple.Plan) -> bool:
    """Whether units of any part are."""
    return any(line.position in plan.missing for line in kit.lines)


def bonds_of(kits: Sequence[WholeKit]) -> dict[int, int]:
    """By line position, what travels together."""
    return {line.position: n for n, kit in enumerate(kits, start=1) for line in kit.lines}


def widest_step(rules: Rules) -> int:
    """The last step at which the rules let anybody ship."""
    return max(0, len(rules.ladder) - 2)


def kits_apart(
    *, plan: simple.Plan, kits: Sequence[WholeKit], wants: Sequence[simple.Want], held: Mapping[int, dict[int, int]],
    found: Tables | None,
) -> simple.Plan | None:  # fmt: skip
    """Kits that no place has whole, as many here and there as it takes, from places that the rules allow (`found`, at
    their widest step; None: all); None where that finds no kit either."""
    able, excluded = set(held), {want.key: want.excluded for want in wants}
    if found:
        able = {found.places[n].id for n in np.flatnonzero(found.net.lane[0] >= 0).tolist()}
        for m, n in found.shut:
            excluded[found.lines[m].position] |= {found.places[n].id}
    allowed = [replace(want, excluded=excluded[want.key]) for want in wants]
    apart = _kits_first(kits, allowed, {pk: dict(shelf) for pk, shelf in held.items() if pk in able})
    if all(is_missing(kit, apart) for kit in kits) and not any(is_torn(kit, plan) for kit in kits):
        return None
    return apart


def _kits_first(
    kits: Sequence[WholeKit], wants: Sequence[simple.Want], stock: dict[int, dict[int, int]]
) -> simple.Plan:
    """Each kit whole from as few sites as can be, nearest first; then the other lines from what is left."""
    plan = simple.Plan()
    excluded = {want.key: want.excluded for want in wants}
    for kit in kits:
        failed = frozenset().union(*(excluded[line.position] for line in kit.lines))
        sites = [simple.Site(pk, {0: of_parts(kit.parts, shelf)}) for pk, shelf in stock.items()]
        found = simple.plan([simple.Want(0, 0, kit.quantity, failed)], sites)
        for share in found.shares:
            units = kit.take(share.quantity, stock[share.site])
            plan.shares += [simple.Share(key, share.site, quantity) for key, quantity in units.items()]
        if found.missing:
            plan.missing |= kit.units(found.missing[0])
    others = [want for want in wants if not any(want.key in kit.units(1) for kit in kits)]
    rest = simple.plan(others, [simple.Site(pk, shelf) for pk, shelf in stock.items()])
    return simple.Plan(plan.shares + rest.shares, plan.missing | rest.missing)
