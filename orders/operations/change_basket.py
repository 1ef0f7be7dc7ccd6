"""Lines of a basket come, change and go; their units are kept and given back in the same step.

Two devices may show the same basket: an addition carries a key and counts once, a change says which quantity it saw
and is refused where that is no longer true. So nothing is lost and nothing doubled.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from inventory.models import Location, Variant
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from omni.core.refusals import Invalid, Refusal
from orders.models import Basket, BasketLine, PaymentIntent
from orders.models.order_line import AT_A_STORE, Method
from orders.operations.coming import require_coming
from orders.operations.keep_units import components_of, is_kept, keep, keep_missing, kept_parts, parts_for, parts_less

KEYS_KEPT = 50
# Money may be on its way, or is promised to this basket.
BINDING = ("asked", "unknown", "approved", "voiding")
MOST = 99  # units of one line: more is a wholesale order


@operation
def open_basket(*, location: Location, by: Actor, now: datetime) -> Basket:
    """The one basket that this person serves here, begun where there is none."""
    mine: dict[str, Any] = {"associate_id": by.user_id, "location": location, "status": Basket.Status.OPEN}
    found = Basket.objects.filter(**mine).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return Basket.objects.create(**mine, created_at=now, updated_at=now)
    except IntegrityError:  # another device of theirs was a moment faster
        return Basket.objects.get(**mine)


@retried
@operation
def add_to_basket(
    *, basket_id, sku: str, method: str, place: str | None = None, quantity: int = 1, is_later: bool = False, key: str,
    by: Actor, now: datetime,
) -> Basket:  # fmt: skip
    """More units of an item, carried out of this store, picked up at `place`, or shipped. The same `key` counts once.

    `is_later`: of what a supplier brings; nobody keeps it, the order promises it.
    Refuses `insufficient_stock` with what there is; then nothing changed.
    """
    basket = lock_open(basket_id, by)
    if key in basket.recent_keys:
        return basket
    require_unpaid(basket)
    if not 1 <= quantity <= MOST:
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MOST)
    variant = Variant.objects.select_related("product").filter(sku=sku, is_active=True, product__is_active=True).first()
    if variant is None:
        raise Invalid("unknown_sku", _("Nothing is sold under %s.") % sku)
    if not all(row.is_sold for row in components_of(variant)):
        raise Invalid("inactive_sku", _("A part of %s is no longer sold.") % sku)
    at = _place(basket, method, place, now)
    line = basket.lines.filter(variant=variant, method=method, location=at, is_later=is_later).first()
    if line is None:
        basket.line_count += 1
        line = BasketLine(basket=basket, position=basket.line_count, variant=variant, method=method, location=at,
                          quantity=0, is_later=is_later)  # fmt: skip
    if line.quantity + quantity > MOST:
        raise Invalid("bad_quantity", _("Between 1 and %d units.") % MOST)
    _begin_again(basket, by, now)
    keep(basket=basket, by=by, now=now,
         add=_parts(line, line.quantity + quantity, more=quantity, now=now))  # fmt: skip
    line.quantity += quantity
    line.save()
    basket.recent_keys = [*basket.recent_keys, key][-KEYS_KEPT:]
    touch(basket, now, "recent_keys", "line_count")
    return basket


@retried
@operation
def set_quantity(*, basket_id, position: int, quantity: int, seen: int, by: Actor, now: datetime) -> Basket:
    """So many units of a line from now on; none takes it out. `seen` is the quantity that the person decided on."""
    basket = lock_open(basket_id, by)
    require_unpaid(basket)
    line = _seen_line(basket, position, seen)
    if not 0 <= quantity <= MOST:
        raise Invalid("bad_quantity", _("Between 0 and %d units.") % MOST)
    if quantity == line.quantity:
        return basket
    if quantity > line.quantity:
        _begin_again(basket, by, now)
    parts = kept_parts(basket).get(position, [])
    kept = sum(part["quantity"] for part in parts)
    if quantity > line.quantity:
        line.basket = basket
        keep(basket=basket, add=_parts(line, quantity, more=quantity - kept, now=now), by=by, now=now)
        _write(line, quantity)
    else:
        drop, add = parts_less(parts=parts, quantity=kept - quantity)
        _write(line, quantity)
        _let_go_of_pieces(line, quantity)
        if is_kept(basket):
            keep(basket=basket, add=add, drop=drop, by=by, now=now)
            keep_missing(basket=basket, by=by, now=now)
    touch(basket, now)
    return basket


@retried
@operation
def change_way(
    *, basket_id, position: int, method: str, place: str | None = None, seen: int, by: Actor, now: datetime
) -> Basket:
    """The shopper gets a line another way: its units are kept there from now on, or all stays as it was."""
    basket = lock_open(basket_id, by)
    require_unpaid(basket)
    line = _seen_line(basket, position, seen)
    at = _place(basket, method, place, now)
    if not line.is_later and (line.method, line.location_id) == (method, at.pk if at else None):
        return basket
    _begin_again(basket, by, now)
    drop = [part["n"] for part in kept_parts(basket).get(position, [])]
    same = basket.lines.filter(variant=line.variant, method=method, location=at, is_later=False).first()
    into = same.position if same else position
    parts = parts_for(basket=basket, position=into, variant=line.variant, method=method, place=at,
                      quantity=line.quantity, made_of=components_of(line.variant), now=now)  # fmt: skip
    keep(basket=basket, drop=drop, add=parts, by=by, now=now)
    if same:
        line.delete()
        _write(same, same.quantity + line.quantity)
    else:
        line.method, line.location, line.is_later = method, at, False
        line.save(update_fields=["method", "location", "is_later"])
        line.pieces.all().delete()  # they are scanned where it is picked
    touch(basket, now)
    return basket


@retried
@operation
def renew(*, basket_id, by: Actor, now: datetime) -> list[BasketLine]:
    """Begin the time anew; where it had run out, keep what is still there. Returns the lines that are not whole."""
    basket = lock_open(basket_id, by)
    gone = keep_missing(basket=basket, by=by, now=now)
    touch(basket, now)
    return gone


def lock_open(basket_id, by: Actor) -> Basket:
    """The basket, locked, where this person serves it."""
    basket = Basket.objects.lock(basket_id)
    if basket.status == Basket.Status.PLACED:
        raise Refusal("already_placed", _("This basket was placed as an order already."))
    if basket.status != Basket.Status.OPEN or basket.associate_id != by.user_id:
        raise Refusal("not_yours", _("Somebody else serves this basket now, or it is parked. Look at the list."))
    return basket


def require_unpaid(basket: Basket) -> None:
    """What was paid for, or is being paid, stays as it is: the payment is taken back first."""
    if PaymentIntent.objects.of(basket.owner).filter(status__in=BINDING).exists():
        raise Refusal(
            "being_paid", _("This basket is paid for, or a payment is on its way. Take the payment back first.")
        )


def touch(basket: Basket, now: datetime, *fields: str) -> None:
    """Each change raises the version, so that other devices see it."""
    basket.version += 1
    basket.updated_at = now
    basket.save(update_fields=["version", "updated_at", *fields])


def _parts(line: BasketLine, whole: int, *, more: int, now: datetime) -> list[dict]:
    """What to keep for more units of a line; what a supplier brings is not kept, it has to suffice for the whole."""
    if line.is_later:
        require_coming(line, whole, now=now)
        return []
    return parts_for(basket=line.basket, position=line.position, variant=line.variant, method=line.method,
                     place=line.location, quantity=more, made_of=components_of(line.variant), now=now)  # fmt: skip


def _begin_again(basket: Basket, by: Actor, now: datetime) -> None:
    """A basket whose time ran out keeps what it can before it gets more."""
    if basket.hold is not None and not is_kept(basket):
        keep_missing(basket=basket, by=by, now=now)


def _seen_line(basket: Basket, position: int, seen: int) -> BasketLine:
    line = basket.lines.select_related("variant__product", "location").filter(position=position).first()
    if line is None or line.quantity != seen:
        raise Refusal("changed_meanwhile", _("This basket was changed on another device. Look again, then decide."))
    return line


def _write(line: BasketLine, quantity: int) -> None:
    if quantity:
        line.quantity = quantity
        line.save(update_fields=["quantity"])
    else:
        line.delete()


def _let_go_of_pieces(line: BasketLine, quantity: int) -> None:
    """Never more serial numbers than units: those scanned last go."""
    if line.pk:
        pieces = list(line.pieces.all())
        for item, units in line.parts:
            for piece in [piece for piece in pieces if piece.variant_id == item.pk][units * quantity :]:
                piece.delete()


def _place(basket: Basket, method: str, code: str | None, now: datetime) -> Location | None:
    if method == Method.SHIP:
        return None
    if method not in AT_A_STORE:
        raise Invalid("unknown_method", _("Choose how the shopper gets it."))
    if method == Method.CARRY_OUT:
        return basket.location
    place = Location.everywhere.filter(code=code or basket.location.code, is_active=True, can_pick_up=True).first()
    if place is None:
        raise Invalid("no_pickup", _("Nothing can be picked up there."))
    if place.is_paused(now):
        raise Refusal("paused", _("%s takes no orders just now.") % place.name)
    return place
