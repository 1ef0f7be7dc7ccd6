"""Set shelves to new numbers where they still hold what the writer believes; else none changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import StockLevel, StockMovement, Variant
from inventory.operations.know_moments import lock_locations
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal


@dataclass(frozen=True)
class Wanted:
    """A shelf that shall hold `on_hand`, where it holds `expected` now."""

    sku: str
    location: str
    expected: int
    on_hand: int
    reason: str = ""


@retried
@operation
def compare_and_set(
    *, wanted: Sequence[Wanted], source: str, locations, by: Actor, now: datetime
) -> dict[tuple[str, str], StockLevel]:
    """All of them, or none; returns the shelves as they are now, by SKU and location code.

    Refuses `invalid_levels` (unknown or repeated shelves) and `changed_meanwhile`, which says what each differing
    shelf holds.
    """
    shelves = _checked(wanted, locations)
    lock_locations((location for _, location in shelves), alone=False)
    StockLevel.objects.open_shelves(shelves)
    StockLevel.objects.lock(shelves)
    have = {(row.variant_id, row.location_id): row for row in StockLevel.objects.of(shelves)}
    differing = [
        {"sku": each.sku, "location": each.location, "expected": each.expected, "on_hand": have[key].on_hand}
        for key, each in shelves.items() if have[key].on_hand != each.expected
    ]  # fmt: skip
    if differing:
        raise Refusal("changed_meanwhile", _("Some shelves hold something else by now; none was changed."),
                      shelves=differing)  # fmt: skip
    moves = [
        Move(*key, StockMovement.Kind.ADJUST, each.on_hand - each.expected, reason=each.reason, source=source)
        for key, each in sorted(shelves.items(), key=lambda pair: pair[0]) if each.on_hand != each.expected
    ]  # fmt: skip
    if moves:
        move_stock(moves=moves, by=by, now=now)
    now_there = {(row.variant_id, row.location_id): row for row in StockLevel.objects.of(shelves)}
    return {(each.sku, each.location): now_there[key] for key, each in shelves.items()}


def _checked(wanted: Sequence[Wanted], locations) -> dict[tuple[int, int], Wanted]:
    variants = dict(Variant.objects.filter(sku__in={each.sku for each in wanted}).values_list("sku", "pk"))
    places = dict(locations.filter(code__in={each.location for each in wanted}).values_list("code", "pk"))
    problems: list[dict] = []
    shelves: dict[tuple[int, int], Wanted] = {}
    for n, each in enumerate(wanted):
        if each.sku not in variants:
            problems.append(_problem(n, "sku", "unknown_sku", _("No variant has the SKU %s.") % each.sku))
        elif each.location not in places:
            problems.append(
                _problem(n, "location", "unknown_location", _("No location has the code %s.") % each.location)
            )
        elif (variants[each.sku], places[each.location]) in shelves:
            problems.append(_problem(n, "sku", "repeated_shelf", _("This shelf occurs twice.")))
        else:
            shelves[variants[each.sku], places[each.location]] = each
    if problems:
        raise Invalid("invalid_levels", _("Some shelves cannot be set; none was."), errors=problems)
    return shelves


def _problem(n: int, name: str, code: str, detail: str) -> dict:
    return {"pointer": f"/{n}/{name}", "code": code, "detail": detail}
