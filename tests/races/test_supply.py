"""Many buy what a supplier will bring, while it comes; twins without the guards show what else would happen."""

from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import PurchaseOrderLine, SupplyPromise
from inventory.operations import promise_supply
from inventory.operations.receive_scans import receive
from inventory.operations.supply_moves import move_late_supply
from omni.core import relay
from omni.core.actors import Actor
from orders.models import Order
from orders.operations.cancel import cancel
from orders.operations.wait_for_supply import take_arrived
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.supply import announced, came, moved, ordered, sold_before
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")


@pytest.fixture
def store():
    return LocationFactory(can_ship=True)


@pytest.fixture
def tee(store):
    tee = stocked(store, 0)
    sold_before(tee)
    return tee


def buy(tee, quantity=1, **more):
    placed(line(tee, quantity), **{"on_shortage": "supply"} | more)


def test_the_last_units_that_come_go_to_as_many_orders(store, tee, race):
    ordered(store, {tee: 3})
    assert race(8, lambda n: buy(tee)) == {"ok": 3, "insufficient_stock": 5}
    assert PurchaseOrderLine.objects.get().promised_quantity == 3
    assert audit() == {}


def test_a_limit_over_two_purchase_orders_holds(store, race):
    tee = stocked(store, 0)
    sold_before(tee, most_units=3)
    ordered(store, {tee: 2})
    ordered(store, {tee: 2}, days=9)
    assert race(8, lambda n: buy(tee)) == {"ok": 3, "insufficient_stock": 5}
    assert audit() == {}


def test_without_the_lock_only_the_database_holds_and_orders_fail(store, tee, race, monkeypatch):
    """The lock makes the others wait and be told no; without it they all believe in the last unit."""
    ordered(store, {tee: 1})
    start = Barrier(4)
    read = promise_supply._lines
    monkeypatch.setattr(promise_supply, "LINES", promise_supply.LINES.replace("FOR NO KEY UPDATE OF s", ""))

    def all_at_once(text, *asked):
        lines = read(text, *asked)
        if text == promise_supply.LINES:  # to be promised, not only asked about
            start.wait(timeout=10)
        return lines

    monkeypatch.setattr(promise_supply, "_lines", all_at_once)
    assert race(4, lambda n: buy(tee)) == {"ok": 1, "IntegrityError": 3}


def test_without_lock_and_check_it_is_sold_many_times(store, tee, race, monkeypatch):
    ordered(store, {tee: 1})
    start = Barrier(4)
    read = promise_supply._lines
    monkeypatch.setattr(promise_supply, "LINES", promise_supply.LINES.replace("FOR NO KEY UPDATE OF s", ""))

    def all_at_once(text, *asked):
        lines = read(text, *asked)
        if text == promise_supply.LINES:  # to be promised, not only asked about
            start.wait(timeout=10)
        return lines

    monkeypatch.setattr(promise_supply, "_lines", all_at_once)
    name = "promised_of_what_comes"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        (check,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE inventory_purchaseorderline DROP CONSTRAINT {name}")
    try:
        assert race(4, lambda n: buy(tee)) == {"ok": 4}
        assert PurchaseOrderLine.objects.get().promised_quantity == 4, "of one unit"
        assert "supply-promised" in audit()
    finally:
        SupplyPromise.objects.all().delete()
        PurchaseOrderLine.objects.update(promised_quantity=0)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE inventory_purchaseorderline ADD CONSTRAINT {name} {check}")


def test_buying_receiving_cancelling_and_moving_at_once_hang_nobody(store, tee, race):
    """Everything that locks lines of purchase orders, orders and shelves, all at the same moment."""
    mug = stocked(store, 0)
    sold_before(mug)
    purchases = [ordered(store, {tee: 12, mug: 12}, days=days) for days in (2, 4)]
    for _n in range(4):
        placed(line(tee, 1), line(mug, 1), on_shortage="supply")
    numbers = list(Order.objects.order_by("pk").values_list("number", flat=True))
    deliveries = [announced(store, loose={tee: 3, mug: 3}, order=purchase) for purchase in purchases]

    def act(n: int) -> None:
        now = timezone.now()
        if n < 4:
            first, second = (tee, mug) if n % 2 else (mug, tee)
            placed(line(first, 2), line(second, 1), on_shortage="supply")
        elif n < 8:
            receive(delivery_id=deliveries[n % 2].pk, code=(tee, mug)[n // 2 % 2].sku, units=3, by=BY, now=now)
        elif n < 10:
            cancel(number=numbers[n - 8], reason="no", by=BY, now=now)
        elif n == 10:
            moved(purchases[0], tee, 12, days=7)
        elif n == 11:
            move_late_supply(now=now)
        else:
            take_arrived(number=numbers[n - 10], now=now)

    assert race(14, act) == {"ok": 14}
    while relay.run_once():
        pass
    assert audit() == {}


def test_what_arrived_is_taken_once(store, tee, race):
    purchase = ordered(store, {tee: 2})
    buy(tee, 2)
    came(store, purchase, tee, 2)
    number = Order.objects.get().number
    taken = race(4, lambda n: str(take_arrived(number=number, now=timezone.now())))
    assert taken["2"] == 1 and set(taken) <= {"0", "2"}
    assert level(tee, store) == (2, 2, 0)
    assert audit() == {}
