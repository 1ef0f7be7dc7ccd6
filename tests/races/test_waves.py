"""Two people on one list, a clock and a colleague at one offer: whoever is first, nothing happens twice."""

from collections import Counter

import pytest
from django.utils import timezone

from inventory.models import Reservation
from omni.core.actors import Actor
from orders.models import FulfillmentLine, FulfillmentOrder, PickHelper, PickList
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept
from orders.operations.claim import claim
from orders.operations.join import join
from orders.operations.pick import pick
from orders.operations.release import release_due
from orders.operations.short_pick import short_pick
from orders.operations.stage import bring_to_packing, label_tote
from orders.operations.time_out import time_out
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.shop import audit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def now():
    return timezone.now()


@pytest.fixture
def store():
    return LocationFactory(latitude=44.97)


@pytest.fixture
def people(store):
    return [Actor.of(person("associate", at=store)) for _ in range(4)]


@pytest.fixture
def mug(store):
    return stocked(store, 12)


@pytest.fixture
def works(store, mug):
    """Three parcels with two mugs each, offered."""
    orders = [placed(line(mug, 2)) for _ in range(3)]
    FulfillmentOrder.objects.update(release_at=now())
    release_due(now=now())
    return [order.fulfillment_orders.get() for order in orders]


@pytest.fixture
def wave(store, works, people):
    """One list of the three, which two people walk."""
    pick_list = claim(location=store, numbers=[work.number for work in works], by=people[0], now=now())
    join(pick_list_id=pick_list.pk, by=people[1], now=now())
    return pick_list


def test_two_people_on_one_list_pick_no_unit_twice(race, wave, people, mug):
    """Eight scans for six units: six count, each in a tote that wants it."""
    act = lambda n: pick(pick_list_id=wave.pk, code=mug.sku, key=f"scan-{n}", by=people[n % 2], now=now()) and None  # noqa: E731

    assert race(8, act) == Counter(ok=6, over_scan=2)

    assert list(FulfillmentLine.objects.order_by("pk").values_list("picked_quantity", flat=True)) == [2, 2, 2]
    assert wave.scans.count() == 6
    assert audit() == {}


def test_a_scan_and_a_short_pick_at_once_conserve_units(race, wave, people, mug):
    first = FulfillmentLine.objects.order_by("pk")[0].pk

    def act(n: int) -> None:
        if n % 2:
            short_pick(
                pick_list_id=wave.pk, line_id=first, quantity=2, reason_code="not-found", by=people[1], now=now()
            )
        else:
            pick(pick_list_id=wave.pk, code=mug.sku, by=people[0], now=now())

    ends = race(6, act)

    assert set(ends) <= {"ok", "over_scan", "bad_quantity", "not_on_list", "wrong_item"}, ends
    lines = FulfillmentLine.objects.filter(fulfillment_order__pick_list=wave)
    assert all(each.picked_quantity + each.short_quantity <= each.quantity for each in lines)
    assert audit() == {}


def test_one_helper_joins_once(race, wave, people):
    assert race(4, lambda n: join(pick_list_id=wave.pk, by=people[2], now=now()) and None) == Counter(ok=4)
    assert PickHelper.objects.filter(pick_list=wave, user=people[2].user_id).count() == 1


def test_an_offer_is_taken_once_by_whoever_is_first(race, store, works, people, mug):
    """Accepting, claiming and the clock at the same moment: it stays here, or it goes, never both."""
    other = LocationFactory(latitude=46.0)
    stocked(other, 12, variant=mug)
    work = works[0]
    FulfillmentOrder.objects.filter(pk=work.pk).update(confirm_by=now())

    def act(n: int) -> str:
        if n == 0:
            return "out" if time_out(number=work.number, now=now()) else "kept"
        if n == 1:
            accept(number=work.number, by=people[0], now=now())
            return "accepted"
        claim(location=store, numbers=[work.number], by=people[n], now=now())
        return "claimed"

    ends = race(4, act)

    work.refresh_from_db()
    assert ends["claimed"] <= 1
    if ends["out"]:
        assert work.status == Status.DECLINED
        assert ends["claimed"] == 0
        assert work.order.fulfillment_orders.get(status="planned").location == other
    else:
        assert work.status in (Status.ACCEPTED, Status.PICKING)
        assert work.order.fulfillment_orders.count() == 1
    held = Reservation.objects.held().filter(variant=mug)
    assert sum(held.values_list("quantity", flat=True)) == 6
    assert audit() == {}


def test_the_clock_of_two_workers_moves_an_offer_once(race, works, mug):
    stocked(LocationFactory(latitude=46.0), 12, variant=mug)
    FulfillmentOrder.objects.filter(pk=works[0].pk).update(confirm_by=now())
    ends = race(3, lambda n: "out" if time_out(number=works[0].number, now=now()) else "late")
    assert ends == Counter(out=1, late=2)
    assert works[0].order.fulfillment_orders.count() == 2
    assert audit() == {}


def test_one_tote_takes_one_order(race, wave, works, people):
    def act(n: int) -> None:
        label_tote(pick_list_id=wave.pk, number=works[n].number, code="BIN-7", by=people[n])

    assert race(3, act) == Counter(ok=1, tote_taken=2)
    assert FulfillmentOrder.objects.filter(tote_label="BIN-7").count() == 1


def test_totes_are_brought_to_packing_once(race, wave, people, mug):
    for _ in range(6):
        pick(pick_list_id=wave.pk, code=mug.sku, by=people[0], now=now())
    ends = race(3, lambda n: bring_to_packing(pick_list_id=wave.pk, by=people[n], now=now()) and None)
    assert ends == Counter(ok=1, not_picked=2)
    assert PickList.objects.get().finished_at
    assert audit() == {}
