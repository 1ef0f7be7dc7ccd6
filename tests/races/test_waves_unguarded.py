"""The twins of the wave's races: with a guard taken away the next one holds, and without both the damage is real."""

from collections import Counter
from contextlib import contextmanager
from threading import Barrier, local

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from omni.core.actors import Actor
from orders.models import FulfillmentLine, FulfillmentOrder, PickHelper, PickList
from orders.models.fulfillment_order import FulfillmentOrderQuerySet, Status
from orders.models.pick_list import PickListQuerySet
from orders.operations import claim as claiming
from orders.operations import pick as picking
from orders.operations.accept import accept
from orders.operations.claim import claim
from orders.operations.join import join
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.stage import label_tote
from orders.operations.time_out import time_out
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CONSERVES = "ALTER TABLE orders_fulfillmentline {} CONSTRAINT fulfillment_line_conserves_units"


def now():
    return timezone.now()


@pytest.fixture
def store():
    return LocationFactory(latitude=44.97)


@pytest.fixture
def people(store):
    return [Actor.of(person("associate", at=store)) for _ in range(3)]


@pytest.fixture
def mug(store):
    return stocked(store, 12)


@pytest.fixture
def works(mug):
    """Two parcels with two mugs each, offered."""
    orders = [placed(line(mug, 2)) for _ in range(2)]
    FulfillmentOrder.objects.update(release_at=now())
    release_due(now=now())
    return [order.fulfillment_orders.get() for order in orders]


@pytest.fixture
def wave(store, works, people):
    return claim(location=store, numbers=[work.number for work in works], by=people[0], now=now())


@pytest.fixture
def together(monkeypatch):
    """`together(2, owner, "name", act)` puts act in the place of owner.name; whoever has done it first waits once
    until both have."""

    def put(runners: int, owner, name: str, act) -> None:
        barrier, mine = Barrier(runners), local()

        def look(*args, **more):
            seen = act(*args, **more)
            if not getattr(mine, "waited", False):
                mine.waited = True
                barrier.wait(timeout=10)
            return seen

        monkeypatch.setattr(owner, name, look)

    return put


