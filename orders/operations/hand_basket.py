"""A basket waits for its shopper, goes to a colleague, or is given up."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.operations.hold import release_hold
from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.refusals import NotAllowed, Refusal
from orders.models import Basket, BasketPiece
from orders.operations.change_basket import lock_open, require_unpaid, touch
from orders.operations.keep_units import is_kept, keep

Status = Basket.Status


@operation
def park_basket(*, basket_id, note: str = "", by: Actor, now: datetime) -> Basket:
    """Put it aside: anybody at this store can go on with it. Its units are kept until the time runs out."""
    basket = lock_open(basket_id, by)
    if not basket.lines.exists():
        raise Refusal("empty_basket", _("There is nothing in this basket to keep."))
    if is_kept(basket):
        keep(basket=basket, by=by, now=now)
    basket.status, basket.note = Status.PARKED, note.strip()[:200] or basket.note
    basket.age_over, basket.age_check = None, ""  # somebody else may come back for it
    touch(basket, now, "status", "note", "age_over", "age_check")
    return basket


@operation
def take_basket(*, basket_id, may_take_from_others: bool, by: Actor, now: datetime) -> Basket:
    """Go on with a parked basket; a lead may take one that somebody serves. One's own open one is parked meanwhile."""
    location_id = Basket.objects.values_list("location_id", flat=True).get(pk=basket_id)
    mine = Basket.objects.filter(status=Status.OPEN, associate_id=by.user_id, location_id=location_id)
    # Both are locked in one order, so that two people who swap baskets do not wait for each other.
    wanted = [*mine.values_list("pk", flat=True), basket_id]
    locked = {each.pk: each for each in Basket.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    basket = locked[basket_id]
    if basket.status == Status.OPEN and basket.associate_id == by.user_id:
        return basket
    if basket.status not in (Status.OPEN, Status.PARKED):
        raise Refusal("basket_closed", _("This basket was placed or given up a moment ago."))
    if basket.status == Status.OPEN and not may_take_from_others:
        raise NotAllowed("lead_required", _("A colleague serves this basket. Only a lead can take it over."))
    for other in locked.values():
        if other is not basket and other.status == Status.OPEN:
            _put_aside(other, now)
    assert by.user_id is not None
    basket.status, basket.associate_id = Status.OPEN, by.user_id
    touch(basket, now, "status", "associate_id")
    return basket


@operation
def drop_basket(*, basket_id, by: Actor, now: datetime) -> Basket:
    """The shopper wants none of it: all units are free again."""
    basket = lock_open(basket_id, by)
    require_unpaid(basket)
    if basket.hold_id:
        release_hold(hold_id=basket.hold_id, by=by, now=now)
    basket.status = Status.DROPPED
    touch(basket, now, "status")
    BasketPiece.objects.filter(line__basket=basket).delete()
    return basket


def _put_aside(basket: Basket, now: datetime) -> None:
    basket.status = Status.PARKED if basket.lines.exists() else Status.DROPPED
    basket.age_over, basket.age_check = None, ""
    touch(basket, now, "status", "age_over", "age_check")
