"""Keep the units of a basket while its shopper decides: one hold for all lines, changed as they change."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Hold, Location, Variant
from inventory.operations.hold import change_hold, place_hold
from omni.core.actors import Actor
from omni.core.channels import Channel
from omni.core.refusals import Refusal
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Basket, BasketLine, OrderLine
from orders.models.order_line import Method
from orders.operations.plan_lines import destination, plan_lines


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
    keep(basket=basket, by=by, now=now)
    kept = {position: sum(part["quantity"] for part in parts) for position, parts in kept_parts(basket).items()}
    gone = []
    # In the order of their stock rows, since each line locks its own.
    lines = basket.lines.filter(is_later=False).select_related("variant__product", "location")
    for line in lines.order_by("variant_id", "position"):
        missing = line.quantity - kept.get(line.position, 0)
        if missing <= 0:
            continue
        try:
            with transaction.atomic():
                parts = parts_for(
                    basket=basket, position=line.position, variant=line.variant, method=line.method,
                    place=line.location, quantity=missing, now=now,
                )  # fmt: skip
                keep(basket=basket, add=parts, by=by, now=now)
        except Refusal:
            gone.append(line)
    return gone


def parts_for(
    *, basket: Basket, position: int, variant: Variant, method: str, place: Location | None, quantity: int,
    now: datetime,
) -> list[dict]:  # fmt: skip
    """What to keep, and where, for so many more units of a line."""
    if method != Method.SHIP:
        assert place is not None
        return [_part(position, variant, place, quantity, floor=0 if method == Method.CARRY_OUT else None)]
    line = OrderLine(position=position, variant=variant, method=Method.SHIP)
    near = destination(basket.shipping_address) or basket.location.point
    for widen in (False, True):
        plan = plan_lines(
            lines=[line],
            quantities={position: quantity},
            channel=Channel.ENDLESS_AISLE,
            near=near,
            now=now,
            widen=widen,
        )
        if not plan.missing:
            return [_part(position, variant, each.location, each.quantity) for each in plan.assignments]
    available = quantity - plan.missing[position]
    raise Refusal("insufficient_stock", _("Not all of this can be held."), errors=[
        {"pointer": "/lines/0", "code": "insufficient_stock", "wanted": quantity, "available": available,
         "detail": _("Only %(available)d of %(sku)s can be shipped.") % {"available": available, "sku": variant.sku}}
    ])  # fmt: skip


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
