"""Before their release parcels move to other shelves: whole, never later, and only where nothing changed meanwhile."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.hours import DAYS
from inventory.models import LocationDay, Reservation
from omni.core.actors import Actor
from omni.core.models import Event, StateChange
from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, FulfillmentOrder
from orders.operations.cancel import cancel
from orders.operations.hold_order import hold_order
from orders.operations.move_promise import Share, move_promise
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.kits import kit_of
from tests.factories.network import ALL_DAY
from tests.shop import audit, level, now

pytestmark = pytest.mark.django_db
ROUTER = Actor.system("routing")
NEAR = {"latitude": 44.98, "longitude": -93.27}


@pytest.fixture
def near():
    return LocationFactory(name="Near", **NEAR)


@pytest.fixture
def far():
    return LocationFactory(name="Far", latitude=41.9, longitude=-87.6)


@pytest.fixture
def third():
    return LocationFactory(name="Third", latitude=39.7, longitude=-105.0)


def shares(order, **to) -> list[Share]:
    """Every open line of the order's planned work; `to` says where, by SKU."""
    lines = FulfillmentLine.objects.filter(fulfillment_order__order=order, fulfillment_order__status="planned")
    return [
        Share(each.pk, each.open_quantity, place, to[each.order_line.reference].pk if each.order_line.reference in to
              else place)
        for each in lines.select_related("order_line", "fulfillment_order").order_by("pk")
        for place in [each.fulfillment_order.location_id]
    ]  # fmt: skip


def moved(order, *, seen=None, at=None, **to):
    return move_promise(
        number=order.number, shares=seen or shares(order, **to), saving=4200, by=ROUTER, now=at or now()
    )


def refused(order, **how) -> str:
    before = dict(Reservation.objects.held().values_list("demand_key", "location_id"))
    with pytest.raises(Refusal) as caught, transaction.atomic():
        moved(order, **how)
    assert dict(Reservation.objects.held().values_list("demand_key", "location_id")) == before
    assert not Event.objects.filter(topic="orders.moved").exists()
    return caught.value.code


def test_a_parcel_goes_on_with_its_number_its_units_and_its_story(near, far):
    mug = stocked(near, 5)
    stocked(far, 5, variant=mug)
    order = placed(line(mug, 2, reference="mug"))
    before = order.fulfillment_orders.get()

    moved(order, mug=far)

    work = order.fulfillment_orders.get()
    assert (work.number, work.location, work.status) == (before.number, far, "planned")
    assert level(mug, near) == (5, 0, 0)
    assert level(mug, far) == (5, 2, 0)
    told = Event.objects.get(topic="orders.moved").payload
    assert told == {"order": str(order.number), "saving": "0.42", "lines": [
        {"fulfillment_order": work.number, "reference": "mug", "sku": mug.sku, "quantity": 2, "from": near.code,
         "to": far.code}
    ], "for": [], "made_room": []}  # fmt: skip
    line_of_history = StateChange.objects.about(work.subject).get()
    assert line_of_history.reason == f"{near.code} > {far.code}, saves 0.42"
    order.refresh_from_db()
    assert order.promise_moves == 1
    assert audit() == {}


def test_lines_join_the_parcel_that_goes_from_there_already(near, far):
    mug, cup = stocked(near, 1), stocked(far, 1)
    order = placed(line(mug, reference="mug"), line(cup, reference="cup"))
    stocked(far, 3, variant=mug)

    moved(order, mug=far)

    kept, closed = order.fulfillment_orders.get(location=far), order.fulfillment_orders.get(location=near)
    assert sorted(kept.lines.values_list("order_line__reference", flat=True)) == ["cup", "mug"]
    assert (closed.status, closed.closed_reason) == ("cancelled", "goes with another parcel")
    assert audit() == {}


def test_a_line_leaves_its_parcel_and_gets_a_new_one(near, far):
    mug, cup = stocked(near, 2), stocked(near, 2)
    stocked(far, 3, variant=mug)
    order = placed(line(mug, reference="mug"), line(cup, reference="cup"))

    moved(order, mug=far)

    works = order.fulfillment_orders.order_by("pk")
    assert [(work.number, work.location) for work in works] == [
        (f"{order.number}-1", near), (f"{order.number}-2", far),
    ]  # fmt: skip
    assert audit() == {}


def test_lines_that_change_places_change_parcels(near, far):
    mug, cup = stocked(near, 1), stocked(far, 1)
    order = placed(line(mug, reference="mug"), line(cup, reference="cup"))
    stocked(far, 1, variant=mug)
    stocked(near, 1, variant=cup)

    moved(order, mug=far, cup=near)

    assert FulfillmentOrder.objects.filter(status="planned").count() == 2
    assert level(mug, far)[1] == level(cup, near)[1] == 1
    assert audit() == {}


