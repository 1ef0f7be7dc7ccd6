"""Counts that ask for themselves: which shelves, why, how many, and what answers them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import CountPlan, CountSession, CycleCount, ShelfSign, StockLevel, StockMovement
from inventory.models.cycle_count import Why
from inventory.operations.count import count_item, raise_counts
from inventory.operations.count_scans import scan_item
from inventory.operations.count_session import count_listed, end_counting
from inventory.operations.decide_count import book_count
from inventory.operations.move_stock import Move, move_stock
from inventory.operations.plan_counts import plan_counts
from omni.core.actors import Actor
from omni.core.models import Event
from omni.core.refusals import Refusal
from orders.operations.decline import decline
from orders.operations.short_pick import short_pick
from tests.factories import LocationFactory, VariantFactory, line, placed, stocked
from tests.factories.counts import LATER
from tests.shop import audit, open_shop

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
DAY = timedelta(days=1)


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def now():
    return timezone.now() + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def quiet(settings_decided):
    """Nothing is anybody's turn unless a test says so."""
    for name in ("days_a", "days_b", "days_c", "stale_days", "high_value"):
        settings_decided(f"inventory.count_{name}", 0)
    return settings_decided


def shelf(store, units=5, *, cost="2", counted=None, sold=0, sold_days=0):
    """An item counted and sold so many days ago."""
    now = timezone.now()
    variant = stocked(store, units, variant=VariantFactory(unit_cost=Decimal(cost)))
    ShelfSign.objects.create(
        variant=variant, location=store, counted_at=None if counted is None else now - counted * DAY, sold=sold,
        sold_at=now - sold_days * DAY if sold else None,
    )  # fmt: skip
    return variant


def asked():
    """What is asked for: variant -> reasons."""
    return {task.variant_id: task.reasons for task in CycleCount.objects.filter(done_at=None)}


# --- why --------------------------------------------------------------------------------------------------------
def test_a_book_below_zero_asks_for_a_count(store, now):
    variant, fine = shelf(store, 1, counted=1), shelf(store, 1, counted=1)
    move_stock(moves=[Move(variant.pk, store.pk, StockMovement.Kind.POS_SALE, -3)], by=BY, now=now)
    assert plan_counts(now=now) == 1
    assert asked() == {variant.pk: ["negative"]}
    assert fine.pk not in asked()


def test_the_last_one_sold_asks_for_a_count_and_one_after_it_does_not(store, now):
    sold_out, counted_since = (
        shelf(store, 0, counted=9, sold=3, sold_days=2),
        shelf(store, 0, counted=1, sold=3, sold_days=2),
    )
    never_sold, long_ago = shelf(store, 0), shelf(store, 0, counted=60, sold=3, sold_days=30)
    plan_counts(now=now)
    assert asked() == {sold_out.pk: ["zero"]}
    assert not {counted_since.pk, never_sold.pk, long_ago.pk} & asked().keys()


def test_classes_follow_what_an_item_brings_and_each_has_its_days(store, now, quiet):
    for name, days in (("a", 30), ("b", 90), ("c", 180)):
        quiet(f"inventory.count_days_{name}", days)
    brings_most = shelf(store, cost="10", sold=80, counted=31)  # 800 of 1,000: A
    middling = shelf(store, cost="10", sold=15, counted=91)  # the next 150: B
    middling_lately = shelf(store, cost="1", sold=40, counted=31)  # brings 40: C
    unsold_old, unsold = shelf(store, counted=181), shelf(store, counted=100)
    plan_counts(now=now)
    assert asked() == {brings_most.pk: ["cadence"], middling.pk: ["cadence"], unsold_old.pk: ["cadence"]}
    assert not {middling_lately.pk, unsold.pk} & asked().keys()


def test_stock_that_nobody_ever_counted_is_stale_and_nothing_on_the_shelf_is_not(store, now, quiet):
    quiet("inventory.count_stale_days", 365)
    never, old, lately, empty = shelf(store), shelf(store, counted=366), shelf(store, counted=300), shelf(store, 0)
    plan_counts(now=now)
    assert asked() == {never.pk: ["stale"], old.pk: ["stale"]}
    assert not {lately.pk, empty.pk} & asked().keys()


def test_a_valuable_shelf_is_counted_more_often_and_the_strongest_reason_comes_first(store, now, quiet):
    for name, value in (("high_value", 1000), ("high_value_days", 30), ("stale_days", 200), ("days_c", 100)):
        quiet(f"inventory.count_{name}", value)
    valuable, cheap = shelf(store, 5, cost="300", counted=31), shelf(store, 5, counted=31)
    everything = shelf(store, 5, cost="300", counted=250)
    plan_counts(now=now)
    assert asked() == {valuable.pk: ["high_value"], everything.pk: ["high_value", "stale", "cadence"]}
    assert CycleCount.objects.get(variant=everything).words == [
        "Valuable, and not counted for long", "Not counted for very long", "It is its turn",
    ]  # fmt: skip
    assert cheap.pk not in asked()


# --- how many ---------------------------------------------------------------------------------------------------
def test_no_more_than_can_be_done_and_the_strongest_reasons_first(store, now, quiet):
    quiet("inventory.count_tasks_a_day", 3)
    quiet("inventory.count_days_c", 10)
    turns = [shelf(store, cost=str(n), counted=20) for n in range(1, 6)]
    below = shelf(store, 1, counted=1)
    move_stock(moves=[Move(below.pk, store.pk, StockMovement.Kind.POS_SALE, -3)], by=BY, now=now)
    assert plan_counts(now=now) == 3
    assert asked().keys() == {below.pk, turns[4].pk, turns[3].pk}, "then what is worth most"


