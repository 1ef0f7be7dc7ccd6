"""Parcels of a store: released in waves, offered, accepted or taken elsewhere in time, and never late in silence."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inventory.models import Location, LocationDay
from inventory.operations.pause import pause
from omni.core.actors import Actor
from omni.core.models import Event
from omni.core.refusals import Refusal
from orders import events
from orders.models import Exclusion, FulfillmentOrder, OrderException
from orders.models.fulfillment_order import Status
from orders.operations.accept import accept, flag_overdue
from orders.operations.cancel import cancel
from orders.operations.claim import claim, give_back
from orders.operations.decline import decline
from orders.operations.flag_missed import flag_missed
from orders.operations.hold_order import hold_order
from orders.operations.release import pull_forward, release_due
from orders.operations.settle_offers import settle_offers
from orders.operations.ship import ship
from orders.operations.time_out import time_out, timed_out
from orders.timeline import timeline
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.floor import staged
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
LEAD = Actor.system("lead")
ZONE = "America/Chicago"
WEEK = {day: [["10:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 on the clock of Minneapolis; the 2nd is a Monday, on the 8th the clocks change."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def store():
    """Mon-Sat 10-20, carrier at 17:00, 45 minutes to pick and pack, 30 to accept, a wave each hour."""
    return LocationFactory(name="Oak Street", weekly_hours=WEEK, timezone=ZONE)


@pytest.fixture
def other():
    """The next store, with the same hours."""
    return LocationFactory(name="Elm Street", weekly_hours=WEEK, timezone=ZONE, latitude=46.0)


def parcel(store, now, *, also=(), units=1):
    """One work to ship, planned at `store`; the others have the item too."""
    variant = stocked(store, units)
    order = placed(line(variant, units), now=now)
    for place in also:
        stocked(place, units, variant=variant)
    work = order.fulfillment_orders.get()
    assert work.location == store
    return work


def offered(store, now, **more):
    """The same, in front of the store's people."""
    work = parcel(store, now, **more)
    FulfillmentOrder.objects.filter(pk=work.pk).update(release_at=now)
    release_due(now=now)
    work.refresh_from_db()
    return work


def topics(work) -> list[str]:
    told = Event.objects.filter(aggregate_id=str(work.order.number)).order_by("pk")
    return list(told.values_list("topic", flat=True))


@pytest.mark.parametrize(
    ("ordered", "begin", "leaves"),
    [
        (at(2, 11), at(2, 16, 15), at(2, 17)),  # this afternoon's carrier
        (at(2, 16, 5), at(2, 16, 15), at(2, 17)),  # the last order that makes it
        (at(2, 16, 6), at(3, 16, 15), at(3, 17)),  # too late for today's
        (at(7, 18), at(9, 16, 15), at(9, 17)),  # Saturday evening: nobody is there on Sunday
    ],
)
def test_a_parcel_is_due_when_somebody_must_begin_to_make_the_carrier(store, ordered, begin, leaves):
    work = parcel(store, ordered)
    assert (work.due_at, work.cutoff_at) == (begin, leaves)


def test_the_carrier_of_a_short_day_leaves_at_closing_time(store):
    Location.objects.filter(pk=store.pk).update(weekly_hours={**WEEK, "mon": [["10:00", "16:00"]]})
    work = parcel(store, at(2, 11))
    assert (work.due_at, work.cutoff_at) == (at(2, 15, 15), at(2, 16))


def test_what_is_collected_keeps_its_ready_time_and_needs_no_yes(store):
    order = placed(line(stocked(store, 1), 1, at=store), now=at(2, 11))
    release_due(now=at(2, 11))
    work = order.fulfillment_orders.get()
    assert (work.status, work.due_at, work.cutoff_at, work.confirm_by) == ("released", at(2, 12), None, None)
    with pytest.raises(Refusal) as refusal:
        accept(number=work.number, by=LEAD, now=at(2, 11))
    assert refusal.value.code == "not_needed"


