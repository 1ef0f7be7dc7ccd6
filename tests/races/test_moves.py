"""A move of parcels against whoever changes the same order, shelf or day: each unit is promised once, where one looks
for it, and nobody waits for ever."""

from collections import Counter
from threading import Barrier

import pytest
from django.db import transaction

from inventory.models import Location, Reservation, StockLevel
from omni.core.actors import Actor
from orders.models import FulfillmentLine, FulfillmentOrder, Order
from orders.operations import move_promise as moving
from orders.operations.cancel import cancel
from orders.operations.decline import decline
from orders.operations.move_promise import Share, move_promise
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, placed, stocked
from tests.shop import SITE, audit, level, now

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUTER = Actor.system("routing")


@pytest.fixture
def near():
    return LocationFactory(latitude=44.98, longitude=-93.27, ship_capacity=50)


@pytest.fixture
def far():
    return LocationFactory(latitude=41.9, longitude=-87.6, ship_capacity=50)


@pytest.fixture
def mug(near, far):
    mug = stocked(near, 40)
    stocked(far, 40, variant=mug)
    return mug


def whole(order, place) -> list[Share]:
    lines = FulfillmentLine.objects.filter(fulfillment_order__order=order).select_related("fulfillment_order")
    return [Share(each.pk, each.open_quantity, each.fulfillment_order.location_id, place.pk) for each in lines]


def mover(order, place):
    shares = whole(order, place)
    return lambda: (
        (move_promise(number=order.number, shares=shares, saving=100, by=ROUTER, now=now()) and None) or "moved"
    )


def test_a_release_and_a_move_at_once(race, near, far, mug):
    order = placed(line(mug, 2))
    FulfillmentOrder.objects.update(release_at=now())
    move = mover(order, far)

    ends = race(2, lambda n: move() if n else (release_due(now=now()) and None))

    work = order.fulfillment_orders.get()
    if work.location == far:
        assert ends["moved"] == 1
    else:
        assert work.status == "released"
        assert ends["promise_changed"] + ends["order_busy"] == 1
    assert audit() == {}


def test_a_cancellation_and_a_move_at_once(race, near, far, mug):
    order = placed(line(mug, 2))
    move = mover(order, far)

    ends = race(2, lambda n: move() if n else (cancel(number=order.number, reason="x", by=SITE, now=now()) and None))

    assert ends["ok"] == 1, ends
    assert ends["moved"] + ends["promise_changed"] + ends["order_busy"] == 1
    assert (level(mug, near)[1], level(mug, far)[1]) == (0, 0)
    assert audit() == {}


def test_a_decline_and_a_move_at_once(race, near, far, mug):
    stocked(LocationFactory(latitude=33.0, longitude=-97.0), 9, variant=mug)
    order = placed(line(mug, 2))
    number = order.fulfillment_orders.get().number
    move = mover(order, far)

    ends = race(2, lambda n: move() if n else (decline(number=number, reason="no", by=SITE, now=now()) and None))

    assert ends["ok"] == 1, ends
    assert ends["moved"] + ends["promise_changed"] + ends["order_busy"] == 1
    assert sum(Reservation.objects.held().values_list("quantity", flat=True)) == 2
    assert audit() == {}


def test_of_several_moves_of_one_order_one_happens(race, near, far, mug):
    third = LocationFactory(latitude=33.0, longitude=-97.0)
    stocked(third, 9, variant=mug)
    order = placed(line(mug, 2))
    moves = [mover(order, far), mover(order, third)]

    ends = race(4, lambda n: moves[n % 2]())

    assert ends["moved"] == 1, ends
    assert ends["promise_changed"] + ends["order_busy"] == 3
    assert Order.objects.get().promise_moves == 1
    assert sum(level(mug, place)[1] for place in (near, far, third)) == 2
    assert audit() == {}


def test_of_two_orders_one_gets_the_last_unit(race, near, far):
    cup = stocked(near, 2)
    stocked(far, 1, variant=cup)
    moves = [mover(placed(line(cup)), far) for _ in range(2)]

    assert race(2, lambda n: moves[n]()) == Counter(moved=1, insufficient_stock=1)
    assert (level(cup, near)[1], level(cup, far)[1]) == (1, 1)
    assert audit() == {}


