"""Two devices at one bucket, and at one limit; the twins show what the locks are for."""

from threading import Barrier

import pytest
from django.utils import timezone

from inventory.first_reasons import make_first_limits, make_first_reasons
from inventory.models import Adjustment
from inventory.operations import adjustment_limits, book_adjustment
from inventory.operations.adjust import correct_shelf
from inventory.operations.hold_apart import hold_apart
from omni.core.actors import Actor
from omni.core.models import User
from tests.factories import LocationFactory, person, stocked
from tests.shop import audit, held, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop():
    make_first_reasons()
    make_first_limits()
    store = LocationFactory()
    return store, stocked(store, 20), Actor.of(person("associate", at=store))


def back(store, tee, by):
    hold_apart(variant_id=tee.pk, location_id=store.pk, source="damaged", target="shelf", quantity=2, by=by,
               now=timezone.now())  # fmt: skip


def test_one_bucket_is_emptied_once(shop, race):
    store, tee, by = shop
    hold_apart(variant_id=tee.pk, location_id=store.pk, source="shelf", target="damaged", quantity=3, by=by,
               now=timezone.now())  # fmt: skip
    assert race(4, lambda n: back(store, tee, by)) == {"ok": 1, "more_than_there": 3}
    assert (level(tee, store)[0], held(tee, store)) == (19, {"damaged": 1})
    assert audit() == {}


def test_without_the_locks_the_database_has_to_say_no(shop, race, monkeypatch):
    store, tee, by = shop
    hold_apart(variant_id=tee.pk, location_id=store.pk, source="shelf", target="damaged", quantity=3, by=by,
               now=timezone.now())  # fmt: skip
    monkeypatch.setattr(book_adjustment, "require", lambda *args: None)
    ends = race(4, lambda n: back(store, tee, by))
    assert ends["IntegrityError"] == 3, "not a sentence that a person can read"


def gone(store, tee, by):
    correct_shelf(variant_id=tee.pk, location_id=store.pk, quantity=-2, reason_code="stolen", by=by, now=timezone.now())


def test_a_limit_is_not_passed_by_many_devices_at_once(shop, race):
    store, tee, by = shop
    assert race(6, lambda n: gone(store, tee, by)) == {"ok": 2, "above_limit": 4}
    assert level(tee, store)[0] == 16
    assert Adjustment.objects.count() == 2


def test_different_items_count_together(shop, race):
    store, _tee, by = shop
    items = [stocked(store, 9) for _ in range(6)]
    assert race(6, lambda n: gone(store, items[n], by)) == {"ok": 2, "above_limit": 4}


def test_without_the_lock_on_the_person_different_items_pass_it(shop, race, monkeypatch):
    store, _tee, by = shop
    items = [stocked(store, 9) for _ in range(6)]

    class Unlocked:
        objects = User.objects.none()

    Unlocked.objects.select_for_update = lambda **kwargs: User.objects  # type: ignore[method-assign]
    monkeypatch.setattr(adjustment_limits, "User", Unlocked)
    all_have_looked, check = Barrier(6), book_adjustment.check_limit

    def check_and_wait(*args, **kwargs):
        check(*args, **kwargs)
        all_have_looked.wait(30)

    monkeypatch.setattr(book_adjustment, "check_limit", check_and_wait)
    assert race(6, lambda n: gone(store, items[n], by)) == {"ok": 6}, "twelve units, where four are allowed"