def test_parcels_come_with_the_next_wave_and_late_ones_at_once(store):
    assert parcel(store, at(2, 11)).release_at == at(2, 12)  # half an hour to cancel, then the wave of noon
    assert parcel(store, at(2, 15, 40)).release_at == at(2, 15, 40)  # two offers no longer fit: no waiting
    Location.objects.filter(pk=store.pk).update(wave_times="14:30")
    assert parcel(store, at(2, 11)).release_at == at(2, 14, 30)


def test_one_wave_tops_the_queue_up_and_the_rest_comes_with_the_next(store):
    Location.objects.filter(pk=store.pk).update(wave_orders=2)
    works = [parcel(store, at(2, 11)) for _ in range(3)]

    release_due(now=at(2, 12))

    states = [(work.status, work.release_at) for work in FulfillmentOrder.objects.order_by("pk")]
    assert states == [("released", at(2, 12)), ("released", at(2, 12)), ("planned", at(2, 13))]
    release_due(now=at(2, 13))  # nobody began: still full
    works[2].refresh_from_db()
    assert (works[2].status, works[2].release_at) == ("planned", at(2, 14))
    release_due(now=at(2, 15, 15))  # later would be too late for a second store
    works[2].refresh_from_db()
    assert works[2].status == "released"


def test_a_store_has_its_own_minutes_to_answer_and_never_more_than_half_of_what_is_left(store):
    assert offered(store, at(2, 12)).confirm_by == at(2, 12, 30)
    assert offered(store, at(2, 15, 55)).confirm_by == at(2, 16, 5)  # 20 minutes until somebody must begin


def test_minutes_to_answer_are_counted_while_the_store_is_open(store):
    assert offered(store, at(2, 19, 50)).confirm_by == at(3, 10, 20)


def test_an_accepted_parcel_stays(store, other):
    work = offered(store, at(2, 12), also=[other])
    accept(number=work.number, by=LEAD, now=at(2, 12, 10))
    assert timed_out(now=at(2, 13)) == []
    work.refresh_from_db()
    assert (work.status, work.accepted_at) == (Status.ACCEPTED, at(2, 12, 10))
    assert topics(work)[-1] == events.ACCEPTED
    with pytest.raises(Refusal) as refusal:
        accept(number=work.number, by=LEAD, now=at(2, 12, 11))
    assert refusal.value.code == "not_offered"


def test_whoever_begins_has_accepted_and_keeps_it_when_they_put_it_down(store, other):
    work = offered(store, at(2, 12), also=[other])
    picker = Actor.of(person("associate", at=store))
    pick_list = claim(location=store, numbers=[work.number], by=picker, now=at(2, 12, 5))
    work.refresh_from_db()
    assert (work.accepted_at, work.tote) == (at(2, 12, 5), "T1")
    assert topics(work)[-1] == events.ACCEPTED

    give_back(pick_list_id=pick_list.pk, by=picker, now=at(2, 12, 6))

    work.refresh_from_db()
    assert (work.status, work.tote) == (Status.ACCEPTED, "")
    assert timed_out(now=at(2, 14)) == []


def test_what_nobody_accepts_goes_to_the_next_store_in_the_same_act(store, other):
    work = offered(store, at(2, 12), also=[other])
    assert timed_out(now=at(2, 12, 29)) == []
    assert timed_out(now=at(2, 12, 30)) == [work.number]

    assert time_out(number=work.number, now=at(2, 12, 30))

    work.refresh_from_db()
    new = work.order.fulfillment_orders.exclude(pk=work.pk).get()
    assert (work.status, work.closed_reason, work.timed_out_at) == ("declined", "not accepted in time", at(2, 12, 30))
    assert (new.location, new.cutoff_at) == (other, at(2, 17))
    assert Exclusion.objects.get().location == store
    assert topics(work)[-2:] == [events.OFFER_TIMED_OUT, events.PROMISED]
    story = timeline(order=work.order, works=work.order.fulfillment_orders.all(), now=at(2, 12, 31))
    assert ("Planned again", f"now from {other.name}") in {(each["title"], each["note"]) for each in story}
    assert "Stock promised" not in {each["title"] for each in story}
    assert level(work.lines.get().variant, store) == (1, 0, 0)
    assert not OrderException.objects.exists()
    assert audit() == {}


