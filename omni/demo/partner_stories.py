"""A dropship partner that works by hand: its agreement and stock file, and orders of it in every state."""

from datetime import datetime, timedelta
from decimal import Decimal

from inventory.models import Feed, StockLevel
from inventory.operations.receive_snapshot import receive_snapshot
from inventory.operations.reconcile import reconcile
from inventory.operations.set_level import Level, set_levels
from omni.core.actors import Actor
from omni.demo.acts import CARRIERS, minutes, released
from omni.demo.network import Network
from omni.demo.parcel_stories import on_the_road
from omni.demo.scene import Scene
from orders.models import FulfillmentOrder, Partner
from orders.operations.acknowledge import acknowledge
from orders.operations.confirm import confirm
from orders.operations.partner_alarms import watch_partners
from orders.operations.refuse_units import refuse_units
from orders.operations.ship_parcels import Left, ship_parcels

BY = Actor.system("demo")
RHYTHM = 24 * 60  # minutes
SAID_ANEW = 40  # units that another house got of something before the partner refused it


def make_agreement(network: Network) -> Partner:
    """Half a working day to confirm, a working day to ship; its stock comes as a file each day."""
    place = network.partner
    feed = Feed.objects.create(
        code="partner-file", name=place.name, kind=Feed.Kind.PARTNER, location=place, rhythm_minutes=RHYTHM,
        tolerance_units=2, tolerance_value=Decimal(5000),
    )  # fmt: skip
    return Partner.objects.create(
        location=place, feed=feed, ship_days=1, confirm_minutes=240, contact_name="Petra Maas",
        contact_email="orders@maplemain.example",
    )  # fmt: skip


def send_stock_file(scene: Scene) -> None:
    """This morning's file: one item fewer than we thought, one more than may be taken over unseen."""
    place = scene.network.partner
    shelves = StockLevel.objects.filter(location=place).select_related("variant").order_by("variant__sku")
    rows = ["sku,location,quantity"]
    for n, shelf in enumerate(shelves):
        rows.append(f"{shelf.variant.sku},{place.code},{shelf.on_hand + {0: -1, 1: 9}.get(n, 0)}")
    receive_snapshot(
        feed=Feed.objects.get(code="partner-file"), chunks=["\n".join([*rows, ""]).encode()], name="stock-today.csv",
        as_of=scene.now, by=_by(scene), now=scene.now,
    )  # fmt: skip
    while reconcile(now=scene.now):
        pass


def new(scene: Scene) -> None:
    """Reached the partner, who has not looked at it."""
    _out(scene, scene.ago(scene.rng.randrange(35, 70)))


def confirmed(scene: Scene) -> None:
    """Confirmed under the partner's own number; it leaves on the promised day."""
    work = _out(scene, at := scene.ago(scene.rng.randrange(100, 200)))
    acknowledge(number=work.number, reference=_number(scene), by=_by(scene), now=at + minutes(40))
    confirm(number=work.number, by=_by(scene), now=at + minutes(45))


def shipped(scene: Scene) -> None:
    """Left with a tracking number, some days ago."""
    at = scene.day(scene.network.partner, scene.rng.randrange(2, 7))
    work = _out(scene, at)
    acknowledge(number=work.number, reference=_number(scene), by=_by(scene), now=at + minutes(60))
    tracking = f"1Z{scene.rng.randrange(10**9, 10**10)}"
    ship_parcels(number=work.number, parcels=[Left(scene.rng.choice(CARRIERS), tracking)], by=_by(scene),
                 now=at + minutes(150))  # fmt: skip
    on_the_road(scene, [work], at + minutes(150))


def refused(scene: Scene) -> None:
    """The partner cannot send it; a distribution center, which got some meanwhile, does."""
    work = _out(scene, at := scene.ago(scene.rng.randrange(120, 240)))
    center = scene.network.centers[0]
    levels = [
        Level(line.variant_id, center.pk, SAID_ANEW, safety_stock=0, aisle="", bin="") for line in work.lines.all()
    ]
    set_levels(levels=levels, reason="opening stock", by=BY, now=at + minutes(50))
    refuse_units(number=work.number, reason_code="cannot-ship", by=_by(scene), now=at + minutes(60))
    released(work.order, scene.ago(30))


def late(scene: Scene) -> None:
    """Nobody at the partner has answered for days: HQ and the partner's contact are told."""
    _out(scene, scene.day(scene.network.partner, 4))
    watch_partners(now=scene.now)


def _out(scene: Scene, at: datetime) -> FulfillmentOrder:
    """An order of something that only the partner makes, as it reached it."""
    partner = scene.network.partner
    order = scene.ship(partner, at, scene.basket(partner, lines=1, units=1))
    (work,) = released(order, at + timedelta(minutes=31))
    return work


def _by(scene: Scene) -> Actor:
    return Actor.of(scene.staff.partner)


def _number(scene: Scene) -> str:
    return f"SO-{scene.rng.randrange(4000, 9999)}"


# How often each is told when 200 orders are asked for.
STORIES = [(new, 3), (confirmed, 2), (shipped, 4), (refused, 1), (late, 1)]
