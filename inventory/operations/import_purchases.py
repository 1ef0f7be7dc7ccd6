"""Purchase orders from a file: each row is an item of an order, and is written or changed as it says."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.csv_rows.purchase import PurchaseRow
from inventory.csv_rows.reading import BadLine, Line, Outcome
from inventory.models import Location, PurchaseOrder, PurchaseOrderLine, Variant
from inventory.operations.order_supply import Ordered, change_purchase_order, place_purchase_order
from omni.core.actors import Actor
from omni.core.operation import operation


@operation
def import_purchases(*, lines: Sequence[Line[PurchaseRow]], by: Actor, now: datetime) -> Outcome:
    """Write these lines (each number and SKU once). A second time changes nothing.

    Refused are unknown locations and SKUs, orders that are over, and fewer units than came.
    """
    places = {place.code: place for place in Location.objects.filter(code__in={line.row.location for line in lines})}
    variants = dict(Variant.objects.filter(sku__in={line.row.sku for line in lines}).values_list("sku", "pk"))
    numbers = {line.row.number for line in lines}
    locked = PurchaseOrder.objects.select_for_update(of=("self",)).filter(number__in=numbers).order_by("pk")
    orders = {order.number: order for order in locked}
    order_lines = PurchaseOrderLine.objects.filter(purchase_order__number__in=numbers).select_related("purchase_order")
    known = {(line.purchase_order.number, line.variant_id): line for line in order_lines}
    outcome = Outcome()
    wanted: dict[str, list[tuple[PurchaseRow, Ordered]]] = {}
    for line in lines:
        row, variant = line.row, variants.get(line.row.sku)
        have = known.get((row.number, variant or 0))
        if problem := _problem(row, variant, places, orders.get(row.number), have, wanted):
            outcome.refused.append(BadLine(line.number, problem, line.raw))
        elif have and (have.ordered_quantity, have.expected_on) == (row.quantity, row.expected_on):
            outcome.unchanged += 1
        else:
            wanted.setdefault(row.number, []).append((row, Ordered(variant or 0, row.quantity, row.expected_on)))
            outcome.changed += have is not None
            outcome.created += have is None
    for number, rows in wanted.items():
        ordered = [each for _row, each in rows]
        if number in orders:
            change_purchase_order(number=number, lines=ordered, reason=_("purchase import"), by=by, now=now)
        else:
            first = rows[0][0]
            place_purchase_order(number=number, supplier=first.supplier, location=places[first.location],
                                 lines=ordered, by=by, now=now)  # fmt: skip
    return outcome


def _problem(
    row: PurchaseRow, variant: int | None, places: dict[str, Location], order: PurchaseOrder | None,
    have: PurchaseOrderLine | None, wanted: dict[str, list],
) -> str:  # fmt: skip
    if row.location not in places:
        return _("No location has the code %s.") % row.location
    if variant is None:
        return _("No variant has the SKU %s.") % row.sku
    first = wanted.get(row.number)
    at = order.location_id if order else places[first[0][0].location].pk if first else places[row.location].pk
    if at != places[row.location].pk:
        return _("%s is for another location.") % row.number
    if order and not order.is_open:
        return _("%(number)s is %(status)s.") % {"number": row.number, "status": order.get_status_display().lower()}
    if have and row.quantity < have.received_quantity + have.closed_quantity:
        return _("%d of this item came already or were closed; no fewer can be ordered.") % (
            have.received_quantity + have.closed_quantity
        )
    return ""
