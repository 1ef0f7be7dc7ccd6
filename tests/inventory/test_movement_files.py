"""A source hands in what happened as a file: each event counts once, bad rows are told, a kill loses nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import MovementFile, StockMovement
from inventory.operations import book_movement_file as booking
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.book_movement_file import book_next
from inventory.operations.reconcile import book_files
from omni.core.actors import Actor
from omni.core.models import Event
from tests.factories import LocationFactory, stocked
from tests.factories.feeds import feed_of, movements_sent, reconciled
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed():
    return feed_of()


@pytest.fixture
def store():
    return LocationFactory(code="1004")


def booked(feed, *rows, **more) -> MovementFile:
    file = movements_sent(feed, *rows, **more)
    book_files(now=timezone.now())
    file.refresh_from_db()
    return file


def counts(file) -> tuple[str, int, int, int]:
    return file.status, file.row_count, file.repeated_count, file.bad_count


def test_each_kind_changes_its_shelf(feed, store):
    tee, now = stocked(store, 10), timezone.now()
    file = booked(feed, ("a", tee, store, "pos_sale", 3, now), ("b", tee, store, "pos_return", 1, now),
                  ("c", tee, store, "receipt", 5, now), ("d", tee, store, "damage", 2, now),
                  ("e", tee, store, "adjust", -1, now))  # fmt: skip
    assert counts(file) == ("done", 5, 0, 0)
    assert level(tee, store)[0] == 10
    assert StockMovement.objects.filter(cause=f"movement-file:{file.pk}").count() == 5
    assert Event.objects.filter(topic="inventory.movements_booked").count() == 1
    assert audit() == {}


def test_an_event_counts_once_in_files_and_over_the_api(feed, store):
    tee, now = stocked(store, 10), timezone.now()
    row = ("a", tee, store, "pos_sale", 1, now)
    apply_movements(reported=[Reported("b", tee.sku, store.code, "pos_sale", 1, now)], source=feed.source,
                    locations=feed.locations, by=Actor.system("t"), now=now)  # fmt: skip
    file = booked(feed, row, row, ("b", tee, store, "pos_sale", 1, now))
    assert counts(file) == ("done", 1, 2, 0)
    assert counts(booked(feed, row)) == ("done", 0, 1, 0)
    assert level(tee, store)[0] == 8
    assert audit() == {}


def test_the_same_file_again_is_the_same_and_under_another_key_books_nothing(feed, store):
    tee, now = stocked(store, 10), timezone.now()
    row, header = f"{tee.sku},1004,pos_sale,1,{now.isoformat()}", "sku,location,kind,quantity,occurred_at"
    first = booked(feed, row, row, header=header)
    assert counts(first) == ("done", 2, 0, 0)  # two rows without numbers are two events
    assert booked(feed, row, row, header=header).pk == first.pk
    assert counts(booked(feed, row, row, header=header, key="other")) == ("done", 0, 2, 0)
    assert level(tee, store)[0] == 8


def test_bad_rows_are_told_by_line_and_good_ones_booked(feed, store):
    tee, at = stocked(store, 10), timezone.now().isoformat()
    file = booked(feed, f"a,{tee.sku},1004,pos_sale,1,{at},", f"b,NOPE,1004,pos_sale,1,{at},",
                  f"c,{tee.sku},9999,pos_sale,1,{at},", f"d,{tee.sku},1004,gift,1,{at},",
                  f"e,{tee.sku},1004,pos_sale,-1,{at},", f"f,{tee.sku},1004,pos_sale,1,yesterday,",
                  f"g,{tee.sku},1004,pos_sale,1,2026-05-01T10:00:00,", "h,,1004,pos_sale,1,x,", "short,row",
                  f"{'i' * 201},{tee.sku},1004,pos_sale,1,{at},")  # fmt: skip
    assert counts(file) == ("done", 1, 0, 9)
    assert list(file.problems.values_list("line", "kind")) == [
        (3, "sku"), (4, "location"), (5, "kind"), (6, "quantity"), (7, "time"), (8, "time"), (9, "empty"),
        (10, "columns"), (11, "event"),
    ]  # fmt: skip
    assert file.is_worse_than_tolerated
    assert level(tee, store)[0] == 9


def test_a_killed_worker_goes_on_behind_its_last_whole_slice(feed, store, monkeypatch):
    tee, now = stocked(store, 100), timezone.now()
    file = movements_sent(feed, *((f"e{n}", tee, store, "pos_sale", 1, now) for n in range(25)))
    assert book_next(file_id=file.pk, now=now, most=10)
    with monkeypatch.context() as broken:
        broken.setattr(booking, "_tell_bad", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            book_next(file_id=file.pk, now=now, most=10)
    assert level(tee, store)[0] == 90
    book_files(now=now)
    file.refresh_from_db()
    assert counts(file) == ("done", 25, 0, 0)
    assert level(tee, store)[0] == 75


def test_what_a_snapshot_knew_does_not_count_twice(feed, store):
    tee, before = stocked(store, 10), timezone.now() - timedelta(minutes=5)
    reconciled(feed, (tee, store, 9))
    assert counts(booked(feed, ("a", tee, store, "pos_sale", 1, before))) == ("done", 1, 0, 0)
    assert level(tee, store)[0] == 9


def test_a_file_without_its_columns_is_stopped(feed, store):
    file = booked(feed, "a,1", header="sku,quantity")
    assert counts(file) == ("stopped", 0, 0, 0)
    assert file.stop_reason.startswith("The header lacks: location, kind, occurred_at.")


def test_a_file_with_an_unreadable_first_line_ends(feed):
    file = movements_sent(feed, header='"sku"x,location,kind,quantity,occurred_at')
    book_files(now=timezone.now())
    file.refresh_from_db()
    assert (file.status, file.stop_reason) == ("stopped", "The first line is no CSV: ',' expected after '\"'.")


def test_more_units_than_a_shelf_can_hold_end_the_file_and_keep_what_was_booked(feed, store):
    tee, now = stocked(store, 5), timezone.now()
    file = movements_sent(feed, *((f"e{n}", tee, store, "receipt", 1_000_000, now) for n in range(2_200)))
    book_files(now=now)
    file.refresh_from_db()
    assert (file.status, file.row_count) == ("stopped", 2_000)
    assert file.stop_reason == "From line 2002 on, more units come to one shelf than can be counted."
    assert level(tee, store)[0] == 2_000_000_005
    assert audit() == {}
