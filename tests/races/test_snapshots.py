"""A sale that is reported while its shelf is being compared counts once; and what happens without the lock."""

from collections import Counter
from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone

from inventory.models import CycleCount, Feed, Location, StockLevel
from inventory.operations import apply_movements as reporting
from inventory.operations import compare_snapshot as comparing
from inventory.operations import count as counting
from inventory.operations.count import count_item, raise_counts
from inventory.operations.read_snapshot import read_next
from inventory.operations.receive_snapshot import receive_snapshot
from omni.core.actors import Actor
from tests.factories import LocationFactory, stocked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")
PATIENCE = 1.0  # seconds that the one who compares leaves to the one who reports


@pytest.fixture
def shelf():
    """Ten units by the ledger; eight lie there, for two were sold and not reported yet."""
    place = LocationFactory(code="1004")
    return stocked(place, 10), place


def meeting(monkeypatch, module, name: str):
    """Let `module.name` finish its work, then stand still inside its transaction until somebody reported or cannot."""
    inside, reported = Event(), Event()
    real = getattr(module, name)

    def stand_still(*args, **more):
        answer = real(*args, **more)
        inside.set()
        reported.wait(timeout=PATIENCE)
        return answer

    monkeypatch.setattr(module, name, stand_still)
    return inside, reported


def report(variant, inside: Event, reported: Event) -> None:
    before = timezone.now() - timedelta(minutes=5)
    sale = reporting.Reported("e-1", variant.sku, "1004", "pos_sale", 2, before)
    inside.wait(timeout=20)
    reporting.apply_movements(
        reported=[sale], source="till", locations=Location.objects.all(), by=BY, now=timezone.now()
    )
    reported.set()


def compared_while_reported(race, monkeypatch, variant, place) -> int:
    feed = Feed.objects.create(code="wms", name="Warehouse", kind="wms")
    now = timezone.now()
    text = f"sku,location,quantity\n{variant.sku},{place.code},8\n".encode()
    snapshot = receive_snapshot(feed=feed, chunks=[text], name="s.csv", as_of=now, by=BY, now=now)
    read_next(snapshot_id=snapshot.pk, now=now)
    inside, reported = meeting(monkeypatch, comparing, "_settle")

    def act(n: int) -> None:
        if n:
            report(variant, inside, reported)
        else:
            comparing.compare_next(snapshot_id=snapshot.pk, now=timezone.now())

    assert race(2, act) == Counter(ok=2)
    return StockLevel.objects.get(variant=variant).on_hand


def test_a_sale_reported_while_its_shelf_is_compared_counts_once(race, monkeypatch, shelf):
    assert compared_while_reported(race, monkeypatch, *shelf) == 8


def test_without_the_lock_it_would_count_twice(race, monkeypatch, shelf):
    monkeypatch.setattr(comparing, "lock_locations", lambda *args, **more: None)
    assert compared_while_reported(race, monkeypatch, *shelf) == 6


def counted_while_reported(race, monkeypatch, variant, place) -> int:
    raise_counts(items=[(variant.pk, place.pk)], reason="odd", cause="t", by=BY, now=timezone.now())
    task = CycleCount.objects.get()
    inside, reported = meeting(monkeypatch, counting, "_difference")

    def act(n: int) -> None:
        if n:
            report(variant, inside, reported)
        else:
            count_item(cycle_count_id=task.pk, counted=8, by=BY, now=timezone.now())

    assert race(2, act) == Counter(ok=2)
    return StockLevel.objects.get(variant=variant).on_hand


def test_a_sale_reported_while_its_shelf_is_counted_counts_once(race, monkeypatch, shelf):
    assert counted_while_reported(race, monkeypatch, *shelf) == 8


def test_without_the_lock_a_count_would_count_it_twice(race, monkeypatch, shelf):
    monkeypatch.setattr(counting, "lock_locations", lambda *args, **more: None)
    assert counted_while_reported(race, monkeypatch, *shelf) == 6
