"""Kits whose parts go together: all of a kit from one location, as many kits here and there as it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.models import OrderLine
from orders.routing import simple


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
