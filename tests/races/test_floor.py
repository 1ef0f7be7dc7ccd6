"""Two people press at once: every act of the shop floor happens once, and the audit stays empty."""

from collections import Counter

import pytest
from django.utils import timezone

from inventory.models import LocationDay, StockLevel
from omni.core.actors import Actor
from omni.core.checks import run_checks
from omni.core.models import Event
from orders.models import Arrival, FulfillmentLine, HandOver, PickScan, SerialNumber
from orders.operations.arrive import Car, arrive
from orders.operations.cancel import cancel
from orders.operations.capture_serial import capture_serial
from orders.operations.claim import claim
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.name_collector import name_collector
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.settle import finalize_hand_overs
from orders.operations.stage import stage
from orders.pickup_code import pickup_code
from tests.factories import BarcodeFactory, LocationFactory, line, person, placed, stocked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SITE = Actor.system("site")
BY_ID = Collector(check="photo_id", name="Ada Byron")


def now():
    return timezone.now()


def audit() -> dict[str, list[str]]:
    return {finding.check: finding.first for finding in run_checks() if finding.count}


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def people(store):
    return [Actor.of(person("associate", at=store)) for _ in range(4)]


@pytest.fixture
def work(store):
    """Five units of one item, released."""
    variant = stocked(store, 5)
    order = placed(line(variant, 5, at=store))
    release_due(now=now())
    return order.fulfillment_orders.get()


def picked(work, store, by, units: int):
    pick_list = claim(location=store, numbers=[work.number], by=by, now=now())
    for _ in range(units):
        pick(pick_list_id=pick_list.pk, code=work.lines.get().order_line.sku, by=by, now=now())
    return pick_list


def test_two_people_never_take_the_same_work(race, store, work, people):
    ends = race(4, lambda n: claim(location=store, numbers=[work.number], by=people[n], now=now()) and None)
    assert ends == Counter(ok=1, taken=3)


def test_the_same_scan_sent_twice_counts_once(race, store, work, people):
    pick_list = claim(location=store, numbers=[work.number], by=people[0], now=now())
    sku = work.lines.get().order_line.sku

    race(4, lambda n: pick(pick_list_id=pick_list.pk, code=sku, key="scan-1", by=people[0], now=now()) and None)

    assert PickScan.objects.count() == 1
    assert FulfillmentLine.objects.get().picked_quantity == 1


def test_more_scans_than_units_are_refused(race, store, work, people):
    pick_list = picked(work, store, people[0], 3)
    sku = work.lines.get().order_line.sku

    ends = race(4, lambda n: pick(pick_list_id=pick_list.pk, code=sku, by=people[n], now=now()) and None)

    assert ends == Counter(ok=2, over_scan=2)
    assert audit() == {}


def test_a_double_press_hands_over_once(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())

    ends = race(3, lambda n: hand_over(number=work.number, collector=BY_ID, by=people[n], now=now()) and None)

    assert ends == Counter(ok=1, not_ready=2)
    assert HandOver.objects.count() == 1
    assert StockLevel.objects.get().on_hand == 0
    assert audit() == {}


def test_hand_over_and_cancellation_at_once_leave_one_truth(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())
    number = work.order.number

    def act(n: int) -> str:
        if n:
            cancel(number=number, reason="changed my mind", by=SITE, now=now())
            return "cancelled"
        hand_over(number=work.number, collector=BY_ID, by=people[0], now=now())
        return "handed over"

    ends = race(2, act)

    assert ends in (Counter({"handed over": 1, "nothing_open": 1}), Counter({"cancelled": 1, "not_ready": 1}))
    assert audit() == {}


def test_undo_and_final_at_once_are_one_of_both(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())
    handed = hand_over(number=work.number, collector=BY_ID, by=people[0], now=now())

    def act(n: int) -> str:
        if n:
            undo_hand_over(hand_over_id=handed.pk, by=people[0], now=handed.handed_over_at)
            return "undone"
        finalize_hand_overs(now=handed.undo_until)
        return "asked"

    race(2, act)

    handed.refresh_from_db()
    assert (handed.undone_at is None) != (handed.finalized_at is None)
    assert audit() == {}


