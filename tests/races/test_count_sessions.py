"""A count is booked once, however many press the button; a twin without the guard shows what else would happen."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.utils import timezone

from inventory.models import CountLine, CountScan, StockMovement
from inventory.operations import decide_count
from inventory.operations.count_scans import scan_item
from inventory.operations.count_session import end_counting
from inventory.operations.decide_count import book_count
from inventory.operations.move_stock import Move, move_stock
from omni.core.actors import Actor
from tests.factories import LocationFactory, stocked
from tests.factories.counts import counting
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BY = Actor.system("test")
SOON = timedelta(minutes=1)


@pytest.fixture
def in_review():
    """Ten units by the ledger, eight counted."""
    place = LocationFactory()
    tee, now = stocked(place, 10), timezone.now() + timedelta(seconds=1)
    session = counting(place, by=BY, now=now)
    scan_item(area_id=session.areas.get().pk, code=tee.sku, units=8, by=BY, now=now)
    end_counting(session_id=session.pk, by=BY, now=now)
    return session, tee, place, now + SOON


def test_many_press_book_and_the_difference_is_booked_once(in_review, race):
    session, tee, place, now = in_review
    ends = race(8, lambda n: f"settled {book_count(session_id=session.pk, by=BY, now=now)}")
    assert ends == {"settled 1": 1, "settled 0": 7}
    assert level(tee, place)[0] == 8
    assert audit() == {}


def test_without_the_lock_on_the_lines_it_is_booked_again(in_review, race, monkeypatch):
    session, tee, place, now = in_review

    def unguarded(*, session_id, ids, by, now):
        lines = list(CountLine.objects.filter(pk__in=ids))
        moves = [Move(each.variant_id, each.location_id, StockMovement.Kind.COUNT, each.delta, cause=each.cause)
                 for each in lines]  # fmt: skip
        start.wait(timeout=5)
        move_stock(moves=moves, by=by, now=now)
        CountLine.objects.filter(pk__in=ids).update(state="booked", settled_at=now)
        return len(lines)

    start = Barrier(2)
    monkeypatch.setattr(decide_count, "_book_slice", unguarded)
    race(2, lambda n: f"settled {book_count(session_id=session.pk, by=BY, now=now)}")
    assert level(tee, place)[0] == 6, "the guard is what keeps it at 8"
    assert "counts-booked-once" in audit()


def test_one_scan_sent_over_two_ways_counts_once(in_review, race):
    session, tee, _place, now = in_review
    area = session.areas.get().pk
    race(6, lambda n: f"{scan_item(area_id=area, code=tee.sku, key='same', by=BY, now=now).scan.pk}")
    assert CountScan.objects.filter(session=session, key="same").count() == 1
    assert CountLine.objects.get().counted == 9


def test_scans_of_one_item_by_many_during_the_review_are_all_counted(in_review, race):
    session, tee, place, now = in_review
    area = session.areas.get().pk
    ends = race(6, lambda n: f"{scan_item(area_id=area, code=tee.sku, key=str(n), by=BY, now=now).is_late}")
    assert ends == {"False": 6}
    assert book_count(session_id=session.pk, by=BY, now=now + SOON) == 1
    assert (CountLine.objects.get().counted, level(tee, place)[0]) == (14, 14)


def test_units_sold_while_it_is_booked_stay_sold(in_review, race):
    session, tee, place, now = in_review

    def act(n):
        if n == 0:
            return f"settled {book_count(session_id=session.pk, by=BY, now=now)}"
        move_stock(moves=[Move(tee.pk, place.pk, StockMovement.Kind.POS_SALE, -1)], by=BY, now=now + SOON)
        return "sold"

    assert race(4, act) == {"settled 1": 1, "sold": 3}
    assert level(tee, place)[0] == 5
    assert audit() == {}
