"""A customer comes by car: said once however often it is pressed, seen with its bay, served with its wait."""

from datetime import timedelta

import pytest

from omni.core.models import Event
from orders.models import Arrival
from orders.operations.arrive import Car, arrive, call_off, on_my_way
from orders.operations.cancel import cancel
from orders.operations.expire import expire
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.stage import stage
from tests.factories import line, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, now, open_shop

pytestmark = pytest.mark.django_db
BY_ID = Collector("photo_id", name="Ada Byron")
HONDA = Car(bay="4", car="Honda Civic", color="silver")


@pytest.fixture
def shop():
    return open_shop()


@pytest.fixture
def order(shop):
    return placed(line(stocked(shop.store, 3), 3, at=shop.store))


@pytest.fixture
def work(shop, order):
    return shop.staged(order)


def told(topic):
    return Event.objects.filter(topic=topic).count()


def test_on_the_way_then_there_then_served_with_the_wait(shop, work):
    start = now()
    on_my_way(number=work.number, car=HONDA, by=SITE, now=start)
    arrive(number=work.number, car=Car(bay="7"), by=SITE, now=start + timedelta(minutes=10))
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=start + timedelta(minutes=13))

    arrival = Arrival.objects.get()
    assert (arrival.bay, arrival.car, arrival.car_color) == ("7", "Honda Civic", "silver")
    assert arrival.on_my_way_at == start
    assert arrival.waited_seconds == 180
    assert Arrival.objects.waits(shop.store, start, start + timedelta(hours=1)) == {
        "served": 1, "mean_seconds": 180, "longest_seconds": 180,
    }  # fmt: skip
    assert (told("orders.on_my_way"), told("orders.arrived")) == (1, 1)
    assert Event.objects.get(topic="orders.arrived").payload["bay"] == "7"
    assert audit() == {}


def test_arrived_before_it_is_ready_waits_from_when_it_is(shop, order):
    work = shop.picked(order)
    start = now()
    arrive(number=work.number, car=HONDA, by=SITE, now=start)
    assert Arrival.objects.get().wait(ready_at=None, now=start + timedelta(minutes=9)).started_at is None
    stage(number=work.number, shelf_code="S1", by=shop.picker, now=start + timedelta(minutes=10))
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=start + timedelta(minutes=12))
    assert Arrival.objects.get().waited_seconds == 120
    assert audit() == {}


def test_a_second_press_changes_the_bay_and_not_the_clock(work):
    start = now()
    arrive(number=work.number, car=HONDA, by=SITE, now=start)
    arrive(number=work.number, car=Car(bay="5", color=""), by=SITE, now=start + timedelta(minutes=3))
    arrival = Arrival.objects.get()
    assert (arrival.arrived_at, arrival.bay, arrival.car, arrival.car_color) == (start, "5", "Honda Civic", "")
    assert told("orders.arrived") == 1


def test_on_my_way_after_arriving_changes_nothing(work):
    start = now()
    arrive(number=work.number, car=HONDA, by=SITE, now=start)
    on_my_way(number=work.number, car=Car(), by=SITE, now=start + timedelta(minutes=1))
    arrival = Arrival.objects.get()
    assert (arrival.arrived_at, arrival.on_my_way_at) == (start, None)
    assert told("orders.on_my_way") == 0


def test_called_off_and_come_again_is_another_wait(shop, work):
    start = now()
    arrive(number=work.number, car=HONDA, by=SITE, now=start)
    for _ in range(2):
        call_off(number=work.number, by=SITE, now=start + timedelta(minutes=1))
    arrive(number=work.number, car=HONDA, by=SITE, now=start + timedelta(minutes=30))
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=start + timedelta(minutes=31))
    assert list(Arrival.objects.order_by("pk").values_list("waited_seconds", flat=True)) == [None, 60]
    assert told("orders.arrival_cancelled") == 1
    assert audit() == {}


def test_a_device_ahead_of_time_is_taken_at_its_word_no_later_than_now(work):
    moment = now()
    arrive(number=work.number, car=Car(), by=SITE, now=moment, at=moment + timedelta(hours=2))
    assert Arrival.objects.get().arrived_at == moment


def test_an_undone_hand_over_lets_the_customer_wait_on_since_they_came(shop, work):
    start = now()
    arrive(number=work.number, car=HONDA, by=SITE, now=start)
    handed = hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=start + timedelta(minutes=1))
    undo_hand_over(hand_over_id=handed.pk, by=shop.picker, now=start + timedelta(minutes=1, seconds=30))
    assert Arrival.objects.open().get().arrived_at == start
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=start + timedelta(minutes=3))
    assert Arrival.objects.get().waited_seconds == 180
    assert audit() == {}


def test_nobody_is_waited_for_once_the_order_is_cancelled_or_expired(shop, work):
    other = shop.staged(placed(line(stocked(shop.store, 1), at=shop.store)))
    for each in (work, other):
        arrive(number=each.number, car=HONDA, by=SITE, now=now())
    cancel(number=work.order.number, reason="no", by=SITE, now=now())
    expire(number=other.number, now=now() + timedelta(days=30))
    assert not Arrival.objects.open().exists()
    assert audit() == {}


def test_nobody_arrives_for_what_was_collected(shop, work):
    hand_over(number=work.number, collector=BY_ID, by=shop.picker, now=now())
    for act in (arrive, on_my_way):
        with refused("nothing_to_collect"):
            act(number=work.number, car=HONDA, by=SITE, now=now())
    assert not Arrival.objects.exists()
