"""What goes on in the store that the demo people work in: something to do on each of its screens."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from omni.core.actors import Actor
from omni.demo.acts import ID_SEEN, collected, minutes, picked, released, scan, staged
from omni.demo.catalog import Item
from omni.demo.scene import Scene
from orders.models import FulfillmentOrder, PickList
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept
from orders.operations.arrive import Car, arrive, on_my_way
from orders.operations.cancel import cancel
from orders.operations.claim import claim
from orders.operations.expire import expire
from orders.operations.hand_over import Collector, hand_over
from orders.operations.hold_order import hold_order
from orders.operations.join import join
from orders.operations.name_collector import name_collector
from orders.operations.short_pick import short_pick
from orders.operations.stage import bring_to_packing, stage
from orders.operations.substitute import suggestions

THE_CUSTOMER = Actor("customer")


def late(scene: Scene) -> None:
    """Promised for a while ago, and nobody has started."""
    _to_pick(scene, scene.ago(scene.rng.randrange(15, 70)))


def due_soon(scene: Scene) -> None:
    """Promised within the hour."""
    _to_pick(scene, scene.ago(-scene.rng.randrange(8, 58)))


def due_later(scene: Scene) -> None:
    """There is time."""
    _to_pick(scene, scene.ago(-scene.rng.randrange(70, 115)))


def to_send(scene: Scene) -> None:
    """To be sent from here, to somebody around the corner; a colleague said yes to it."""
    order = scene.ship(scene.home, scene.ago(scene.rng.randrange(40, 90)))
    for work in _here(scene, released(order, scene.ago(30))):
        accept(number=work.number, by=scene.picker(scene.home), now=scene.ago(20))


def offered(scene: Scene) -> None:
    """The store is asked whether it sends this; in a while another store is asked."""
    order = scene.ship(scene.home, scene.ago(scene.rng.randrange(40, 90)))
    released(order, scene.ago(scene.rng.randrange(2, 12)))


def coming(scene: Scene) -> None:
    """Comes with one of the next waves."""
    scene.ship(scene.home, scene.ago(scene.rng.randrange(1, 5)))


def wave(scene: Scene) -> None:
    """Two colleagues walk for several parcels at once, each into its tote."""
    works = []
    for _order in range(4):
        order = scene.ship(scene.home, scene.ago(scene.rng.randrange(60, 120)), scene.basket(scene.home, lines=2))
        works += _here(scene, released(order, scene.ago(40)))
    if works:
        pick_list = _halfway(scene, works, scene.ago(8))
        helper = next(user for user in scene.staff.pickers if user.pk != pick_list.picker_id)
        join(pick_list_id=pick_list.pk, by=Actor.of(helper), now=scene.ago(5))
        for work in works[1:]:
            scan(scene, pick_list, work, Actor.of(helper), scene.ago(3), most=1)


def to_pack(scene: Scene) -> None:
    """A finished wave: its totes stand at the packing table."""
    works = []
    for _order in range(2):
        works += _here(scene, released(scene.ship(scene.home, scene.ago(150)), scene.ago(120)))
    if works:
        by = picked(scene, works, scene.ago(70))
        bring_to_packing(pick_list_id=PickList.objects.latest("pk").pk, by=by, now=scene.ago(50))


def being_picked(scene: Scene) -> None:
    """A colleague is halfway through."""
    at = scene.ago(scene.rng.randrange(60, 100))
    order = scene.pickup(scene.home, at, scene.basket(scene.home, lines=3, units=2))
    _halfway(scene, released(order, at), scene.ago(6))


def picked_together(scene: Scene) -> None:
    """Two orders on one walk."""
    at = scene.ago(scene.rng.randrange(60, 100))
    orders = [scene.pickup(scene.home, at, scene.basket(scene.home, lines=2)) for _ in range(2)]
    _halfway(scene, [released(order, at)[0] for order in orders], scene.ago(4))


def stopped(scene: Scene) -> None:
    """The customer changed their mind while a colleague walks for them."""
    at = scene.ago(80)
    order = scene.pickup(scene.home, at, scene.basket(scene.home, lines=2, units=2))
    _halfway(scene, released(order, at), scene.ago(9))
    cancel(number=order.number, lines=[("2", 2)], reason=_("ordered twice"), by=scene.shop, now=scene.ago(2))


def ready(scene: Scene) -> None:
    """On its shelf, waiting for its customer."""
    at = scene.ago(scene.rng.randrange(150, 1800))
    staged(scene, released(scene.pickup(scene.home, at), at), at + minutes(40))


def ready_to_send(scene: Scene) -> None:
    """Packed, waiting for the carrier."""
    at = scene.ago(170)
    works = released(scene.ship(scene.home, at), scene.ago(100))
    for work in works:
        if work.location.picks_by_hand:
            staged(scene, [work], scene.ago(60))


def partly_collected(scene: Scene) -> None:
    """One of two lines was taken along, the other is picked up later."""
    at = scene.ago(300)
    (work,) = released(scene.pickup(scene.home, at, scene.basket(scene.home, lines=2)), at)
    staged(scene, [work], at + minutes(30))
    first = work.lines.order_by("pk")[0]
    collected(scene, work, scene.ago(90), units={first.pk: first.quantity})


def short(scene: Scene) -> None:
    """Something was not on its shelf: the rest is ready, the customer is asked, a count is raised."""
    at = scene.ago(scene.rng.randrange(150, 400))
    (work,) = released(scene.pickup(scene.home, at, scene.basket(scene.home, lines=2)), at)
    run_short(scene, work, at + minutes(20), scene.rng.choice(["not-found", "damaged"]))


def held(scene: Scene) -> None:
    """Promised, but kept from the store until somebody has looked at it."""
    order = scene.pickup(scene.home, scene.ago(50))
    hold_order(
        number=order.number, kind="fraud_review", note=_("card and address differ"), by=scene.shop, now=scene.ago(49)
    )


def collected_today(scene: Scene) -> None:
    """Handed over some hours ago."""
    at = scene.ago(scene.rng.randrange(300, 600))
    works = released(scene.pickup(scene.home, at), at)
    staged(scene, works, at + minutes(30))
    collected(scene, works[0], at + minutes(scene.rng.randrange(60, 200)))


def left_behind(scene: Scene) -> None:
    """The customer took one thing and did not want the other: it goes back to its shelf."""
    at = scene.ago(scene.rng.randrange(300, 500))
    (work,) = released(scene.pickup(scene.home, at, scene.basket(scene.home, lines=2)), at)
    staged(scene, [work], at + minutes(30))
    first = work.lines.order_by("pk")[0]
    collector = Collector("photo_id", name=work.order.contact_name)
    hand_over(number=work.number, collector=collector, units={first.pk: first.quantity}, cancel_remaining=True,
              age=ID_SEEN, by=scene.picker(scene.home), now=scene.ago(120))  # fmt: skip


def not_collected(scene: Scene) -> None:
    """Nobody came within five open days."""
    at = scene.day(scene.home, 8)
    works = released(scene.pickup(scene.home, at), at)
    staged(scene, works, at + minutes(30))
    expire(number=works[0].number, now=scene.now)


def outside(scene: Scene) -> None:
    """Its customer stands at a pickup bay, by car, since a few minutes."""
    work = _ready(scene, scene.basket(scene.home, lines=1))
    car = Car(bay=str(scene.rng.randrange(1, 9)), car="Honda Civic", color=_("silver"))
    on_my_way(number=work.number, car=car, by=THE_CUSTOMER, now=scene.ago(20))
    arrive(number=work.number, car=car, by=THE_CUSTOMER, now=scene.ago(2))


def on_the_way(scene: Scene) -> None:
    """Its customer has set out; a piece with a serial number is waiting for them."""
    work = _ready(scene, scene.one_of(scene.home, lambda item: item.variant.is_serial_tracked))
    on_my_way(number=work.number, car=Car(), by=THE_CUSTOMER, now=scene.ago(9))


def for_adults(scene: Scene) -> None:
    """Something that is only handed over after a look at an ID; a friend collects it."""
    work = _ready(scene, scene.one_of(scene.home, lambda item: item.variant.is_age_restricted))
    name_collector(number=work.order.number, name="Bea Lee", by=THE_CUSTOMER, now=scene.ago(30))


def something_instead(scene: Scene) -> None:
    """Not found, and the picker offered something alike: the customer has not answered yet."""
    at = scene.ago(130)
    (work,) = released(scene.pickup(scene.home, at, scene.basket(scene.home, lines=1, units=1)), at)
    line = work.lines.select_related("order_line__order", "order_line__variant__product").get()
    found = suggestions(line=line.order_line, location=scene.home, quantity=1)
    run_short(scene, work, at + minutes(20), "damaged", substitute=found[0].variant.sku if found else "")


def _ready(scene: Scene, basket: Sequence[tuple[Item, int]]) -> FulfillmentOrder:
    at = scene.ago(scene.rng.randrange(120, 300))
    (work,) = released(scene.pickup(scene.home, at, basket), at)
    staged(scene, [work], at + minutes(30))
    return work


def run_short(scene: Scene, work: FulfillmentOrder, at: datetime, reason: str, substitute: str = "") -> None:
    """Pick a work whose last line is short, and stage the rest."""
    by = scene.picker(work.location)
    pick_list = claim(location=work.location, numbers=[work.number], by=by, now=at)
    last = work.lines.order_by("-pk")[0]
    short_pick(pick_list_id=pick_list.pk, line_id=last.pk, quantity=last.quantity, reason_code=reason, by=by, now=at,
               substitute=substitute)  # fmt: skip
    scan(scene, pick_list, work, by, at)
    if work.lines.count() > 1:
        stage(number=work.number, shelf_code="R-1", by=by, now=at + minutes(6))


def _to_pick(scene: Scene, due: datetime) -> None:
    at = scene.before(scene.home, due)
    released(scene.pickup(scene.home, at), min(scene.now, at + minutes(1)))


def _here(scene: Scene, works: list[FulfillmentOrder]) -> list[FulfillmentOrder]:
    """What of an order the home store has to do."""
    return [work for work in works if work.location == scene.home and work.status == Status.RELEASED]


def _halfway(scene: Scene, works: list[FulfillmentOrder], at: datetime) -> PickList:
    by: Actor = scene.picker(scene.home)
    pick_list = claim(location=scene.home, numbers=[work.number for work in works], by=by, now=at)
    scan(scene, pick_list, works[0], by, at, most=2)
    return pick_list


# How often each is told when 200 orders are asked for.
STORIES = [
    (late, 2), (due_soon, 4), (due_later, 3), (to_send, 3), (offered, 4), (coming, 3), (wave, 1), (to_pack, 1),
    (being_picked, 1), (picked_together, 1), (stopped, 1),
    (ready, 6), (ready_to_send, 1), (partly_collected, 1), (short, 2), (held, 1), (collected_today, 5),
    (left_behind, 2), (not_collected, 1), (outside, 1), (on_the_way, 1), (for_adults, 1), (something_instead, 1),
]  # fmt: skip
