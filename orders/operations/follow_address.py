"""An order goes somewhere else: parcels that nobody works on are planned anew, of the others a person decides."""

from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.operation import operation
from omni.core.refusals import Refusal
from orders.models import FulfillmentOrder, Order, OrderException
from orders.models.fulfillment_order import OPEN, Status
from orders.models.order_line import Method
from orders.operations.raise_exception import raise_exception
from orders.operations.route_batch import route_some

WHERE = frozenset({"postal_code", "country"})  # what of an address says how far it is


def follow_address(*, number: int, changed: frozenset[str], now: datetime) -> None:
    """Once the change is written. What cannot move now is looked at again with all others in a minute."""
    if not changed & WHERE:
        return
    order = Order.objects.get(number=number)
    ask_person(number=number, now=now)
    try:
        route_some(orders=[order.pk], now=now)
    except Refusal:
        return


@operation
def ask_person(*, number: int, now: datetime) -> None:
    """Parcels that their location has already: somebody stops them, or lets them go."""
    order = Order.objects.lock(number)
    there = FulfillmentOrder.objects.filter(order=order, method=Method.SHIP, status__in=OPEN)
    works = list(there.exclude(status=Status.PLANNED).select_related("location").order_by("pk"))
    if works:
        detail = _("The address changed after release: %s") % ", ".join(
            f"{work.number} {work.location.name} ({work.get_status_display()})" for work in works
        )
        raise_exception(order=order, kind=OrderException.Kind.ADDRESS, detail=detail, now=now)
