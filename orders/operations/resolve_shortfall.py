"""The shelf was emptied under its promises: those made last move to another location, or ask their customer."""

from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import Location, Reservation, StockLevel
from inventory.operations.close_promise import Part, release
from inventory.operations.owed_units import give_way
from inventory.operations.supply_moves import lose_kept
from omni.core.actors import Actor
from omni.core.operation import operation, retried
from orders.models import FulfillmentLine, FulfillmentOrder
from orders.models.fulfillment_order import Status
from orders.operations.find_elsewhere import exclude, find_elsewhere
from orders.operations.finish_work import finish_work
from orders.operations.lose_units import lose_units

BY = Actor.system("shortfall")
MOVABLE = (Status.PLANNED, Status.RELEASED, Status.ACCEPTED, Status.PICKING)


def resolve_shortfall(*, variant_id: int, location_id: int, now: datetime) -> int:
    """Free as many unpicked promises as the shelf is short, last made first; returns the units moved.

    Transfers between stores give way before any customer, those that customers wait for after the ones at this shelf.

    Units already picked stay: somebody has them in their hands. Each work moves in a transaction of its own, so that
    no order's lock is waited for while stock is held; a crash in between leaves the rest for the next try.
    """
    moved = give_way(variant_id=variant_id, location_id=location_id, now=now, for_orders=False)
    moved += lose_kept(variant_id=variant_id, location_id=location_id, now=now)
    for number, line_id in _candidates(variant_id, location_id):
        if not _shortfall(variant_id, location_id):
            break
        moved += _move(number=number, line_id=line_id, now=now)
    return moved + give_way(variant_id=variant_id, location_id=location_id, now=now, for_orders=True)


def _shortfall(variant_id: int, location_id: int) -> int:
    rows = StockLevel.objects.filter(variant=variant_id, location=location_id)
    return rows.values_list("shortfall", flat=True).first() or 0


def _candidates(variant_id: int, location_id: int) -> list[tuple[str, int]]:
    held = Reservation.objects.held().filter(
        variant=variant_id, location=location_id, demand_key__startswith="fulfillment-line:"
    )
    ids = [int(key.partition(":")[2]) for key in held.order_by("-pk").values_list("demand_key", flat=True)]
    numbers = dict(FulfillmentLine.objects.filter(pk__in=ids).values_list("pk", "fulfillment_order__number"))
    return [(numbers[pk], pk) for pk in ids if pk in numbers]


@retried
@operation
def _move(*, number: str, line_id: int, now: datetime) -> int:
    work = FulfillmentOrder.objects.lock(number)
    if work.status not in MOVABLE:
        return 0
    line = work.lines.select_for_update(of=("self",)).select_related("order_line").get(pk=line_id)
    quantity = min(_shortfall(line.variant_id, work.location_id), line.to_pick_quantity)
    if not quantity:
        return 0
    place: Location = work.location
    reason = _("sold in the store")
    lose_units(work=work, units={line: quantity}, now=now)
    exclude(lines=[line.order_line], location=place, reason=reason, now=now)
    finish_work(work=work, by=BY, now=now, reason=reason)
    release(parts=[Part(line.demand_key, quantity)], by=BY, now=now)
    find_elsewhere(work=work, units={line.order_line: quantity}, by=BY, now=now)
    return quantity
