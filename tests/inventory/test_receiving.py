"""Deliveries received scan by scan, and what is decided about what differs."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from inventory import events
from inventory.models import PurchaseOrder, ReceiptScan, StockMovement
from inventory.models.stock_level import Claim
from inventory.operations.announce import begin_delivery, cancel_delivery
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.finish_delivery import finish_delivery, put_away, undecided
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.order_supply import (
    Ordered,
    cancel_purchase_order,
    change_purchase_order,
    close_purchase_order,
)
from inventory.operations.receive_scans import mark_damaged, receive, set_received, undo_receipt
from inventory.operations.reserve import reserve
from inventory.sscc import carton_code
from omni.core.actors import Actor
from omni.core.models import Event
from omni.core.refusals import Refusal
from tests.factories import BarcodeFactory, LocationFactory, stocked
from tests.factories.counts import counted_at
from tests.factories.supply import announced, in_days, ordered
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
ANA = Actor("Ana")


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def tee(store):
    return stocked(store, 0)


@pytest.fixture
def mug(store):
    return stocked(store, 0)


def now():
    return timezone.now()


def got(delivery, code, **more):
    return receive(delivery_id=delivery.pk, code=str(code), by=ANA, **{"now": now()} | more)


def carton(delivery, n):
    return delivery.cartons.order_by("pk")[n - 1].code


def lines(thing):
    rows = thing.lines.order_by("variant_id")
    return {line.variant_id: line.received_quantity for line in rows}


def refused(code, act):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act()
    assert refusal.value.code == code
    return str(refusal.value)


def test_a_carton_is_its_whole_contents_once(store, tee, mug):
    order = ordered(store, {tee: 24, mug: 6})
    delivery = announced(store, {tee: 12, mug: 6}, {tee: 12}, order=order)
    assert not got(delivery, carton(delivery, 1)).is_repeat
    assert got(delivery, carton(delivery, 1), key="other").is_repeat
    assert (level(tee, store)[0], level(mug, store)[0]) == (12, 6)
    assert lines(delivery) == lines(order) == {tee.pk: 12, mug.pk: 6}
    delivery.refresh_from_db()
    assert delivery.status == "receiving"
    assert set(StockMovement.objects.filter(kind="receipt").values_list("reason", flat=True)) == {delivery.number}
    assert audit() == {}


def test_units_packs_and_typed_numbers_count_once_per_key(store, tee):
    delivery = announced(store, loose={tee: 20})
    pack = BarcodeFactory(variant=tee, pack_quantity=6)
    for key, code, units in (("a", tee.sku, None), ("b", pack.code, None), ("c", tee.sku, 5), ("b", pack.code, None)):
        got(delivery, code, units=units, key=key)
    assert level(tee, store)[0] == 12
    assert ReceiptScan.objects.count() == 3
    assert audit() == {}


def test_an_sscc_is_found_however_the_label_says_it(store, tee):
    delivery = announced(store, {tee: 12})
    delivery.cartons.update(code="006141411234567890")
    for written in ("(00) 0 0614141 123456789 0", "]C100006141411234567890", "00006141411234567890"):
        assert carton_code(written) == "006141411234567890"
    got(delivery, "]C100006141411234567890")
    assert level(tee, store)[0] == 12


def test_a_carton_of_another_delivery_is_told_apart(store, tee):
    here = announced(store, {tee: 2})
    there = announced(LocationFactory(name="Elm Street"), {tee: 2})
    said = refused("other_delivery", lambda: got(here, carton(there, 1)))
    assert "Elm Street" in said
    assert refused("unknown_code", lambda: got(here, "nothing"))
    assert not ReceiptScan.objects.exists()


def test_damaged_units_are_held_apart_and_not_for_sale(store, tee):
    order = ordered(store, {tee: 10})
    delivery = announced(store, loose={tee: 10}, order=order)
    got(delivery, tee.sku, units=7)
    got(delivery, tee.sku, units=1, is_damaged=True)
    mark_damaged(line_id=delivery.lines.get().pk, units=2, by=ANA, now=now())
    assert (level(tee, store)[0], held(tee, store)) == (5, {"damaged": 3})
    assert lines(order) == {tee.pk: 8}
    refused("more_than_came", lambda: mark_damaged(line_id=delivery.lines.get().pk, units=6, by=ANA, now=now()))
    assert audit() == {}


def test_a_scan_is_taken_back_once_with_all_it_brought(store, tee, mug):
    delivery = announced(store, {tee: 12, mug: 6}, order=ordered(store, {tee: 12, mug: 6}))
    scan = got(delivery, carton(delivery, 1)).scan
    for _ in range(2):
        undo_receipt(scan_id=scan.pk, by=ANA, now=now())
    assert (level(tee, store)[0], level(mug, store)[0]) == (0, 0)
    assert not got(delivery, carton(delivery, 1), key="again").is_repeat
    assert level(tee, store)[0] == 12
    assert audit() == {}


def test_what_was_sold_meanwhile_stays_sold_when_the_scan_is_taken_back(store, tee):
    delivery = announced(store, loose={tee: 1})
    scan = got(delivery, tee.sku).scan
    assert reserve(claims=[Claim("line:1", tee.pk, store.pk, 1)], channel="web") == []
    undo_receipt(scan_id=scan.pk, by=ANA, now=now())
    assert level(tee, store) == (0, 1, 1), "a shortfall says so, and its promise is moved"


def test_a_receipt_heals_a_shortfall(store, tee):
    move_stock(moves=[Move(tee.pk, store.pk, StockMovement.Kind.RECEIPT, 2)], by=BY, now=now())
    reserve(claims=[Claim("line:1", tee.pk, store.pk, 2)], channel="web")
    move_stock(moves=[Move(tee.pk, store.pk, StockMovement.Kind.POS_SALE, -1)], by=BY, now=now())
    assert level(tee, store)[2] == 1
    got(announced(store, loose={tee: 1}), tee.sku)
    assert level(tee, store)[2] == 0


def test_setting_a_number_refuses_who_saw_an_older_one(store, tee):
    delivery = announced(store, loose={tee: 50})
    got(delivery, tee.sku, units=10)
    line = delivery.lines.get()
    set_received(line_id=line.pk, quantity=48, seen=10, by=ANA, now=now(), key="k")
    set_received(line_id=line.pk, quantity=48, seen=10, by=ANA, now=now(), key="k")
    refused("changed_meanwhile", lambda: set_received(line_id=line.pk, quantity=7, seen=10, by=ANA, now=now()))
    assert level(tee, store)[0] == 48
    assert audit() == {}


def test_over_under_and_not_ordered_are_decided_before_it_is_finished(store, tee, mug):
    cap = stocked(store, 0)
    order = ordered(store, {tee: 10, mug: 5})
    delivery = announced(store, loose={tee: 10, mug: 5}, order=order)
    for variant, units in ((tee, 13), (mug, 4), (cap, 2)):
        got(delivery, variant.sku, units=units)
    waiting = {line.variant_id: line for line in undecided(delivery)}
    assert {v: str(line.difference) for v, line in waiting.items()} == {
        tee.pk: "over", mug.pk: "under", cap.pk: "not_ordered",
    }  # fmt: skip
    refused("undecided", lambda: finish_delivery(delivery_id=delivery.pk, by=BY, now=now()))
    decisions = {waiting[tee.pk].pk: "send_back", waiting[mug.pk].pk: "close", waiting[cap.pk].pk: "keep"}
    refused("reason_needed", lambda: finish_delivery(
        delivery_id=delivery.pk, decisions=decisions, by=BY, now=now()))  # fmt: skip
    finish_delivery(delivery_id=delivery.pk, decisions=decisions, reason="supplier is out", by=BY, now=now())
    assert (level(tee, store)[0], held(tee, store)) == (10, {"vendor": 3})
    assert (level(mug, store)[0], level(cap, store)[0]) == (4, 2)
    order.refresh_from_db()
    assert (order.status, order.closed_reason) == ("closed", "supplier is out")
    told = Event.objects.get(topic=events.DELIVERY_FINISHED).payload
    assert (told["received"], len(told["differences"])) == (19, 3)
    assert audit() == {}


def test_a_short_delivery_leaves_the_rest_open_and_the_next_one_ends_the_order(store, tee):
    order = ordered(store, {tee: 10})
    first = announced(store, loose={tee: 10}, order=order)
    got(first, tee.sku, units=6)
    finish_delivery(delivery_id=first.pk, decisions={first.lines.get().pk: "wait"}, by=BY, now=now())
    order.refresh_from_db()
    assert order.is_open
    second = begin_delivery(location=store, purchase_order_number=order.number, key="k" * 32, by=ANA, now=now())
    assert second.lines.get().expected_quantity == 4
    same = begin_delivery(location=store, purchase_order_number=order.number, key="j" * 32, by=BY, now=now())
    assert same == second
    got(second, tee.sku, units=4)
    finish_delivery(delivery_id=second.pk, by=BY, now=now())
    order.refresh_from_db()
    assert order.status == "received"
    assert audit() == {}


def test_what_stands_there_without_any_paper_is_received(store, tee):
    delivery = begin_delivery(location=store, supplier="Corner bakery", key="a1" * 16, by=ANA, now=now())
    assert begin_delivery(location=store, key="a1" * 16, by=ANA, now=now()) == delivery
    got(delivery, tee.sku, units=3)
    assert [str(line.difference) for line in undecided(delivery)] == ["not_ordered"]
    finish_delivery(delivery_id=delivery.pk, decisions={delivery.lines.get().pk: "keep"}, by=BY, now=now())
    assert level(tee, store)[0] == 3
    assert audit() == {}


def test_a_scan_from_before_the_end_counts_and_one_from_after_does_not(store, tee):
    t = now()
    delivery = announced(store, loose={tee: 3})
    minute = timedelta(minutes=1)
    got(delivery, tee.sku, units=2, now=t + minute)
    line = delivery.lines.get()
    finish_delivery(delivery_id=delivery.pk, decisions={line.pk: "wait"}, by=BY, now=t + 3 * minute)
    late = got(delivery, tee.sku, at=t + 2 * minute, now=t + 9 * minute, key="late")
    assert late.scan.is_late
    refused("delivery_finished", lambda: got(delivery, tee.sku, now=t + 9 * minute))
    assert (level(tee, store)[0], undecided(delivery)) == (3, [])
    got(delivery, tee.sku, at=t + 2 * minute, now=t + 10 * minute, key="more")
    assert [str(each.difference) for each in undecided(delivery)] == ["over"]
    finish_delivery(delivery_id=delivery.pk, decisions={line.pk: "send_back"}, by=BY, now=t + 11 * minute)
    assert (level(tee, store)[0], held(tee, store)) == (3, {"vendor": 1})
    assert audit() == {}


def test_a_late_scan_that_a_count_has_seen_does_not_count_twice(store, tee):
    t = now()
    delivery = announced(store, loose={tee: 3})
    counted_at(store, tee, 2)  # two units lie there already; their scans wait on a device
    got(delivery, tee.sku, units=2, at=t, now=now() + timedelta(hours=1))
    assert level(tee, store)[0] == 2
    assert delivery.lines.get().received_quantity == 2
    assert audit() == {}


def test_nothing_is_scanned_into_a_cancelled_delivery(store, tee):
    delivery = announced(store, loose={tee: 3})
    cancel_delivery(delivery_id=delivery.pk, reason="lost at sea", by=BY)
    refused("delivery_cancelled", lambda: got(delivery, tee.sku))
    assert level(tee, store)[0] == 0


def test_an_order_is_changed_closed_and_cancelled(store, tee, mug):
    order = ordered(store, {tee: 10})
    for _ in range(2):
        wanted = [Ordered(tee.pk, 12, in_days(9)), Ordered(mug.pk, 1, in_days(5))]
        change_purchase_order(number=order.number, lines=wanted, by=BY, now=now())
    order.refresh_from_db()
    assert (order.expected_on, order.lines.count()) == (in_days(5), 2)
    assert Event.objects.filter(topic=events.PURCHASE_CHANGED).count() == 1
    delivery = announced(store, loose={tee: 5}, order=order)
    got(delivery, tee.sku, units=5)
    refused("already_received", lambda: change_purchase_order(
        number=order.number, lines=[Ordered(tee.pk, 4, in_days(9))], by=BY, now=now()))  # fmt: skip
    refused("already_received", lambda: cancel_purchase_order(number=order.number, reason="x", by=BY, now=now()))
    close_purchase_order(number=order.number, reason="enough", by=BY, now=now())
    assert PurchaseOrder.objects.get().status == "closed"
    refused("not_open", lambda: change_purchase_order(number=order.number, lines=[], by=BY, now=now()))
    other = ordered(store, {tee: 1})
    cancel_purchase_order(number=other.number, reason="twice", by=BY, now=now())
    assert audit() == {}


def test_putting_away_gives_an_item_its_place(store, tee):
    delivery = announced(store, loose={tee: 3})
    got(delivery, tee.sku, units=3)
    line = delivery.lines.get()
    assert line.to_put_away == 3
    line = put_away(line_id=line.pk, aisle="C", bin="07-2", by=ANA, now=now())
    shelf = tee.stock_levels.get()
    assert (line.to_put_away, shelf.aisle, shelf.bin) == (0, "C", "07-2")


def test_reported_receipts_stay_what_they_were(store, tee):
    """A warehouse that reports over the feed opens no delivery here."""
    apply_movements(reported=[Reported("e1", tee.sku, store.code, "receipt", 3, now())], source="wms",
                    locations=type(store).objects.all(), by=BY, now=now())  # fmt: skip
    assert level(tee, store)[0] == 3
    assert audit() == {}
