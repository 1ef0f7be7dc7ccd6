"""What went on in the rest of the chain during the last days, and what HQ has to look at."""

from django.utils.translation import gettext as _

from omni.demo.acts import PARTNER, collected, minutes, picked, released, sent, staged, works_of
from omni.demo.home_stories import run_short
from omni.demo.parcel_stories import on_the_road
from omni.demo.scene import Scene
from orders.models.fulfillment_order import Status
from orders.operations.accept import flag_overdue
from orders.operations.cancel import cancel
from orders.operations.decline import decline
from orders.operations.demo_partners import FORGOTTEN
from orders.operations.expire import expire
from orders.operations.hold_order import hold_order

A_DAY = 24 * 60
MORE_THAN_A_STORE_HAS = 19


def handed_over(scene: Scene) -> None:
    """Collected, some days ago."""
    store = scene.store()
    at = scene.day(store, scene.rng.randrange(2, 9))
    works = released(scene.pickup(store, at), at)
    staged(scene, works, at + minutes(30))
    collected(scene, works[0], at + minutes(scene.rng.choice([90, 150, A_DAY])))


def released_to_store(scene: Scene) -> None:
    """Waits in another store's queue."""
    at = scene.ago(scene.rng.randrange(5, 50))
    released(scene.pickup(scene.store(), at), scene.now)


def being_picked(scene: Scene) -> None:
    """Picked, not yet on a shelf."""
    at = scene.ago(scene.rng.randrange(20, 60))
    picked(scene, released(scene.pickup(scene.store(), at), at), scene.ago(10))


def ready(scene: Scene) -> None:
    """Waits for its customer."""
    store = scene.store()
    at = scene.day(store, 1)
    staged(scene, released(scene.pickup(store, at), at), at + minutes(30))


def short(scene: Scene) -> None:
    """A store did not find something; its customer has not answered yet."""
    store = scene.store()
    at = scene.day(store, 1)
    (work,) = released(scene.pickup(store, at, scene.basket(store, lines=2)), at)
    run_short(scene, work, at + minutes(25), scene.rng.choice(["not-found", "damaged", "sold-just-now"]))


def cancelled_early(scene: Scene) -> None:
    """Cancelled before anybody had started."""
    at = scene.day(store := scene.store(), scene.rng.randrange(1, 6))
    order = scene.pickup(store, at)
    cancel(number=order.number, reason=_("found it cheaper"), by=scene.shop, now=at + minutes(4))


def cancelled_late(scene: Scene) -> None:
    """Cancelled when it was ready: a put-back task."""
    at = scene.day(store := scene.store(), scene.rng.randrange(1, 4))
    order = scene.pickup(store, at)
    staged(scene, released(order, at), at + minutes(30))
    cancel(number=order.number, reason=_("no longer needed"), by=scene.shop, now=at + minutes(400))


def not_collected(scene: Scene) -> None:
    """Expired."""
    at = scene.day(store := scene.store(), 10)
    works = released(scene.pickup(store, at), at)
    staged(scene, works, at + minutes(30))
    expire(number=works[0].number, now=scene.now)


def held(scene: Scene) -> None:
    """HQ has a question."""
    order = scene.ship(scene.store(), scene.ago(scene.rng.randrange(30, 300)))
    kind = scene.rng.choice(["payment", "fraud_review", "address"])
    hold_order(number=order.number, kind=kind, note=_("please look at this one"), by=scene.shop, now=scene.ago(20))


def waiting(scene: Scene) -> None:
    """Sold on a marketplace, and nobody has it: waits, visible, until stock comes."""
    item = scene.rng.choice(scene.sold_out)
    scene.ship(
        scene.store(),
        scene.ago(scene.rng.randrange(100, 3000)),
        [(item, scene.rng.randrange(1, 4))],
        on_shortage="accept",
    )


def backordered(scene: Scene) -> None:
    """One line goes now, one when it comes."""
    store = scene.store()
    basket = [*scene.basket(store, lines=1), (scene.rng.choice(scene.sold_out), 1)]
    order = scene.ship(store, scene.ago(2000), basket, on_shortage="backorder")
    sent(scene, released(order, scene.ago(1900)), scene.ago(1800))


def overdue(scene: Scene) -> None:
    """A distribution center has not confirmed in time."""
    center = scene.rng.choice(scene.network.centers)
    basket = scene.basket(center, lines=1, units=MORE_THAN_A_STORE_HAS)
    order = scene.ship(center, scene.ago(9 * 60), basket, tags=[FORGOTTEN])
    released(order, scene.ago(8 * 60))
    flag_overdue(now=scene.now)


def declined(scene: Scene) -> None:
    """A location said no; the order went elsewhere in the same act."""
    order = scene.ship(scene.store(), scene.ago(scene.rng.randrange(200, 900)))
    (work, *_others) = released(order, scene.ago(160))
    by = scene.picker(work.location) if work.location.picks_by_hand else PARTNER
    decline(
        number=work.number, reason=scene.rng.choice([_("Too much work"), _("Out of stock")]), by=by, now=scene.ago(120)
    )
    released(order, scene.ago(60))


def planned(scene: Scene) -> None:
    """Within its grace: no store has seen it yet."""
    scene.ship(scene.store(), scene.ago(scene.rng.randrange(1, 15)))


def shipped(scene: Scene) -> None:
    """Sent, mostly from a store nearby."""
    at = scene.day(store := scene.store(), scene.rng.randrange(1, 9))
    works = released(scene.ship(store, at), at + minutes(31))
    sent(scene, works, at + minutes(60))
    on_the_road(scene, works, at + minutes(120))


def shipped_from_center(scene: Scene) -> None:
    """More than a store has."""
    center = scene.rng.choice(scene.network.centers)
    at = scene.day(center, scene.rng.randrange(1, 9))
    order = scene.ship(center, at, scene.basket(center, lines=1, units=MORE_THAN_A_STORE_HAS))
    works = released(order, at + minutes(31))
    sent(scene, works, at + minutes(90))
    on_the_road(scene, works, at + minutes(150))


def shipped_by_vendor(scene: Scene) -> None:
    """Furniture goes straight from its maker."""
    at = scene.day(vendor := scene.network.vendor, scene.rng.randrange(1, 9))
    order = scene.ship(vendor, at, scene.basket(vendor, lines=1, units=1))
    sent(scene, released(order, at + minutes(31)), at + minutes(200))


def mixed(scene: Scene) -> None:
    """One thing is collected, one is sent; the parcel has left, the rest waits."""
    at = scene.day(store := scene.store(), 1)
    order = scene.mixed(store, at)
    released(order, at + minutes(31))
    for work in works_of(order):
        if work.method == "ship":
            sent(scene, [work], at + minutes(60))
        elif work.status == Status.RELEASED:
            staged(scene, [work], at + minutes(60))


# How often each is told when 200 orders are asked for; the last one fills up.
STORIES = [
    (released_to_store, 14), (being_picked, 5), (ready, 14), (short, 5), (cancelled_early, 5), (cancelled_late, 3),
    (not_collected, 6), (held, 4), (waiting, 4), (backordered, 2), (overdue, 3), (declined, 6), (shipped, 22),
    (shipped_from_center, 12), (shipped_by_vendor, 4), (mixed, 4), (planned, 5),
]  # fmt: skip