def test_the_second_store_still_makes_the_carrier(store, other):
    work = parcel(store, at(2, 15), also=[other])
    release_due(now=work.release_at)
    work.refresh_from_db()
    time_out(number=work.number, now=work.confirm_by)
    new = work.order.fulfillment_orders.exclude(pk=work.pk).get()
    assert new.cutoff_at == work.cutoff_at
    release_due(now=new.release_at)
    new.refresh_from_db()
    assert new.confirm_by <= new.due_at


def test_where_nobody_else_has_it_it_stays_and_a_person_is_told(store):
    work = offered(store, at(2, 12))

    assert time_out(number=work.number, now=at(2, 12, 30))
    assert timed_out(now=at(2, 13)) == []

    work.refresh_from_db()
    assert (work.status, work.timed_out_at) == ("released", at(2, 12, 30))
    exception = OrderException.objects.get()
    assert exception.kind == "overdue"
    assert "no other location can take it" in exception.detail
    assert not Exclusion.objects.exists()
    assert level(work.lines.get().variant, store) == (1, 1, 0)
    assert audit() == {}
    claim(location=store, numbers=[work.number], by=Actor.of(person("associate", at=store)), now=at(2, 13))
    exception.refresh_from_db()
    assert exception.resolution == "accepted"


def test_after_so_many_attempts_a_person_decides(store, other, settings_decided):
    settings_decided("orders.max_attempts", 1)
    work = offered(store, at(2, 12), also=[other])
    assert time_out(number=work.number, now=at(2, 12, 30))
    work.refresh_from_db()
    assert work.status == "released"
    assert OrderException.objects.get().kind == "overdue"


def test_a_later_carrier_than_promised_is_told(store, other):
    Location.objects.filter(pk=other.pk).update(carrier_cut_off=time(11))
    work = offered(store, at(2, 12), also=[other])
    decline(number=work.number, reason="Too much work", by=LEAD, now=at(2, 12, 10))
    exception = OrderException.objects.get()
    assert exception.kind == "late"
    assert "Elm Street on 2026-03-03 11:00, later than promised" in exception.detail


def test_a_parcel_that_misses_its_carrier_is_an_alarm_once_until_it_leaves(store):
    work = offered(store, at(2, 12))
    accept(number=work.number, by=LEAD, now=at(2, 12))
    assert flag_missed(now=at(2, 16, 59)) == 0
    assert flag_missed(now=at(2, 17)) == 1
    assert flag_missed(now=at(2, 18)) == 0
    exception = OrderException.objects.get()
    assert (exception.kind, "accepted when the carrier left" in exception.detail) == ("late", True)
    assert topics(work)[-1].startswith("orders.")
    assert events.CUTOFF_MISSED in topics(work)

    work.refresh_from_db()
    staged(work, by=person("associate", at=store))
    ship(number=work.number, carrier="UPS", tracking_number="1Z", by=LEAD, now=at(2, 18))

    exception.refresh_from_db()
    assert exception.resolution == "shipped"


def test_a_cancelled_order_is_late_no_more(store):
    work = offered(store, at(2, 12))
    time_out(number=work.number, now=at(2, 12, 30))
    flag_missed(now=at(2, 17))
    assert sorted(OrderException.objects.values_list("kind", flat=True)) == ["late", "overdue"]
    cancel(number=work.order.number, reason="too late", by=LEAD, now=at(2, 18))
    assert set(OrderException.objects.values_list("resolution", flat=True)) == {"cancelled"}
    assert audit() == {}