def test_picking_and_cancelling_at_once_conserve_units(race, store, work, people):
    pick_list = picked(work, store, people[0], 1)
    sku, number = work.lines.get().order_line.sku, work.order.number

    def act(n: int) -> None:
        if n == 0:
            cancel(number=number, reason="changed my mind", by=SITE, now=now())
        else:
            pick(pick_list_id=pick_list.pk, code=sku, by=people[n], now=now())

    ends = race(4, act)

    assert ends["ok"] + ends["stopped"] == 4, ends
    assert audit() == {}
    put_back = store.put_backs.get().quantity
    assert StockLevel.objects.get().on_hand + put_back == 5


def test_two_releasers_release_each_work_once(race, store):
    variant = stocked(store, 50)
    for _ in range(6):
        placed(line(variant, at=store))

    released: list[int] = []
    race(3, lambda n: released.append(release_due(now=now())))

    assert sum(released) == 6
    assert audit() == {}


def test_a_day_takes_no_more_than_its_capacity(race):
    store = LocationFactory(pickup_capacity=2)
    variant = stocked(store, 50)

    assert race(5, lambda n: placed(line(variant, at=store)) and None) == Counter(ok=5)

    assert sorted(LocationDay.objects.values_list("used", flat=True)) == [1, 2, 2]
    assert audit() == {}


def test_one_piece_is_scanned_for_one_order_only(race, store, people):
    camera = stocked(store, 5, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    orders = [placed(line(camera, at=store)) for _ in range(2)]
    release_due(now=now())
    lists, lines = [], []
    for order, by in zip(orders, people, strict=False):
        work = order.fulfillment_orders.get()
        lists.append(claim(location=store, numbers=[work.number], by=by, now=now()))
        lines.append(pick(pick_list_id=lists[-1].pk, code=camera.sku, by=by, now=now()))

    def act(n: int) -> None:
        capture_serial(pick_list_id=lists[n].pk, line_id=lines[n].pk, serial="SN-1", by=people[n], now=now())

    assert race(2, act) == Counter(ok=1, double_serial=1)
    assert SerialNumber.objects.count() == 1
    assert audit() == {}


def test_two_taps_on_two_connections_are_one_arrival(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())

    ends = race(4, lambda n: arrive(number=work.number, car=Car(bay=str(n)), by=SITE, now=now()) and None)

    assert ends == Counter(ok=4)
    assert Arrival.objects.count() == 1
    assert Event.objects.filter(topic="orders.arrived").count() == 1
    assert audit() == {}


def test_a_customer_and_their_collector_at_two_tills_get_it_once(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())
    arrive(number=work.number, car=Car(), by=SITE, now=now())

    def act(n: int) -> str:
        if n == 2:
            name_collector(number=work.order.number, name="Bea Lee", by=SITE, now=now())
            return "named"
        collector = Collector("code", code=pickup_code(work.order.code_seed))
        hand_over(number=work.number, collector=collector, by=people[n], now=now(), seen=0)
        return "given"

    ends = race(3, act)

    assert ends["given"] == 1 and ends["already_handed_over"] == 1
    assert HandOver.objects.count() == 1
    assert Arrival.objects.get().served_at is not None
    assert audit() == {}


def test_an_arrival_and_a_hand_over_at_once_leave_nobody_waiting(race, store, work, people):
    picked(work, store, people[0], 5)
    stage(number=work.number, shelf_code="S1", by=people[0], now=now())

    def act(n: int) -> None:
        if n:
            arrive(number=work.number, car=Car(), by=SITE, now=now())
        else:
            hand_over(number=work.number, collector=BY_ID, by=people[0], now=now())

    race(2, act)

    assert not Arrival.objects.open().exists()
    assert audit() == {}
