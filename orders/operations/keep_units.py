"""Keep the units of a basket while its shopper decides: one hold for all lines, changed as they change.

Of a kit its parts are kept, all of them or none, and counted as kits.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Hold, KitComponent, Location, Variant
from inventory.operations.hold import change_hold, parts_of_kit, place_hold
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Basket, BasketLine, OrderKit, OrderLine
from orders.models.order_line import Method
from orders.operations.assign import Assignment
from orders.operations.plan_lines import LinePlan, destination, plan_lines


def is_kept(basket: Basket) -> bool:
    """Whether its units are kept now."""
    return basket.hold is not None and basket.hold.status == Hold.Status.OPEN


def kept_parts(basket: Basket) -> dict[int, list[dict]]:
    """By line position, what is kept of it and where; nothing once the time ran out."""
    parts: dict[int, list[dict]] = {}
    if basket.hold is not None and basket.hold.status == Hold.Status.OPEN:
        for n, part in basket.hold.parts.items():
            parts.setdefault(part["line"], []).append({**part, "n": n})
    return parts


def keep(
    *, basket: Basket, add: Sequence[dict] = (), drop: Collection[int] = (), by: Actor, now: datetime
) -> None:  # fmt: skip
    """Change what a locked basket's hold keeps, and begin its time anew. Refuses `insufficient_stock` and then changes
    nothing."""
    seconds = setting(preferences.BASKET_HOLD_MINUTES) * 60
    if basket.hold is None or not is_kept(basket):
        basket.hold = place_hold(
            lines=add, channel=Channel.ENDLESS_AISLE, expires_in=seconds, owner=basket.owner, now=now
        )
        basket.save(update_fields=["hold"])
    else:
        basket.hold = change_hold(
            hold_id=basket.hold.pk,
            owner=basket.owner,
            channel=Channel.ENDLESS_AISLE,
            drop=drop,
            add=add,
            expires_in=seconds,
            by=by,
            now=now,
        )


def keep_missing(*, basket: Basket, by: Actor, now: datetime) -> list[BasketLine]:
    """Begin the time anew and keep, line by line, what is not kept (any more) and still there; returns the lines that
    are not whole."""
    # In the order of their stock rows, since each line locks its own.
    found = basket.lines.filter(is_later=False).select_related("variant__product", "location")
    lines = list(found.order_by("variant_id", "position"))
    made_of = KitComponent.objects.by_kit(line.variant_id for line in lines)
    keep(basket=basket, drop=_stale(basket, lines, made_of), by=by, now=now)
    kept = {position: sum(part["quantity"] for part in parts) for position, parts in kept_parts(basket).items()}
    gone = []
    for line in lines:
        missing = line.quantity - kept.get(line.position, 0)
        if missing <= 0:
            continue
        try:
            with transaction.atomic():
                parts = parts_for(
                    basket=basket, position=line.position, variant=line.variant, method=line.method,
                    place=line.location, quantity=missing, made_of=made_of.get(line.variant_id, ()), now=now,
                )  # fmt: skip
                keep(basket=basket, add=parts, by=by, now=now)
        except Refusal:
            gone.append(line)
    return gone


def _stale(
    basket: Basket, lines: Sequence[BasketLine], made_of: Mapping[int, Sequence[KitComponent]]
) -> list[int]:  # fmt: skip
    """What is kept of kits that are made otherwise by now: an order would want other parts."""
    wanted = {
        line.position: sorted((row.component_id, row.quantity) for row in made_of.get(line.variant_id, ()))
        for line in lines
    }
    return [
        row["n"] for position, rows in kept_parts(basket).items() for row in rows
        if "parts" in row and _units_in_each(row["parts"]) != wanted.get(position)
    ]  # fmt: skip


def _units_in_each(parts: Sequence[Mapping]) -> list[tuple[int, int]]:
    units: dict[int, int] = {}
    for part in parts:
        units[part["variant_id"]] = units.get(part["variant_id"], 0) + part["units"]
    return sorted(units.items())


def components_of(variant: Variant) -> Sequence[KitComponent]:
    """The parts of a kit; of anything else none."""
    return KitComponent.objects.by_kit([variant.pk]).get(variant.pk, ())


def parts_for(
    *, basket: Basket, position: int, variant: Variant, method: str, place: Location | None, quantity: int,
    made_of: Sequence[KitComponent], now: datetime,
) -> list[dict]:  # fmt: skip
    """What to keep, and where, for so many more units of a line; `made_of` are the parts of a kit."""
    if method != Method.SHIP:
        assert place is not None
        row = _part(position, variant, place, quantity, floor=0 if method == Method.CARRY_OUT else None)
        if made_of:
            row["parts"] = parts_of_kit(_each(made_of), [place] * len(made_of))
        return [row]
    lines = _lines(position, variant, made_of)
    plan = _plan_ship(basket, lines, {line.position: quantity * (line.kit_units or 1) for line in lines}, now)
    if plan.missing:
        lacking = max(-(-plan.missing.get(line.position, 0) // (line.kit_units or 1)) for line in lines)
        raise _short(variant, quantity, quantity - lacking)
    if made_of:
        return [_kit(position, variant, count, parts) for parts, count in _kits(plan.assignments, lines, quantity)]
    return [_part(position, variant, each.location, each.quantity) for each in plan.assignments]


def _each(made_of: Sequence[KitComponent]) -> list[tuple[Variant, int]]:
    return [(row.component, row.quantity) for row in made_of]


def _lines(position: int, variant: Variant, made_of: Sequence[KitComponent]) -> list[OrderLine]:
    """As an order would have them."""
    if not made_of:
        return [OrderLine(position=position, variant=variant, method=Method.SHIP)]
    kit = OrderKit(position=1, line_count=len(made_of), may_split=variant.may_split)
    return [
        OrderLine(position=n, variant=row.component, method=Method.SHIP, kit=kit, kit_units=row.quantity)
        for n, row in enumerate(made_of, start=1)
    ]


def _plan_ship(basket: Basket, lines: Sequence[OrderLine], quantities: Mapping[int, int], now: datetime) -> LinePlan:
    near = destination(basket.shipping_address) or basket.location.point
    for widen in (False, True):
        plan = plan_lines(
            lines=lines, quantities=quantities, channel=Channel.ENDLESS_AISLE, near=near, now=now, widen=widen
        )
        if not plan.missing:
            break
    return plan


def _short(variant: Variant, wanted: int, available: int) -> Refusal:
    return Refusal("insufficient_stock", _("Not all of this can be held."), errors=[
        {"pointer": "/lines/0", "code": "insufficient_stock", "wanted": wanted, "available": available,
         "detail": _("Only %(available)d of %(sku)s can be shipped.") % {"available": available, "sku": variant.sku}}
    ])  # fmt: skip


Shelf = tuple[Variant, Location]


def _kits(
    assignments: Sequence[Assignment], lines: Sequence[OrderLine], quantity: int
) -> list[tuple[list[tuple[Shelf, int]], int]]:
    """So many kits of what was assigned: the shelves and units of each, and how many kits are alike."""
    left: dict[int, list[list]] = {line.position: [] for line in lines}
    for each in sorted(assignments, key=lambda each: each.location.pk):
        left[each.line.position].append([each.location, each.quantity])
    found: list[tuple[list[tuple[Shelf, int]], int]] = []
    for _n in range(quantity):
        parts = [part for line in lines for part in _take(line.variant, line.kit_units or 1, left[line.position])]
        if found and found[-1][0] == parts:
            found[-1] = parts, found[-1][1] + 1
        else:
            found.append((parts, 1))
    return found


def _take(variant: Variant, units: int, left: list[list]) -> list[tuple[Shelf, int]]:
    """So many units from the first of the places that have some left."""
    taken = []
    while units:
        place, there = left[0]
        given = min(units, there)
        taken.append(((variant, place), given))
        units -= given
        left[0][1] -= given
        if not left[0][1]:
            left.pop(0)
    return taken


def _kit(position: int, variant: Variant, quantity: int, parts: Sequence[tuple[Shelf, int]]) -> dict:
    places = [place for (_variant, place), _units in parts]
    row = {"line": position, "variant_id": variant.pk, "sku": variant.sku, "quantity": quantity}
    together = len({place.pk for place in places}) == 1
    row |= {"location_id": places[0].pk, "location": places[0].code} if together else {
        "location_id": None, "location": None
    }  # fmt: skip
    return row | {"parts": parts_of_kit([(item, units) for (item, _place), units in parts], places)}


def places_of(row: Mapping) -> list[int]:
    """The locations where units of it are kept; of a kit those of its parts."""
    return list(dict.fromkeys(part["location_id"] for part in row.get("parts") or [row]))


def parts_less(*, parts: Sequence[dict], quantity: int) -> tuple[list[int], list[dict]]:
    """Which parts to give back so that so many fewer units are kept, and what of the last one to keep on."""
    drop, keep_on = [], []
    for part in sorted(parts, key=lambda each: -each["n"]):
        if quantity <= 0:
            break
        drop.append(part["n"])
        if part["quantity"] > quantity:
            keep_on.append({**{k: v for k, v in part.items() if k != "n"}, "quantity": part["quantity"] - quantity})
        quantity -= part["quantity"]
    return drop, keep_on


def _part(position: int, variant: Variant, place: Location, quantity: int, floor: int | None = None) -> dict:
    part = {
        "line": position, "variant_id": variant.pk, "sku": variant.sku, "location_id": place.pk,
        "location": place.code, "quantity": quantity,
    }  # fmt: skip
    return part if floor is None else part | {"floor": floor}
