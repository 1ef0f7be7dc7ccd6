"""At the packing table and at the door: two people at once, and nothing is packed, bought or sent twice."""

from collections import Counter

import pytest
from django.utils import timezone

from inventory.models import StockMovement
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders import events
from orders.carriers.port import News
from orders.models import FulfillmentLine, Label, Shipment, SimulatedLabel, TrackingEvent
from orders.operations.buy_label import ask_carrier, buy_label, start_label
from orders.operations.cancel import cancel
from orders.operations.follow import record_news
from orders.operations.manifest import close_manifest, open_manifest, scan_parcel
from orders.operations.pack import Box, pack, pack_unit
from orders.operations.unpack import unpack
from tests.factories import LocationFactory, person
from tests.factories.parcels import handed_over, labelled, packed, to_pack

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SITE = Actor.system("site")
GROUND = "SimPost/Ground"


def now():
    return timezone.now()


def audit() -> dict[str, list[str]]:
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@pytest.fixture
def store():
    return LocationFactory(line1="1 Oak St", city="Minneapolis", region="MN", postal_code="55401")


@pytest.fixture
def people(store):
    return [Actor.of(person("associate", at=store)) for _ in range(4)]


def test_two_packers_on_one_tote_pack_each_unit_once(race, store, people):
    work = to_pack(store, quantity=3)
    sku = work.lines.get().variant.sku
    ends = race(4, lambda n: pack_unit(number=work.number, code=sku, by=people[n], now=now()) and None)
    assert ends == Counter(ok=3, over_scan=1)
    assert (FulfillmentLine.objects.get().packed_quantity, Shipment.objects.count()) == (3, 1)
    assert audit() == {}


def test_the_same_packing_scan_sent_twice_counts_once(race, store, people):
    work = to_pack(store, quantity=3)
    sku = work.lines.get().variant.sku
    race(4, lambda n: pack_unit(number=work.number, code=sku, key="scan-1", by=people[0], now=now()) and None)
    assert FulfillmentLine.objects.get().packed_quantity == 1


def test_a_parcel_packed_twice_is_packed_once(race, store, people):
    work = to_pack(store)
    ends = race(3, lambda n: pack(number=work.number, box=Box(weight_g=900), by=people[n], now=now()) and None)
    assert ends == Counter(ok=1, nothing_to_pack=2)
    assert audit() == {}


def test_packing_against_cancelling_leaves_a_sound_order(race, store, people):
    work = to_pack(store)
    number = work.order.number
    acts = [
        lambda: pack(number=work.number, box=Box(weight_g=900), by=people[0], now=now()),
        lambda: cancel(number=number, reason="changed my mind", by=SITE, now=now()),
    ]
    ends = race(2, lambda n: acts[n]() and None)
    assert ends["ok"] >= 1
    assert set(Shipment.objects.values_list("status", flat=True)) <= {"unpacked"}
    assert audit() == {}


def test_a_label_asked_by_two_people_is_bought_once(race, store, people):
    parcel = packed(store)
    ends = race(3, lambda n: buy_label(number=parcel.number, service=GROUND, by=people[n], now=now()) and None)
    assert ends == Counter(ok=1, has_label=2)
    assert (SimulatedLabel.objects.count(), Label.objects.count()) == (1, 1)
    assert audit() == {}


def test_the_same_key_asked_in_parallel_is_sold_and_booked_once(race, store, people):
    """Somebody's second tap while the job looks the same key up."""
    parcel = packed(store)
    key = start_label(number=parcel.number, service=GROUND, by=people[0], now=now()).key
    ends = race(4, lambda n: ask_carrier(key=key, by=people[n], now=now()) and None)
    assert ends == Counter(ok=4)
    assert (SimulatedLabel.objects.count(), Label.objects.get().status) == (1, "bought")
    assert audit() == {}


def test_unpacking_while_a_label_is_bought_keeps_no_label_on_nothing(race, store, people):
    parcel = packed(store)
    acts = [
        lambda: buy_label(number=parcel.number, service=GROUND, by=people[0], now=now()),
        lambda: unpack(number=parcel.number, by=people[1], now=now()),
    ]
    race(2, lambda n: acts[n]() and None)
    assert not Label.objects.filter(status="bought", shipment__status="unpacked").exists()
    assert audit() == {}


def test_one_carrier_gets_one_open_manifest(race, store, people):
    numbers: set[int] = set()
    race(4, lambda n: numbers.add(open_manifest(location=store, carrier="UPS", by=people[n], now=now()).number))
    assert len(numbers) == 1
    assert audit() == {}


def test_a_manifest_closed_twice_sends_each_parcel_once(race, store, people):
    parcels = [labelled(store) for _ in range(2)]
    manifest = open_manifest(location=store, carrier="SimPost", by=people[0], now=now())
    for parcel in parcels:
        scan_parcel(number=manifest.number, code=parcel.number, by=people[0], now=now())
    ends = race(3, lambda n: close_manifest(number=manifest.number, by=people[n], now=now()) and None)
    assert ends == Counter(ok=1, manifest_closed=2)
    assert StockMovement.objects.filter(kind="ship").count() == 2
    assert Event.objects.filter(topic=events.SHIPPED).count() == 2
    assert audit() == {}


def test_closing_against_cancelling_sends_or_cancels_and_never_both(race, store, people):
    parcel = labelled(store)
    manifest = open_manifest(location=store, carrier="SimPost", by=people[0], now=now())
    scan_parcel(number=manifest.number, code=parcel.number, by=people[0], now=now())
    acts = [
        lambda: close_manifest(number=manifest.number, by=people[0], now=now()),
        lambda: cancel(number=parcel.order.number, reason="too late?", by=SITE, now=now()),
    ]
    race(2, lambda n: acts[n]() and None)
    parcel.refresh_from_db()
    order = parcel.fulfillment_order.order
    assert (parcel.status, order.status) in {("handed_over", "fulfilled"), ("unpacked", "cancelled")}
    assert audit() == {}


def test_the_same_news_from_hook_and_look_up_are_told_once(race, store):
    parcel = handed_over(store)
    news = News("e-1", parcel.tracking_number, "delivered", now())
    race(4, lambda n: record_news(news=news, source="simulator", now=now()) and None)
    assert (TrackingEvent.objects.count(), Event.objects.filter(topic=events.DELIVERED).count()) == (1, 1)
    assert audit() == {}