def test_moves_in_both_directions_do_not_wait_for_each_other(race, near, far):
    """Eight orders with two items each change places between two shelves and two days, over and over."""
    mug, cup = stocked(near, 20), stocked(near, 20)
    orders = [placed(line(mug), line(cup)) for _ in range(8)]
    for item in (mug, cup):
        stocked(far, 20, variant=item)
    for order in orders[::2]:
        mover(order, far)()
    moves = [mover(order, near if n % 2 == 0 else far) for n, order in enumerate(orders)]

    assert race(8, lambda n: moves[n]()) == Counter(moved=8)
    assert audit() == {}


def careless(order, barrier: Barrier, place):
    """Look whether it is still planned, think, then give it to the other location."""

    def act() -> str:
        work = FulfillmentOrder.objects.get(order=order)
        barrier.wait(timeout=10)
        barrier.wait(timeout=10)
        with transaction.atomic():
            FulfillmentOrder.objects.filter(pk=work.pk).update(location=place)
        return "moved"

    return act


def test_without_lock_and_expected_status_work_leaves_a_store_that_has_it(race, near, far, mug):
    """The negative control: the store was told of it, the work is elsewhere, and its units are where nobody looks."""
    order = placed(line(mug, 2))
    FulfillmentOrder.objects.update(release_at=now())
    barrier = Barrier(2)
    act = careless(order, barrier, far)

    def release() -> str:
        barrier.wait(timeout=10)
        release_due(now=now())
        barrier.wait(timeout=10)
        return "released"

    assert race(2, lambda n: act() if n else release()) == Counter(moved=1, released=1)
    work = order.fulfillment_orders.get()
    assert (work.status, work.location) == ("released", far)
    assert "order-promises" in audit()


def test_without_the_locks_the_expected_status_still_refuses(race, near, far, mug, monkeypatch):
    """Released between the look and the move: the second guard."""
    order = placed(line(mug, 2))
    FulfillmentOrder.objects.update(release_at=now())
    move, barrier, seen = mover(order, far), Barrier(2), moving._lines_as_seen
    monkeypatch.setattr(moving, "_locked", lambda number: Order.objects.get(number=number))
    monkeypatch.setattr(
        moving, "_movable_works", lambda order: list(order.fulfillment_orders.select_related("location"))
    )

    def look(works, shares):
        found = seen(works, shares)
        barrier.wait(timeout=10)
        barrier.wait(timeout=10)
        return found

    monkeypatch.setattr(moving, "_lines_as_seen", look)

    def release() -> str:
        barrier.wait(timeout=10)
        release_due(now=now())
        barrier.wait(timeout=10)
        return "released"

    assert race(2, lambda n: move() if n else release()) == Counter(released=1, changed_meanwhile=1)
    assert order.fulfillment_orders.get().location == near
    assert audit() == {}


def test_without_the_order_of_locks_two_moves_wait_for_each_other(race, near, far, monkeypatch):
    """Each holds the shelf it leaves and wants the other's: the database ends one of them, who tries again."""
    Location.objects.update(ship_capacity=None)  # a day with a limit would be locked before the shelves
    cup = stocked(near, 4)
    orders = [placed(line(cup)) for _ in range(2)]
    stocked(far, 4, variant=cup)
    mover(orders[0], far)()
    moves = [mover(orders[0], near), mover(orders[1], far)]
    barrier, release, ended = Barrier(2), moving.release, []
    monkeypatch.setattr(type(StockLevel.objects.all()), "lock", lambda levels, keys: None)

    def slowly(**how):
        release(**how)
        if len(ended) < 2:
            ended.append(1)
            barrier.wait(timeout=10)

    monkeypatch.setattr(moving, "release", slowly)
    tries = Counter()
    locked = moving._locked
    monkeypatch.setattr(moving, "_locked", lambda number: tries.update([number]) or locked(number))

    assert race(2, lambda n: moves[n]()) == Counter(moved=2)
    assert sorted(tries.values()) == [1, 2]
    assert audit() == {}
