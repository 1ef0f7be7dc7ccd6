"""Parcels in every state: on the packing table, waiting for a label or a truck, and on the road with their carrier."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from omni.core.refusals import Refusal
from omni.demo.acts import minutes, released, staged
from omni.demo.scene import Scene
from orders.carriers.port import News
from orders.models import Carton, FulfillmentOrder, Shipment
from orders.operations.buy_label import buy_label
from orders.operations.follow import record_news
from orders.operations.manifest import open_manifest, scan_parcel
from orders.operations.pack import Box, pack, pack_unit

GROUND = "SimPost/Ground"
# How a parcel's way ends, and how often in a hundred.
ENDINGS = {"delivered": 84, "in_transit": 8, "returned": 5, "lost": 3}  # weights


def half_packed(scene: Scene) -> None:
    """A colleague was called away with one unit in the box."""
    for work in _in_totes(scene, lines=2):
        line = work.lines.order_by("pk")[0]
        pack_unit(number=work.number, code=scene.barcode(line.variant_id), by=scene.picker(work.location),
                  now=scene.ago(7))  # fmt: skip


def needs_label(scene: Scene) -> None:
    """Closed and weighed."""
    for work in _in_totes(scene):
        _pack(scene, work)


def refused_label(scene: Scene) -> None:
    """The carrier knows no such house number; somebody has to ask the customer."""
    for work in _in_totes(scene):
        order = work.order
        order.shipping_address = (order.shipping_address or {}) | {"line2": "REFUSE"}
        order.save(update_fields=["shipping_address"])
        parcel = _pack(scene, work)
        with suppress(Refusal):
            buy_label(number=parcel.number, service=GROUND, by=scene.picker(work.location), now=scene.ago(25))


def waits_for_truck(scene: Scene) -> None:
    """Labelled; one of two is on the pile already."""
    for n, work in enumerate([*_in_totes(scene), *_in_totes(scene)]):
        by = scene.picker(work.location)
        parcel = _pack(scene, work)
        buy_label(number=parcel.number, service=GROUND, by=by, now=scene.ago(20))
        if n == 0:
            manifest = open_manifest(location=work.location, carrier="SimPost", by=by, now=scene.ago(10))
            scan_parcel(number=manifest.number, code=parcel.number, by=by, now=scene.ago(9))


def on_the_road(scene: Scene, works: list[FulfillmentOrder], left_at: datetime) -> None:
    """What the carrier told of parcels that left then: most arrived, some did not."""
    for parcel in Shipment.objects.filter(fulfillment_order__in=works, handed_over_at__isnull=False):
        ending = scene.rng.choices(list(ENDINGS), list(ENDINGS.values()))[0]
        steps = [("in_transit", timedelta(hours=5), _("Departed from facility"))]
        if ending != "in_transit":
            steps += [(ending, timedelta(hours=scene.rng.randrange(20, 70)), "")]
        for n, (status, after, words) in enumerate(steps):
            if left_at + after < scene.now:
                news = News(f"{parcel.number}-{n}", parcel.tracking_number, status, left_at + after, words)
                record_news(news=news, source="demo", now=left_at + after)
        parcel.refresh_from_db()
        if parcel.status in (Shipment.Status.HANDED_OVER, Shipment.Status.IN_TRANSIT):
            Shipment.objects.filter(pk=parcel.pk).update(deliver_by=left_at + timedelta(days=3))


def _in_totes(scene: Scene, lines: int = 1) -> list[FulfillmentOrder]:
    """An order to be sent from the home store, picked into its tote."""
    order = scene.ship(scene.home, scene.ago(200), scene.basket(scene.home, lines=lines))
    works = [work for work in released(order, scene.ago(150)) if work.location.picks_by_hand]
    for work in works:
        staged(scene, [work], scene.ago(90))
    return works


def _pack(scene: Scene, work: FulfillmentOrder) -> Shipment:
    carton = Carton.objects.usable().filter(code="M").first()
    box = Box(carton=carton.code if carton else "", size_mm=None if carton else (400, 300, 200), weight_g=1800)
    return pack(number=work.number, box=box, by=scene.picker(work.location), now=scene.now - minutes(40))


# How often each is told when 200 orders are asked for.
STORIES = [(half_packed, 1), (needs_label, 1), (refused_label, 1), (waits_for_truck, 1)]