@contextmanager
def dropped(index: str):
    """Without a unique index, which comes back as it was; the damage is taken away first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [index])
        (made_by,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {index}")
    try:
        yield
    finally:
        PickHelper.objects.all().delete()
        FulfillmentOrder.objects.update(tote_label="")
        with connection.cursor() as cursor:
            cursor.execute(made_by)


def read(lists: PickListQuerySet, pk: int) -> PickList:
    """The list without its lock."""
    return lists.get(pk=pk)


def read_work(works: FulfillmentOrderQuerySet, number: str) -> FulfillmentOrder:
    """The work without its lock."""
    return works.select_related("order", "location").get(number=number)


def test_without_the_locks_two_scans_count_as_one(race, wave, people, mug, monkeypatch, together):
    """A lost scan: both were answered, one unit is on the list, and the audit sees it."""
    locked, find = picking._locked_lines, picking._line_for
    monkeypatch.setattr(PickListQuerySet, "lock", read)
    monkeypatch.setattr(picking, "_locked_lines", lambda pick_list: unlocked(locked(pick_list)))
    together(2, picking, "_line_for", find)

    act = lambda n: pick(pick_list_id=wave.pk, code=mug.sku, key=f"scan-{n}", by=people[n], now=now()) and None  # noqa: E731

    assert race(2, act) == Counter(ok=2)
    assert wave.scans.count() == 2
    assert sum(FulfillmentLine.objects.values_list("picked_quantity", flat=True)) == 1
    assert audit()


def unlocked(lines):
    lines = lines.all()
    lines.query.select_for_update = False
    return lines


def careless(barrier: Barrier):
    """Look whether a unit is still wanted, think, then count one: how two people bring the same unit."""
    pk = FulfillmentLine.objects.order_by("pk")[0].pk

    def act(n: int) -> str:
        wanted = FulfillmentLine.objects.get(pk=pk).to_pick_quantity
        barrier.wait(timeout=10)
        if not wanted:
            return "over_scan"
        with transaction.atomic():
            FulfillmentLine.objects.filter(pk=pk).update(picked_quantity=F("picked_quantity") + 1)
        return "picked"

    return act


def with_one_unit_left() -> None:
    FulfillmentLine.objects.update(picked_quantity=1)


def test_without_the_lock_the_constraint_refuses_the_unit_too_many(race, wave):
    with_one_unit_left()
    assert race(2, careless(Barrier(2))) == Counter(picked=1, IntegrityError=1)
    assert FulfillmentLine.objects.order_by("pk")[0].picked_quantity == 2


def test_without_lock_and_constraint_more_is_picked_than_wanted(race, wave):
    with_one_unit_left()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'fulfillment_line_conserves_units'"
        )
        (rule,) = cursor.fetchone()
        cursor.execute(CONSERVES.format("DROP"))
    try:
        assert race(2, careless(Barrier(2))) == Counter(picked=2)
        assert FulfillmentLine.objects.order_by("pk")[0].picked_quantity == 3
    finally:
        FulfillmentLine.objects.update(picked_quantity=0)
        with connection.cursor() as cursor:
            cursor.execute(f"{CONSERVES.format('ADD')} {rule}")


def test_without_the_lock_the_expected_status_lets_one_wave_through(race, store, works, people, monkeypatch, together):
    monkeypatch.setattr(FulfillmentOrderQuerySet, "select_for_update", lambda works, **_: works)
    together(2, claiming, "_require_free", claiming._require_free)

    act = lambda n: claim(location=store, numbers=[works[0].number], by=people[n], now=now()) and None  # noqa: E731

    assert race(2, act) == Counter(ok=1, changed_meanwhile=1)
    assert PickList.objects.count() == 1


def test_without_lock_and_expected_status_two_people_walk_for_one_order(race, store, works, people):
    """Both were told that it is theirs; the list of one of them is empty."""
    barrier = Barrier(2)

    def act(n: int) -> str:
        work = FulfillmentOrder.objects.get(pk=works[0].pk)
        barrier.wait(timeout=10)
        if work.status != Status.RELEASED:
            return "taken"
        with transaction.atomic():
            mine = PickList.objects.create(location=store, picker_id=people[n].user_id, started_at=now())
            FulfillmentOrder.objects.filter(pk=work.pk).update(status=Status.PICKING, pick_list=mine)
        return "claimed"

    assert race(2, act) == Counter(claimed=2)
    assert sorted(each.fulfillment_orders.count() for each in PickList.objects.all()) == [0, 1]


def test_without_the_lock_an_offer_is_still_answered_once(race, works, people, mug, monkeypatch, together):
    """Who accepts and the clock both saw an open offer; the status that each expects decides."""
    stocked(LocationFactory(latitude=46.0), 12, variant=mug)
    FulfillmentOrder.objects.filter(pk=works[0].pk).update(confirm_by=now())
    together(2, FulfillmentOrderQuerySet, "lock", read_work)

    def act(n: int) -> str:
        if n == 0:
            return "out" if time_out(number=works[0].number, now=now()) else "kept"
        accept(number=works[0].number, by=people[0], now=now())
        return "accepted"

    ends = race(2, act)

    assert ends in (Counter(out=1, changed_meanwhile=1), Counter(accepted=1, changed_meanwhile=1)), ends
    assert works[0].order.fulfillment_orders.count() == (2 if ends["out"] else 1)


def test_without_the_index_one_tote_takes_two_orders(race, wave, works, people):
    """Only the index stands between two orders in one tote."""
    with dropped("one_order_per_tote"):
        act = lambda n: label_tote(pick_list_id=wave.pk, number=works[n].number, code="BIN-7", by=people[n]) and None  # noqa: E731
        assert race(2, act) == Counter(ok=2)
        assert FulfillmentOrder.objects.filter(tote_label="BIN-7").count() == 2


def joining(wave, people, monkeypatch, together):
    monkeypatch.setattr(PickListQuerySet, "lock", read)
    together(2, PickList, "is_walked_by", PickList.is_walked_by)
    return lambda n: join(pick_list_id=wave.pk, by=people[1], now=now()) and None


def test_without_the_lock_the_index_lets_a_helper_in_once(race, wave, people, monkeypatch, together):
    assert race(2, joining(wave, people, monkeypatch, together)) == Counter(ok=1, IntegrityError=1)
    assert PickHelper.objects.count() == 1


def test_without_lock_and_index_one_helper_joins_twice(race, wave, people, monkeypatch, together):
    with dropped("helps_once"):
        assert race(2, joining(wave, people, monkeypatch, together)) == Counter(ok=2)
        assert PickHelper.objects.filter(user=people[1].user_id, left_at=None).count() == 2
