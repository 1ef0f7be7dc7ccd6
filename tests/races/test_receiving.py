"""Several devices on one delivery at the same moment; twins without the guards show what else would happen."""

from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from inventory.models import PurchaseOrderLine, ReceiptScan
from inventory.operations import receive_scans
from inventory.operations.announce import begin_delivery
from inventory.operations.finish_delivery import finish_delivery
from inventory.operations.receive_scans import receive, set_received, undo_receipt
from omni.core.actors import Actor
from tests.factories import LocationFactory, stocked
from tests.factories.supply import announced, ordered
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def tee(store):
    return stocked(store, 0)


@pytest.fixture
def delivery(store, tee):
    """Three cartons of a dozen, all of one order."""
    return announced(store, *[{tee: 12}] * 3, order=ordered(store, {tee: 36}))


def scan(delivery, code, key="", **more):
    done = receive(delivery_id=delivery.pk, code=code, key=key, by=BY, now=timezone.now(), **more)
    return "again" if done.is_repeat else "booked"


def codes(delivery):
    return [carton.code for carton in delivery.cartons.order_by("pk")]


def test_one_carton_scanned_by_many_devices_comes_once(delivery, store, tee, race):
    code = codes(delivery)[0]
    assert race(6, lambda n: scan(delivery, code, f"device-{n}")) == {"booked": 1, "again": 5}
    assert level(tee, store)[0] == 12
    assert delivery.lines.get().received_quantity == PurchaseOrderLine.objects.get().received_quantity == 12
    assert audit() == {}


@contextmanager
def without_the_carton_index():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('each_carton_received_once'::regclass)")
        (again,) = cursor.fetchone()
        cursor.execute("DROP INDEX each_carton_received_once")
    try:
        yield
    finally:
        ReceiptScan.objects.update(is_undone=True)
        with connection.cursor() as cursor:
            cursor.execute(again)


def test_without_the_index_the_same_carton_comes_again(delivery, store, tee, race):
    code = codes(delivery)[0]
    with without_the_carton_index():
        race(3, lambda n: scan(delivery, code, f"device-{n}"))
        assert level(tee, store)[0] == 36, "the guard is what keeps it at 12"


def test_one_scan_sent_over_many_ways_counts_once(delivery, store, tee, race):
    assert race(6, lambda n: scan(delivery, tee.sku, "same")) == {"booked": 1, "again": 5}
    assert level(tee, store)[0] == 1
    assert audit() == {}


def test_many_scans_of_one_order_line_all_count(delivery, store, tee, race):
    cartons = codes(delivery)
    ends = race(8, lambda n: scan(delivery, cartons[n] if n < 3 else tee.sku, f"k{n}"))
    assert ends == {"booked": 8}
    assert level(tee, store)[0] == PurchaseOrderLine.objects.get().received_quantity == 41
    assert audit() == {}


def test_two_deliveries_of_one_order_line_both_count(store, tee, race):
    order = ordered(store, {tee: 20})
    both = [announced(store, {tee: 10}, order=order) for _ in range(2)]
    assert race(2, lambda n: scan(both[n], codes(both[n])[0])) == {"booked": 2}
    assert PurchaseOrderLine.objects.get().received_quantity == 20
    assert audit() == {}


def test_without_the_lock_on_the_order_line_one_delivery_is_forgotten(store, tee, race, monkeypatch):
    order = ordered(store, {tee: 20})
    both = [announced(store, {tee: 10}, order=order) for _ in range(2)]
    start = Barrier(2)

    def unguarded(arrivals, location_id, now):
        (arrival,) = arrivals
        line = PurchaseOrderLine.objects.get(pk=arrival.line_id)
        start.wait(timeout=5)
        received = line.received_quantity + arrival.came
        PurchaseOrderLine.objects.filter(pk=line.pk).update(received_quantity=received)
        return {}

    monkeypatch.setattr(receive_scans, "supply_arrives", unguarded)
    race(2, lambda n: scan(both[n], codes(both[n])[0]))
    assert PurchaseOrderLine.objects.get().received_quantity == 10, "the guard is what keeps it at 20"
    assert "purchases-add-up" in audit()


def test_a_scan_is_taken_back_once(delivery, store, tee, race):
    scan(delivery, codes(delivery)[0])
    first = ReceiptScan.objects.get()
    race(5, lambda n: f"{undo_receipt(scan_id=first.pk, by=BY, now=timezone.now()).pk}")
    assert level(tee, store)[0] == 0
    assert audit() == {}


def test_a_carton_taken_back_and_scanned_at_once_is_in_or_out(delivery, store, tee, race):
    code = codes(delivery)[0]
    scan(delivery, code)
    first = ReceiptScan.objects.get()

    def act(n):
        if n == 0:
            undo_receipt(scan_id=first.pk, by=BY, now=timezone.now())
            return "undone"
        return scan(delivery, code, f"k{n}")

    ends = race(4, act)
    assert ends["undone"] == 1
    assert level(tee, store)[0] == 12 * ends["booked"]
    assert ends["booked"] <= 1
    assert audit() == {}


def test_two_who_type_a_number_at_once_do_not_overwrite_each_other(delivery, store, tee, race):
    line = delivery.lines.get()
    ends = race(
        3, lambda n: set_received(line_id=line.pk, quantity=20 + n, seen=0, by=BY, now=timezone.now()) and "set"
    )
    assert ends == {"set": 1, "changed_meanwhile": 2}
    assert level(tee, store)[0] in (20, 21, 22)
    assert audit() == {}


def test_scans_while_it_is_finished_are_in_or_refused(delivery, store, tee, race):
    scan(delivery, tee.sku, units=30)
    line = delivery.lines.get()

    def act(n):
        if n == 0:
            finish_delivery(delivery_id=delivery.pk, decisions={line.pk: "wait"}, by=BY, now=timezone.now())
            return "finished"
        return scan(delivery, tee.sku, f"k{n}")

    ends = race(5, act)
    line.refresh_from_db()
    assert ends["finished"] == 1
    assert level(tee, store)[0] == line.received_quantity == 30 + ends["booked"]
    assert audit() == {}


def test_two_devices_begin_one_order_together(store, tee, race):
    order = ordered(store, {tee: 3})

    def act(n):
        more = {"location": store, "purchase_order_number": order.number, "by": BY, "now": timezone.now()}
        return begin_delivery(key=f"{n}" * 32, **more).number

    ends = race(4, act)
    assert len(ends) == 1