def test_the_share_of_the_day_goes_along(near, far):
    for place in (near, far):
        place.ship_capacity = 2
        place.save()
    mug = stocked(near, 5)
    stocked(far, 5, variant=mug)
    order = placed(line(mug, reference="mug"))

    moved(order, mug=far)

    assert dict(LocationDay.objects.values_list("location", "used")) == {near.pk: 0, far.pk: 1}
    assert audit() == {}


def test_a_full_day_keeps_the_old_promise(near, far):
    far.ship_capacity = 1
    far.save()
    mug = stocked(near, 5)
    stocked(far, 5, variant=mug)
    moved(placed(line(mug, reference="mug")), mug=far)
    Event.objects.filter(topic="orders.moved").update(topic="orders.moved_before")

    assert refused(placed(line(mug, reference="mug")), mug=far) == "later_promise"
    assert LocationDay.objects.get().used == 1
    assert audit() == {}


def test_a_location_that_leaves_later_is_no_choice(near, far):
    mug = stocked(near, 5)
    stocked(far, 5, variant=mug)
    order = placed(line(mug, reference="mug"))
    leaves = timezone.localtime(order.fulfillment_orders.get().cutoff_at, near.zone)
    far.weekly_hours = {day: hours for day, hours in ALL_DAY.items() if day != DAYS[leaves.weekday()]}
    far.save()

    assert refused(order, mug=far) == "later_promise"


def test_units_that_somebody_took_meanwhile_leave_the_old_promise(near, far):
    mug = stocked(near, 5)
    stocked(far, 2, variant=mug)
    order = placed(line(mug, 3, reference="mug"))

    assert refused(order, mug=far) == "insufficient_stock"
    assert level(mug, near) == (5, 3, 0)
    assert audit() == {}


def test_what_changed_since_it_was_seen_does_not_move(near, far):
    mug = stocked(near, 9)
    stocked(far, 9, variant=mug)
    order = placed(line(mug, 3, reference="mug"))
    seen = shares(order, mug=far)

    cancel(number=order.number, lines=[("mug", 1)], reason="fewer", by=ROUTER, now=now())
    assert refused(order, seen=seen) == "promise_changed"

    seen = shares(order, mug=far)
    hold_order(number=order.number, kind="address", note="", by=ROUTER, now=now())
    assert refused(order, seen=seen) == "promise_changed"


def test_released_work_does_not_move(near, far):
    mug = stocked(near, 9)
    stocked(far, 9, variant=mug)
    order = placed(line(mug, reference="mug"))
    seen = shares(order, mug=far)
    FulfillmentOrder.objects.update(release_at=now())
    release_due(now=now())

    assert refused(order, seen=seen) == "promise_changed"
    assert order.fulfillment_orders.get().location == near


def test_an_order_moves_as_often_as_hq_allows(near, far, third, settings_decided):
    settings_decided("orders.most_moves", 1)
    mug = stocked(near, 9)
    for place in (far, third):
        stocked(place, 9, variant=mug)
    order = placed(line(mug, reference="mug"))
    moved(order, mug=far)
    Event.objects.filter(topic="orders.moved").update(topic="orders.moved_before")

    assert refused(order, mug=third) == "moved_enough"


@pytest.mark.parametrize("how", [{"is_active": False}, {"can_ship": False}, {"paused_until": "2100-01-01T00:00Z"},
                                 {"kind": "dropship"}, {"weekly_hours": {}}])  # fmt: skip
def test_a_location_that_takes_no_parcels_gets_none(near, far, how):
    mug = stocked(near, 9)
    stocked(far, 9, variant=mug)
    order = placed(line(mug, reference="mug"))
    type(far).objects.filter(pk=far.pk).update(**how)

    assert refused(order, mug=far) == "location_closed"


def test_a_kit_is_not_torn_apart(near, far):
    mug, cup = stocked(near, 2), stocked(near, 2)
    for part in (mug, cup):
        stocked(far, 2, variant=part)
    order = placed(line(kit_of({mug: 1, cup: 1}), reference="gift"))
    parts = shares(order)
    assert len(parts) == 2
    torn = [parts[0], replace(parts[1], location_id=far.pk)]

    assert refused(order, seen=torn) == "kit_torn"
    moved(order, seen=[replace(part, location_id=far.pk) for part in parts])
    assert order.fulfillment_orders.get().location == far
    assert audit() == {}


def test_where_all_stays_nothing_is_written(near):
    order = placed(line(stocked(near, 2), reference="mug"))
    moved(order)
    order.refresh_from_db()
    assert order.promise_moves == 0
    assert not Event.objects.filter(topic="orders.moved").exists()
