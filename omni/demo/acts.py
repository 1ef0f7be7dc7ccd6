"""What the staff of the demo does: the same operations as behind every screen, at a time of the story's choosing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from omni.core.actors import Actor
from omni.demo.scene import Scene
from orders.models import FulfillmentOrder, Order, PickList
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import claim
from orders.operations.hand_over import AgeCheck, Collector, hand_over
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.ship import ship
from orders.operations.stage import stage
from orders.pickup_code import pickup_code

SHELVES = [f"{rack}-{level}" for rack in "RST" for level in range(1, 7)]
CARRIERS = ("UPS", "FedEx", "USPS")
PARTNER = Actor.system("partner")

ID_SEEN = AgeCheck(over=21, how="photo_id")  # counts only where something is age-restricted

Works = Sequence[FulfillmentOrder]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def works_of(order: Order) -> list[FulfillmentOrder]:
    return list(order.fulfillment_orders.select_related("location", "order").order_by("pk"))


def released(order: Order, at: datetime) -> list[FulfillmentOrder]:
    """The order's work after it, and what else is due at `at`, was given to its locations; no wave is waited for."""
    FulfillmentOrder.objects.filter(order=order, status=Status.PLANNED, release_at__gt=at).update(release_at=at)
    release_due(now=at)
    return works_of(order)


def scan(scene: Scene, pick_list: PickList, work: FulfillmentOrder, by: Actor, at: datetime, most: int = 1000) -> None:
    """Pick up to `most` units of a work, one scan each."""
    for line in work.lines.select_related("variant").order_by("pk"):
        for _unit in range(min(most, line.to_pick_quantity)):
            pick(pick_list_id=pick_list.pk, code=scene.barcode(line.variant_id), by=by, now=at)
            if line.variant.is_serial_tracked:
                capture_serial(pick_list_id=pick_list.pk, line_id=line.pk, serial=scene.serial(), by=by, now=at)
            most -= 1


def picked(scene: Scene, works: Works, at: datetime) -> Actor:
    """One person walks for these works of one location and finds everything."""
    by = scene.picker(works[0].location)
    pick_list = claim(location=works[0].location, numbers=[work.number for work in works], by=by, now=at)
    for work in works:
        scan(scene, pick_list, work, by, at + minutes(3))
    return by


def staged(scene: Scene, works: Works, at: datetime) -> None:
    """Picked and put on a shelf of the staging area."""
    by = picked(scene, works, at)
    for work in works:
        stage(number=work.number, shelf_code=scene.rng.choice(SHELVES), by=by, now=at + minutes(8))


def collected(scene: Scene, work: FulfillmentOrder, at: datetime, **how) -> None:
    """The customer came: with the code, or with an ID."""
    code = pickup_code(work.order.code_seed)
    by_code, by_name = Collector("code", code=code), Collector("photo_id", name=work.order.contact_name)
    collector = by_code if scene.rng.random() < 0.7 else by_name
    hand_over(number=work.number, collector=collector, by=scene.picker(work.location), now=at, age=ID_SEEN, **how)


def sent(scene: Scene, works: Works, at: datetime) -> None:
    """Everything leaves with a carrier: a store picks and stages first, a partner confirms."""
    for work in works:
        by = PARTNER
        if work.location.picks_by_hand:
            staged(scene, [work], at)
            by = scene.picker(work.location)
        elif work.status == Status.RELEASED:
            accept(number=work.number, by=by, now=at)
        tracking = f"1Z{scene.rng.randrange(10**9, 10**10)}"
        ship(
            number=work.number,
            carrier=scene.rng.choice(CARRIERS),
            tracking_number=tracking,
            by=by,
            now=at + minutes(60),
        )
