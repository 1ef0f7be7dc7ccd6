"""Short words for what tests do all the time: one store, its picker, and an order on its way."""

from dataclasses import dataclass

from django.utils import timezone

from inventory.models import Location, StockHeld, StockLevel, Variant
from omni.core.actors import Actor
from omni.core.checks import run_checks
from orders.models import FulfillmentOrder, Order, PickList
from orders.operations.claim import claim
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.stage import stage
from tests.factories import LocationFactory, person

SITE = Actor.system("site")


def now():
    return timezone.now()


def audit() -> dict[str, list[str]]:
    """What `manage.py audit` would complain about; nothing, always."""
    return {finding.check: finding.first for finding in run_checks() if finding.count}


def level(variant: Variant, location: Location) -> tuple[int, int, int]:
    """(on hand, reserved, shortfall) of a shelf."""
    row = StockLevel.objects.get(variant=variant, location=location)
    return row.on_hand, row.reserved, row.shortfall


def held(variant: Variant, location: Location) -> dict[str, int]:
    rows = StockHeld.objects.filter(variant=variant, location=location, quantity__gt=0)
    return dict(rows.values_list("bucket", "quantity"))


@dataclass
class Shop:
    store: Location
    picker: Actor

    def release(self, order: Order) -> FulfillmentOrder:
        """The order's only work here, in the queue."""
        FulfillmentOrder.objects.filter(order=order).update(release_at=now())
        release_due(now=now())
        return order.fulfillment_orders.get(location=self.store, status="released")

    def claim(self, order: Order) -> tuple[FulfillmentOrder, PickList]:
        work = self.release(order)
        return work, claim(location=self.store, numbers=[work.number], by=self.picker, now=now())

    def picked(self, order: Order) -> FulfillmentOrder:
        """Every unit in the picker's hands."""
        work, pick_list = self.claim(order)
        for line in work.lines.select_related("order_line"):
            for _ in range(line.to_pick_quantity):
                pick(pick_list_id=pick_list.pk, code=line.order_line.sku, by=self.picker, now=now())
        return FulfillmentOrder.objects.get(pk=work.pk)

    def staged(self, order: Order, shelf: str = "S-1") -> FulfillmentOrder:
        return stage(number=self.picked(order).number, shelf_code=shelf, by=self.picker, now=now())


def open_shop(**store) -> Shop:
    place = LocationFactory(**store)
    return Shop(place, Actor.of(person("associate", at=place)))
