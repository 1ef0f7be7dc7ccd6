"""Units between two locations: nothing is ever on both sides or on neither."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import CycleCount, PutBack, Reservation, TransferLine
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer, decline_transfer
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.owed_units import give_way
from inventory.operations.pick_transfer import pick_for_transfer, ship_transfer, unpick_for_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan, unreceive_scan
from inventory.operations.request_transfer import request_transfer
from omni.core.actors import Actor
from omni.core.models import Event
from tests.factories import BarcodeFactory, LocationFactory, line, placed, stocked
from tests.factories.transfers import transfer_arrived, transfer_asked, transfer_kept, transfer_sent
from tests.refusing import refused
from tests.shop import audit, held, level

pytestmark = pytest.mark.django_db
ANA = Actor.system("ana")
now = timezone.now


@pytest.fixture
def places():
    return LocationFactory(code="A"), LocationFactory(code="B")


def row(transfer) -> TransferLine:
    return transfer.lines.get()


def receive(transfer, tee, **more):
    return receive_scan(number=transfer.number, code=tee.sku, by=ANA, now=now(), **more)


def test_a_transfer_goes_from_shelf_to_shelf_and_is_nowhere_twice(places):
    sender, receiver = places
    tee = stocked(sender, 10)
    transfer = transfer_asked(sender, receiver, {tee: 4})
    assert level(tee, sender) == (10, 0, 0), "asking keeps nothing"

    approve_transfer(number=transfer.number, by=ANA, now=now())
    assert level(tee, sender) == (10, 4, 0), "kept, so that it is not sold from under it"
    for _ in range(4):
        pick_for_transfer(number=transfer.number, code=tee.sku, by=ANA, now=now())
    ship_transfer(number=transfer.number, by=ANA, now=now())
    assert level(tee, sender) == (6, 0, 0)
    assert row(transfer).in_transit_quantity == 4

    for _ in range(3):
        receive(transfer, tee)
    assert (level(tee, receiver), row(transfer).in_transit_quantity) == ((3, 0, 0), 1)
    receive(transfer, tee)
    finish_receiving(number=transfer.number, by=ANA, now=now())
    transfer.refresh_from_db()
    assert (transfer.status, level(tee, receiver)) == ("received", (4, 0, 0))
    assert audit() == {}


def test_what_customers_were_promised_cannot_be_sent(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    placed(line(tee, 3, at=sender))
    transfer = transfer_asked(sender, receiver, {tee: 4})
    with refused("insufficient_stock"):
        approve_transfer(number=transfer.number, by=ANA, now=now())
    transfer.refresh_from_db()
    assert (transfer.status, level(tee, sender)) == ("requested", (5, 3, 0))

    approve_transfer(number=transfer.number, units={row(transfer).pk: 2}, by=ANA, now=now())
    assert level(tee, sender) == (5, 5, 0)
    assert audit() == {}


def test_declined_and_cancelled_transfers_give_back(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    asked = transfer_asked(sender, receiver, {tee: 1})
    with refused("reason_required"):
        decline_transfer(number=asked.number, reason=" ", by=ANA, now=now())
    assert decline_transfer(number=asked.number, reason="we need it", by=ANA, now=now()).status == "declined"

    kept = transfer_kept(sender, receiver, {tee: 3})
    pick_for_transfer(number=kept.number, code=tee.sku, by=ANA, now=now())
    cancel_transfer(number=kept.number, reason="not needed", by=ANA, now=now())
    assert level(tee, sender) == (4, 0, 0)
    assert held(tee, sender) == {"put_back": 1}, "the picked one waits to be put back"
    assert PutBack.objects.get().quantity == 1
    assert audit() == {}


def test_picking_takes_the_right_items_and_no_more(places):
    sender, receiver = places
    tee, hat = stocked(sender, 5), stocked(sender, 5)
    pack = BarcodeFactory(variant=tee, pack_quantity=6)
    kept = transfer_kept(sender, receiver, {tee: 2})
    with refused("wrong_item"):
        pick_for_transfer(number=kept.number, code=hat.sku, by=ANA, now=now())
    with refused("too_many"):
        pick_for_transfer(number=kept.number, code=pack.code, by=ANA, now=now())
    first = pick_for_transfer(number=kept.number, code=tee.sku, key="k1", by=ANA, now=now())
    assert pick_for_transfer(number=kept.number, code=tee.sku, key="k1", by=ANA, now=now()) == first
    pick_for_transfer(number=kept.number, code=tee.sku, by=ANA, now=now())
    with refused("over_scan"):
        pick_for_transfer(number=kept.number, code=tee.sku, by=ANA, now=now())
    unpick_for_transfer(number=kept.number, scan_id=first.pk, by=ANA, now=now())
    unpick_for_transfer(number=kept.number, scan_id=first.pk, by=ANA, now=now())
    assert row(kept).picked_quantity == 1
    assert audit() == {}


def test_nothing_leaves_before_it_is_picked(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    kept = transfer_kept(sender, receiver, {tee: 2})
    with refused("nothing_picked"):
        ship_transfer(number=kept.number, by=ANA, now=now())
    asked = transfer_asked(sender, receiver, {tee: 2})
    with refused("too_late"):
        ship_transfer(number=asked.number, by=ANA, now=now())
    assert level(tee, sender) == (5, 2, 0)


def test_what_is_not_sent_is_free_again_and_what_nobody_found_waits_for_a_count(places):
    sender, receiver = places
    tee = stocked(sender, 10)
    for missing, (on_hand, kept_apart) in ((False, (9, {})), (True, (7, {"not_found": 1}))):
        kept = transfer_kept(sender, receiver, {tee: 2})
        pick_for_transfer(number=kept.number, code=tee.sku, by=ANA, now=now())
        ship_transfer(number=kept.number, by=ANA, now=now(), is_rest_missing=missing)
        assert (level(tee, sender), held(tee, sender)) == ((on_hand, 0, 0), kept_apart)
    assert CycleCount.objects.filter(variant=tee, location=sender, done_at=None).count() == 1
    assert audit() == {}


def test_damaged_units_arrive_apart_from_what_sells(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    sent = transfer_sent(sender, receiver, {tee: 3})
    receive(sent, tee, kind="damaged")
    receive(sent, tee, units=2)
    finish_receiving(number=sent.number, by=ANA, now=now())
    assert (level(tee, receiver), held(tee, receiver)) == ((2, 0, 0), {"damaged": 1})
    assert audit() == {}


def test_what_is_missing_is_expected_until_somebody_says_it_is_lost(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    sent = transfer_sent(sender, receiver, {tee: 3})
    receive(sent, tee)
    assert finish_receiving(number=sent.number, by=ANA, now=now()).status == "in_transit"
    assert Event.objects.filter(topic="inventory.transfer_incomplete").count() == 1
    assert finish_receiving(number=sent.number, is_rest_lost=True, by=ANA, now=now()).status == "received"
    assert (row(sent).lost_quantity, row(sent).in_transit_quantity, level(tee, receiver)) == (2, 0, (1, 0, 0))

    receive(sent, tee)  # one turned up in another truck
    assert (row(sent).lost_quantity, level(tee, receiver)) == (1, (2, 0, 0))
    assert audit() == {}


def test_more_than_was_sent_left_the_senders_shelf_too_and_is_counted_there(places):
    sender, receiver = places
    tee, hat = stocked(sender, 5), stocked(sender, 5)
    sent = transfer_sent(sender, receiver, {tee: 1})
    receive(sent, tee)
    with refused("over_scan"):
        receive(sent, tee)
    with refused("not_sent"):
        receive(sent, hat)
    receive(sent, tee, kind="over")
    over = receive(sent, hat, kind="over")
    assert (level(tee, sender), level(tee, receiver)) == ((3, 0, 0), (2, 0, 0))
    assert (level(hat, sender), level(hat, receiver)) == ((4, 0, 0), (1, 0, 0))
    assert CycleCount.objects.filter(location=sender, done_at=None).count() == 2

    unreceive_scan(number=sent.number, scan_id=over.pk, by=ANA, now=now())
    assert (level(hat, sender), level(hat, receiver)) == ((5, 0, 0), (0, 0, 0))
    assert audit() == {}


def test_a_scan_counts_once_and_can_be_taken_back(places):
    sender, receiver = places
    tee = stocked(sender, 5)
    sent = transfer_sent(sender, receiver, {tee: 3})
    scan = receive(sent, tee, key="phone-1")
    assert receive(sent, tee, key="phone-1") == scan
    assert level(tee, receiver) == (1, 0, 0)
    unreceive_scan(number=sent.number, scan_id=scan.pk, by=ANA, now=now())
    unreceive_scan(number=sent.number, scan_id=scan.pk, by=ANA, now=now())
    assert (level(tee, receiver), row(sent).in_transit_quantity) == ((0, 0, 0), 3)
    assert audit() == {}


def test_the_till_sells_what_a_transfer_kept_and_the_transfer_gives_way(places):
    sender, receiver = places
    tee = stocked(sender, 3)
    kept = transfer_kept(sender, receiver, {tee: 3})
    pick_for_transfer(number=kept.number, code=tee.sku, by=ANA, now=now())
    move_stock(moves=[Move(tee.pk, sender.pk, "pos_sale", -1)], by=ANA, now=now())
    assert level(tee, sender) == (2, 3, 1)
    assert give_way(variant_id=tee.pk, location_id=sender.pk, now=now(), for_orders=False) == 1
    assert (level(tee, sender), row(kept).approved_quantity) == ((2, 2, 0), 2)
    assert audit() == {}


def test_bad_requests_are_refused_and_leave_nothing(places):
    sender, receiver = places
    tee = stocked(sender, 3)
    for units in ({}, {tee.pk: 0}):
        with refused("bad_quantity"):
            request_transfer(from_location_id=sender.pk, to_location_id=receiver.pk, units=units, by=ANA)
    with refused("same_location"):
        request_transfer(from_location_id=sender.pk, to_location_id=sender.pk, units={tee.pk: 1}, by=ANA)
    assert not TransferLine.objects.exists()


def test_the_database_refuses_to_lose_or_double_units(places):
    sender, receiver = places
    tee = stocked(sender, 3)
    sent = transfer_sent(sender, receiver, {tee: 2})
    for damage in ({"received_quantity": 3}, {"shipped_quantity": 3}, {"lost_quantity": 3}, {"picked_quantity": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TransferLine.objects.filter(transfer=sent).update(**damage)


def test_news_tell_what_arrived_and_what_did_not(places):
    sender, receiver = places
    tee = stocked(sender, 3)
    transfer_arrived(transfer_sent(sender, receiver, {tee: 2}))
    topics = list(Event.objects.filter(topic__contains="transfer").order_by("pk").values_list("topic", flat=True))
    assert topics == [f"inventory.transfer_{each}" for each in ("requested", "approved", "shipped", "received")]
    assert Event.objects.filter(topic=topics[-1]).get().payload["lines"] == [
        {"sku": tee.sku, "requested": 2, "shipped": 2, "received": 2, "damaged": 0, "lost": 0, "over": 0}
    ]
    assert not Reservation.objects.held().exists()
