"""At the desk one unit after the other is scanned: the first opens the return, the others join it."""

from datetime import datetime

from inventory.models import AppliedEvent, Location
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from orders.models import Order
from returns.models import ReturnOrder
from returns.models.return_order import Status
from returns.operations.authorize import Channel, Wanted, add_units, authorize

SCANS = "return-scan"


@retried
@operation
def bring(
    *, order_number: int, reference: str, location: Location, by: Actor, now: datetime, serial: str = "",
    override: bool = False, key: str = "",
) -> ReturnOrder:  # fmt: skip
    """One more unit of this line, on the return that is open for the order at this desk.

    `key` is the device's name for the scan; the same key again changes nothing. `override` takes what a lead decides.
    """
    order = Order.objects.lock(order_number)
    here = open_at_desk(order, location)
    if key and AppliedEvent.objects.filter(source=SCANS, event_id=key).exists() and here:
        return here
    if key:
        AppliedEvent.objects.create(source=SCANS, event_id=key)
    wanted = [Wanted(reference=reference, serial=serial)]
    if here is None:
        return authorize(order_number=order_number, wanted=wanted, channel=Channel.STORE, location=location, by=by,
                         now=now, override=override)  # fmt: skip
    add_units(rma_number=here.rma_number, wanted=wanted, by=by, now=now, override=override)
    return here


def open_at_desk(order: Order, location: Location) -> ReturnOrder | None:
    """The return of this order that somebody began here and did not finish."""
    begun = ReturnOrder.objects.filter(order=order, location=location, channel=Channel.STORE, status=Status.AUTHORIZED)
    return begun.order_by("-pk").first()
