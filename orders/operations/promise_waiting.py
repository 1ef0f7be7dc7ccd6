"""Stock came: promise it to the orders that wait, oldest first."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.core.operation import operation
from omni.core.settings_store import setting
from orders import preferences
from orders.models import Order, OrderException, OrderLine, PickupChoice, RoutingDecision
from orders.operations.assign import allocate
from orders.operations.find_elsewhere import excluded_sites
from orders.operations.keep_decision import keep_decisions
from orders.operations.plan_lines import destination, plan_lines
from orders.operations.raise_exception import settle_exception
from orders.operations.supply_days import kept_units

BY = Actor.system("waiting orders")


def waiting_orders(*, variant_ids: Iterable[int] | None = None, limit: int = 100) -> list[int]:
    """Numbers of orders with units that could be promised, oldest first.

    A line whose customer is asked waits for the answer, and one that failed too often waits for HQ (`retry_waiting`).
    """
    asked = PickupChoice.objects.filter(order_line=OuterRef("pk"), answer="")
    lines = OrderLine.objects.waiting().filter(~Exists(asked), attempts__lt=setting(preferences.MAX_ATTEMPTS))
    if variant_ids is not None:
        lines = lines.filter(variant__in=list(variant_ids))
    numbers = lines.values_list("order__number", flat=True)[: limit * 5]
    return list(dict.fromkeys(numbers))[:limit]


@operation
def promise_waiting(*, number: int, now: datetime) -> int:
    """Promise what can be promised of one order's waiting units; returns how many units got a place."""
    order = Order.objects.select_for_update(skip_locked=True).filter(number=number).first()
    if order is None:
        return 0  # somebody works on it: they, or the next round, will see the stock
    asked = PickupChoice.objects.filter(order_line__order=order, answer="").values("order_line")
    waiting = order.lines.filter(waiting_quantity__gt=0, attempts__lt=setting(preferences.MAX_ATTEMPTS))
    lines = list(waiting.exclude(pk__in=asked))
    if not lines:
        return 0
    kept = kept_units(lines)
    plan = plan_lines(
        lines=lines, quantities={line.position: line.waiting_quantity - kept.get(line.pk, 0) for line in lines},
        now=now, widen=True,
        channel=order.channel, near=destination(order.shipping_address), excluded=excluded_sites(lines),
        tags=order.tags,
    )  # fmt: skip
    assigned = allocate(order=order, assignments=plan.assignments, by=BY, now=now)
    if assigned.failed:
        return 0
    if assigned.works:
        keep_decisions(order=order, decided=plan.decided, kind=RoutingDecision.Kind.WAITING, now=now)
    if not order.lines.filter(waiting_quantity__gt=0).exists():
        for kind in (OrderException.Kind.WAITING, OrderException.Kind.ATTEMPTS):
            settle_exception(order=order, kind=kind, resolution=_("promised from new stock"), by=BY, now=now)
    return sum(each.quantity for each in plan.assignments)
