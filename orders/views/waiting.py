"""What customers of this store wait for: item by item, who comes first, and when more should come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inventory.models import Location, PurchaseOrderLine, SupplyPromise, Variant
from inventory.places import StoreRequest
from omni.core.web import at_location
from orders.models import OrderLine
from orders.models.order_line import Method
from orders.operations.supply_days import kept_units, order_lines_of

SHOWN = 200


@dataclass
class Waiting:
    """One item: its lines in the order in which they get what comes, and the supply that is still to come."""

    variant: Variant
    lines: list[OrderLine] = field(default_factory=list)
    supply: list[PurchaseOrderLine] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(line.waiting_quantity for line in self.lines)

    @property
    def is_late(self) -> bool:
        return any(each.expected_on < timezone.localdate() for each in self.supply)


@at_location
def waiting(request: StoreRequest) -> HttpResponse:
    """Pickups here that nobody could promise yet, and parcels that wait for what comes to this store."""
    lines = list(_lines(request.location)[:SHOWN])
    here = kept_units(lines)
    for line in lines:
        line.kept = here.get(line.pk, 0)
        line.is_ours = line.pickup_location_id == request.location.pk
    items = _items(lines, request.location)
    return render(request, "orders/waiting.html", {
        "items": items, "today": timezone.localdate(), "units": sum(item.units for item in items)})  # fmt: skip


def _lines(here: Location) -> Any:
    """The oldest promise first; what was owed at once counts from the day it was bought."""
    promised = SupplyPromise.objects.filter(status__in=SupplyPromise.OPEN, order_line__purchase_order__location=here)
    ids = order_lines_of(promised.values_list("demand_key", flat=True))
    mine = Q(method=Method.PICKUP, pickup_location=here) | Q(pk__in=ids)
    rows = OrderLine.objects.filter(mine, waiting_quantity__gt=0).select_related("order", "variant__product")
    due = Coalesce("expected_on", TruncDate("order__placed_at"))
    return rows.annotate(due_on=due).order_by("due_on", "order__placed_at", "pk")


def _items(lines: Iterable[OrderLine], here: Location) -> list[Waiting]:
    items: dict[int, Waiting] = {}
    for line in lines:
        items.setdefault(line.variant_id, Waiting(line.variant)).lines.append(line)
    supply = PurchaseOrderLine.objects.coming(here).filter(variant__in=items).select_related("purchase_order")
    for each in supply.order_by("expected_on", "pk"):
        items[each.variant_id].supply.append(each)
    return list(items.values())