def test_a_hold_takes_an_offer_back(store):
    work = offered(store, at(2, 12))
    accept(number=work.number, by=LEAD, now=at(2, 12))
    hold_order(number=work.order.number, kind="payment", note="", by=LEAD, now=at(2, 12, 5))
    work.refresh_from_db()
    assert (work.status, work.confirm_by, work.accepted_at) == ("planned", None, None)
    assert flag_missed(now=at(3, 12)) == 0


def test_a_quiet_store_takes_its_next_waves_early(store):
    work = parcel(store, at(2, 11))
    assert pull_forward(location=store, by=LEAD, now=at(2, 11, 5)) == [work]
    work.refresh_from_db()
    assert (work.status, work.confirm_by) == ("released", at(2, 11, 35))
    with pytest.raises(Refusal) as refusal:
        pull_forward(location=store, by=LEAD, now=at(2, 11, 6))
    assert refusal.value.code == "nothing_comes"


def test_a_paused_store_gets_its_parcels_after_the_pause_or_the_next_store_does(store, other):
    short, long = parcel(store, at(2, 11)), parcel(store, at(2, 11), also=[other])
    Location.objects.filter(pk=store.pk).update(paused_until=at(2, 13), pause_reason="no staff")
    release_due(now=at(2, 12))
    short.refresh_from_db()
    assert (short.status, short.release_at) == ("planned", at(2, 13))

    Location.objects.filter(pk=store.pk).update(paused_until=at(2, 19))
    FulfillmentOrder.objects.filter(pk=long.pk).update(release_at=at(2, 13))
    release_due(now=at(2, 13))
    for number in timed_out(now=at(2, 13)):
        time_out(number=number, now=at(2, 13))

    long.refresh_from_db()
    assert (long.status, long.closed_reason) == ("declined", "store paused: no staff")
    assert long.order.fulfillment_orders.exclude(pk=long.pk).get().location == other


@pytest.mark.parametrize(("send_away", "status"), [(True, "declined"), (False, "accepted")])
def test_a_lead_who_pauses_decides_about_open_offers(store, other, send_away, status):
    work = offered(store, at(2, 12), also=[other])
    pause(location_id=store.pk, until=at(2, 15), reason="alarm", send_away=send_away, by=LEAD, now=at(2, 12, 5))
    news = Event.objects.filter(topic="inventory.location_paused").latest("pk").payload
    assert news["send_away"] is send_away

    assert settle_offers(location_code=store.code, send_away=send_away, by=LEAD, now=at(2, 12, 5)) == 1

    work.refresh_from_db()
    assert work.status == status
    assert audit() == {}


def test_a_full_day_is_asked_last_and_what_is_moved_says_so(store, other):
    Location.objects.filter(pk=store.pk).update(ship_capacity=1)
    first = parcel(store, at(2, 11))
    variant = stocked(store, 5)
    stocked(other, 1, variant=variant)
    elsewhere = placed(line(variant, 1), now=at(2, 11)).fulfillment_orders.get()
    moved = placed(line(variant, 1), now=at(2, 11)).fulfillment_orders.get()
    assert (first.cutoff_at, elsewhere.location) == (at(2, 17), other)
    assert (moved.location, moved.cutoff_at, moved.due_at) == (store, at(3, 17), at(3, 16, 15))
    assert moved.release_at >= at(2, 11)
    assert sorted(LocationDay.objects.values_list("used", flat=True)) == [1, 1]


def test_centers_confirm_within_hours_and_are_never_timed_out(settings_decided):
    center = LocationFactory(kind="dc", weekly_hours=WEEK, timezone=ZONE)
    work = offered(center, at(2, 12))
    assert work.confirm_by == at(2, 16)
    assert timed_out(now=at(2, 18)) == []
    assert flag_overdue(now=at(2, 18)) == 1


def test_practice_and_real_clocks_agree(store):
    """An order of right now is planned like those above: nothing depends on the machine's own zone."""
    work = parcel(store, timezone.now())
    assert work.cutoff_at.astimezone(store.zone).hour == 17
