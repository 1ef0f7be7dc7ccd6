"""Several devices at one transfer, and a transfer against the till; and what happens with the guard taken away."""

from collections import Counter
from threading import Barrier

import pytest
from django.db.models import F
from django.utils import timezone

from inventory.models import TransferLine
from inventory.operations.answer_transfer import approve_transfer, cancel_transfer
from inventory.operations.pick_transfer import ship_transfer
from inventory.operations.receive_transfer import finish_receiving, receive_scan
from omni.core.actors import Actor
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.transfers import transfer_asked, transfer_kept, transfer_sent
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")
now = timezone.now


@pytest.fixture
def places():
    return LocationFactory(), LocationFactory()


def test_scans_of_many_devices_count_once_each(race, places):
    sender, receiver = places
    tee = stocked(sender, 10)
    sent = transfer_sent(sender, receiver, {tee: 4})

    def scan(n: int) -> None:
        receive_scan(number=sent.number, code=tee.sku, key=f"device-{n // 2}", by=BY, now=now())  # each sent twice

    assert race(12, scan) == Counter(ok=8, over_scan=4)
    assert level(tee, receiver) == (4, 0, 0)
    assert audit() == {}


def test_without_the_lock_the_constraint_keeps_units_from_arriving_twice(race, places):
    """Each looks, thinks and books the last unit: the database lets one of them."""
    sender, receiver = places
    tee = stocked(sender, 1)
    sent = transfer_sent(sender, receiver, {tee: 1})
    barrier = Barrier(2)

    def careless(n: int) -> None:
        seen = TransferLine.objects.get(transfer=sent)
        barrier.wait(timeout=10)
        if seen.in_transit_quantity:
            TransferLine.objects.filter(pk=seen.pk).update(received_quantity=F("received_quantity") + 1)

    assert race(2, careless) == Counter(ok=1, IntegrityError=1)


def test_one_unit_is_kept_for_the_transfer_or_promised_to_the_customer(race, places):
    sender, receiver = places
    tee = stocked(sender, 1)
    asked = transfer_asked(sender, receiver, {tee: 1})

    def act(n: int) -> None:
        if n:
            placed(line(tee, 1, at=sender))
        else:
            approve_transfer(number=asked.number, by=BY, now=now())

    assert race(2, act) == Counter(ok=1, insufficient_stock=1)
    assert level(tee, sender) == (1, 1, 0)
    assert audit() == {}


def test_a_transfer_leaves_or_is_called_off(race, places):
    sender, receiver = places
    tee = stocked(sender, 3)
    kept = transfer_kept(sender, receiver, {tee: 2})
    units = {kept.lines.get().pk: 2}

    def act(n: int) -> None:
        if n:
            cancel_transfer(number=kept.number, reason="changed", by=BY, now=now())
        else:
            ship_transfer(number=kept.number, units=units, by=BY, now=now())

    assert race(2, act) == Counter(ok=1, too_late=1)
    kept.refresh_from_db()
    assert level(tee, sender) == ((1, 0, 0) if kept.status == "in_transit" else (3, 0, 0))
    assert audit() == {}


def test_the_last_scan_and_the_word_lost_do_not_both_count(race, places):
    sender, receiver = places
    tee = stocked(sender, 1)
    sent = transfer_sent(sender, receiver, {tee: 1})

    def act(n: int) -> None:
        if n:
            finish_receiving(number=sent.number, is_rest_lost=True, by=BY, now=now())
        else:
            receive_scan(number=sent.number, code=tee.sku, by=BY, now=now())

    assert race(2, act) == Counter(ok=2)
    found = sent.lines.get()
    assert (found.received_quantity, found.lost_quantity) == (1, 0), "it arrived, before or after it was given up"
    assert level(tee, receiver) == (1, 0, 0)
    assert audit() == {}
