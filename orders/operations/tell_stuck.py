"""An order that the minute's run cannot decide about: on HQ's list once, and off it when it is decided about again."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.backoff import told
from omni.core.operation import operation
from orders.models import Order, OrderException
from orders.operations.commit_moves import BY
from orders.operations.raise_exception import raise_exception, settle_exception

ROUTING = OrderException.Kind.ROUTING


def known_stuck() -> set[int]:
    """The orders (ids) that are on the list for it."""
    return set(OrderException.objects.filter(kind=ROUTING, resolved_at=None).values_list("order_id", flat=True))


@operation
def tell_stuck(*, order: int, failure: Exception, now: datetime) -> bool:
    """Put the order (its id) on HQ's list; False where it is there already, or somebody works on it right now: then
    the next run tells it."""
    found = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=order).first()
    if found is None or found.exceptions.filter(kind=ROUTING, resolved_at=None).exists():
        return False
    detail = _("It keeps the plan that it has, and is tried again each minute: %s") % told(failure)
    raise_exception(order=found, kind=ROUTING, detail=detail, now=now)
    return True


@operation
def tell_unstuck(*, orders: Collection[int], resolution: str, now: datetime) -> None:
    """Take them off the list; whoever somebody works on right now with the next run."""
    free = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=orders).order_by("pk")
    for order in free:
        settle_exception(order=order, kind=ROUTING, resolution=resolution, by=BY, now=now)
