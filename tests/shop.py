"""Short words for what tests do all the time: one store, its picker, and an order on its way."""

from dataclasses import dataclass

from django.utils import timezone

from inventory.models import Location, StockHeld, StockLevel, Variant
from omni.core.actors import Actor
from omni.core.checks import Violators, checks, run_checks
from omni.core.prepared import prepared
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
    return {finding.check: finding.first for finding in run_checks() if finding.count} if _is_unsound() else {}


def _is_unsound() -> bool:
    """Whether any check finds anything, all of them asked by one statement that is planned once: a hundred plans take
    ten times as long as looking through a test's few rows, and hundreds of tests ask."""
    found = [one.find() for one in checks().values()]
    asked = [Violators(each) if isinstance(each, str) else each for each in found if isinstance(each, str | Violators)]
    texts = [each.sql if each.params else each.sql.replace("%", "%%") for each in asked]
    with prepared() as cursor:
        cursor.execute(
            "SELECT " + " OR ".join(f"EXISTS (SELECT FROM ({text}) v)" for text in texts),
            [value for each in asked for value in each.params],
        )
        if cursor.fetchone() == (True,):
            return True
    return any(True for each in found if not isinstance(each, str | Violators) for _violator in each)


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