def test_what_is_done_early_is_not_followed_by_more_on_the_same_day(store, now, quiet):
    quiet("inventory.count_tasks_a_day", 2)
    quiet("inventory.count_days_c", 10)
    for _ in range(5):
        shelf(store, counted=20)
    plan_counts(now=now)
    for task in CycleCount.objects.all():
        count_item(cycle_count_id=task.pk, counted=5, by=BY, now=now)
    ShelfSign.objects.filter(variant__in=CycleCount.objects.values("variant")).update(counted_at=now)
    CountPlan.objects.update(planned_at=now - DAY)
    assert plan_counts(now=now) == 0
    assert plan_counts(now=now + DAY) == 2


def test_open_tasks_that_people_asked_for_take_room(store, now, quiet):
    quiet("inventory.count_tasks_a_day", 2)
    quiet("inventory.count_days_c", 10)
    wanted = [shelf(store, counted=1) for _ in range(2)]
    shelf(store, counted=20)
    raise_counts(items=[(each.pk, store.pk) for each in wanted], reason="odd", cause="t", by=BY, now=now)
    assert plan_counts(now=now) == 0


def test_a_location_is_asked_once_in_six_hours_and_practice_and_partners_never(store, now, quiet):
    quiet("inventory.count_stale_days", 100)
    partner, closed = LocationFactory(kind="dropship"), LocationFactory(is_active=False)
    for place in (store, partner, closed):
        shelf(place)
    assert plan_counts(now=now) == 1
    shelf(store)
    assert plan_counts(now=now + timedelta(hours=5)) == 0
    assert plan_counts(now=now + timedelta(hours=7)) == 1
    assert set(CycleCount.objects.values_list("location_id", flat=True)) == {store.pk}


def test_each_location_is_told_of_once(store, now, quiet):
    quiet("inventory.count_stale_days", 100)
    variants = [shelf(store), shelf(store)]
    plan_counts(now=now)
    event = Event.objects.get(topic="inventory.count_raised")
    assert event.payload["items"] == [[each.pk, store.pk] for each in variants]
    assert event.payload["reasons"] == ["stale", "stale"]


# --- what people report ------------------------------------------------------------------------------------------
def test_another_reason_joins_the_task_that_is_open(store, now):
    variant = stocked(store, 3)
    item = [(variant.pk, store.pk)]
    raise_counts(items=item, reason="looks odd", cause="HQ", by=BY, now=now)
    raise_counts(items=item, reason="Not on the shelf", cause="t", why=Why.NOT_FOUND, by=BY, now=now + LATER)
    raise_counts(items=item, reason="again", cause="t", by=BY, now=now + 2 * LATER)
    task = CycleCount.objects.get()
    assert (task.reasons, task.reason, task.raised_at) == (["not_found", "asked"], "looks odd", now + LATER)
    assert task.words == ["looks odd", "A picker did not find it"]


def test_a_short_pick_and_a_decline_without_stock_ask_for_a_count():
    shop = open_shop()
    tee, cap, mug = (stocked(shop.store, 5) for _ in range(3))
    work, pick_list = shop.claim(placed(line(tee, 1, at=shop.store)))
    short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=1, reason_code="not-found",
               by=shop.picker, now=timezone.now())  # fmt: skip
    for variant, reason in ((cap, "Out of stock"), (mug, "Too much work")):
        other = shop.release(placed(line(variant, 1, at=shop.store)))
        decline(number=other.number, reason=reason, by=shop.picker, now=timezone.now())
    assert asked() == {tee.pk: ["not_found"], cap.pk: ["declined"]}


# --- counted together --------------------------------------------------------------------------------------------
def test_the_list_is_counted_together_and_its_tasks_are_done_by_it(store, now):
    tee, cap, other = stocked(store, 5), stocked(store, 4), stocked(store, 3)
    raise_counts(items=[(each.pk, store.pk) for each in (tee, cap)], reason="odd", cause="t", by=BY, now=now)
    tasks = list(CycleCount.objects.values_list("pk", flat=True))
    session = count_listed(location=store, tasks=tasks, by=BY, now=now)
    assert count_listed(location=store, tasks=tasks, by=BY, now=now) == session, "pressed twice it is one count"
    assert {level.variant_id for level in session.shelves()} == {tee.pk, cap.pk}
    CountSession.objects.update(tolerated_units=10, tolerated_amount=10**6, approved_amount=10**6, slack_seconds=0)
    for variant, units in ((tee, 5), (cap, 3), (other, 1)):
        scan_item(area_id=session.areas.get().pk, code=variant.sku, units=units, by=BY, now=now + LATER)
    end_counting(session_id=session.pk, by=BY, now=now + LATER)
    book_count(session_id=session.pk, by=BY, now=now + 2 * LATER)
    states = dict(session.lines.values_list("variant", "state"))
    assert states == {tee.pk: "matches", cap.pk: "booked", other.pk: "outside"}
    assert asked() == {other.pk: ["asked"]}
    assert StockLevel.objects.get(variant=cap).on_hand == 3
    assert audit() == {}


def test_a_list_of_which_nothing_is_open_begins_nothing(store, now):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        count_listed(location=store, tasks=[1, 2], by=BY, now=now)
    assert refused.value.code == "nothing_to_count"
    assert not CountSession.objects.exists()
