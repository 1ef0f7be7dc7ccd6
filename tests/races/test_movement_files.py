"""Two workers at one file book each of its events once; and what happens without the lock."""

from collections import Counter

import pytest
from django.utils import timezone

from inventory.models import MovementFile, StockLevel, StockMovement
from inventory.operations import book_movement_file as booking
from inventory.operations.book_movement_file import book_next
from inventory.operations.reconcile import book_files
from omni.core.checks import run_checks
from tests.factories import LocationFactory, stocked
from tests.factories.feeds import feed_of, movements_sent

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CHECK = "movement-files-booked-once"
EVENTS = 60


@pytest.fixture
def file() -> MovementFile:
    place, now = LocationFactory(code="1004"), timezone.now()
    tee = stocked(place, 100)
    return movements_sent(feed_of("tills"), *((f"e{n}", tee, place, "pos_sale", 1, now) for n in range(EVENTS)))


def worked(race, file, slices: int) -> MovementFile:
    """Two workers at once, then the clock once more."""

    def act(_n: int) -> None:
        for _slice in range(slices):
            book_next(file_id=file.pk, now=timezone.now(), most=7)

    assert race(2, act) == Counter(ok=2)
    book_files(now=timezone.now())
    file.refresh_from_db()
    return file


def violations() -> int:
    return sum(finding.count for finding in run_checks([CHECK]))


def test_two_workers_book_each_event_once_and_count_it(race, file):
    done = worked(race, file, slices=12)
    assert (done.status, done.row_count, done.repeated_count, done.bad_count) == ("done", EVENTS, 0, 0)
    assert StockLevel.objects.get().on_hand == 100 - EVENTS
    assert violations() == 0


def test_without_the_lock_the_event_ids_still_keep_stock_true_but_the_file_miscounts(race, file, monkeypatch):
    """The second guard holds alone: no event is booked twice. But what the file says of itself is wrong."""
    rows = MovementFile.objects.select_related("feed__group", "feed__api_key")
    monkeypatch.setattr(booking, "_lock", lambda file_id: rows.get(pk=file_id))
    done = worked(race, file, slices=1)
    assert StockLevel.objects.get().on_hand == 100 - EVENTS
    assert StockMovement.objects.filter(kind="pos_sale").count() == EVENTS
    assert (done.row_count, done.repeated_count) != (EVENTS, 0)
    assert violations() == 1


def test_without_remembered_events_a_file_sent_twice_would_count_twice(race, file, monkeypatch):
    """The negative twin of the second guard."""
    monkeypatch.setattr(booking, "book_new", _forgetful(booking.book_new))
    book_files(now=timezone.now())
    place, tee = StockLevel.objects.get().location, StockLevel.objects.get().variant
    movements_sent(file.feed, *((f"e{n}", tee, place, "pos_sale", 1, timezone.now()) for n in range(EVENTS)), key="2")
    book_files(now=timezone.now())
    assert StockLevel.objects.get().on_hand == 100 - 2 * EVENTS


def _forgetful(book):
    def book_again(moves, *, source, by, now):
        return book(moves, source=f"{source}-{timezone.now().timestamp()}", by=by, now=now)

    return book_again
