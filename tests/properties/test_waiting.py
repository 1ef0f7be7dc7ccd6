"""Whatever is pressed, when, in which order and by how many: the clock of a waiting customer is never impossible."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omni.core.refusals import Refusal
from orders.models import Arrival
from orders.operations.arrive import Car, arrive, call_off, on_my_way
from orders.operations.cancel import cancel
from orders.operations.expire import expire
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.settle import finalize_hand_overs
from orders.operations.stage import stage
from orders.waiting import wait
from tests.factories import line, placed, stocked
from tests.shop import SITE, audit, now, open_shop

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001
BY_ID = Collector("photo_id", name="Ada Byron")


@given(arrived=st.none() | MOMENTS, ready=st.none() | MOMENTS, served=st.none() | MOMENTS, moment=MOMENTS)
def test_a_wait_begins_when_both_are_true_and_is_never_negative(arrived, ready, served, moment):
    clock = wait(arrived_at=arrived, ready_at=ready, served_at=served, now=moment)
    if arrived is None or ready is None:
        assert clock.started_at is None and clock.seconds == 0
        return
    assert clock.started_at == max(arrived, ready)
    assert clock.length >= timedelta(0)
    assert clock.seconds == max(0, int(((served or moment) - clock.started_at).total_seconds()))


@given(arrived=MOMENTS, ready=MOMENTS, moments=st.lists(MOMENTS, min_size=2))
def test_while_time_goes_on_a_wait_only_grows(arrived, ready, moments):
    seconds = [wait(arrived_at=arrived, ready_at=ready, now=moment).seconds for moment in sorted(moments)]
    assert seconds == sorted(seconds)


ACTS = ["on_my_way", "arrive", "arrive_by_a_wrong_clock", "call_off", "give", "give_one", "undo", "finalize", "cancel",
        "expire", "stage"]  # fmt: skip


class Pressed(TestCase):
    """One pickup of three units, and everybody presses everything, on clocks that disagree by minutes."""

    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(-300, 3000)), min_size=1, max_size=14))
    def test_no_press_starts_an_impossible_clock(self, presses):
        shop = open_shop()
        variant = stocked(shop.store, 3)
        start = now()
        order = placed(line(variant, 3, at=shop.store), now=start)
        self.work = shop.picked(order)
        first: dict[int, datetime] = {}
        for act, offset in presses:
            try:
                with transaction.atomic():
                    self.press(act, shop, start + timedelta(seconds=offset))
            except Refusal:
                continue
            for arrival in Arrival.objects.exclude(arrived_at=None):
                assert first.setdefault(arrival.pk, arrival.arrived_at) == arrival.arrived_at, (
                    "the clock kept its start"
                )
        for arrival in Arrival.objects.all():
            assert arrival.waited_seconds is None or arrival.waited_seconds >= 0
            assert arrival.wait(ready_at=self.work.staged_at, now=now()).length >= timedelta(0)
        assert Arrival.objects.open().count() <= 1
        assert audit() == {}

    def press(self, act, shop, at):
        number = self.work.number
        last = self.work.hand_overs.order_by("-pk").first()
        if act == "on_my_way":
            on_my_way(number=number, car=Car(), by=SITE, now=at)
        elif act == "arrive":
            arrive(number=number, car=Car(bay="4"), by=SITE, now=at)
        elif act == "arrive_by_a_wrong_clock":
            arrive(number=number, car=Car(), by=SITE, now=at, at=at + timedelta(hours=3))
        elif act == "call_off":
            call_off(number=number, by=SITE, now=at)
        elif act == "stage":
            stage(number=number, shelf_code="S1", by=shop.picker, now=at)
        elif act in ("give", "give_one"):
            units = {self.work.lines.get().pk: 1} if act == "give_one" else None
            hand_over(number=number, collector=BY_ID, units=units, by=shop.picker, now=at)
        elif act == "undo" and last:
            undo_hand_over(hand_over_id=last.pk, by=shop.picker, now=at)
        elif act == "finalize":
            finalize_hand_overs(now=at)
        elif act == "cancel":
            cancel(number=self.work.order.number, reason="no", by=SITE, now=at)
        elif act == "expire":
            expire(number=number, now=at + timedelta(days=30))
        self.work.refresh_from_db()


@pytest.mark.django_db
def test_a_device_far_behind_is_told_so():
    shop = open_shop()
    order = placed(line(stocked(shop.store, 1), at=shop.store))
    with pytest.raises(Refusal, match="before the order was placed"), transaction.atomic():
        arrive(number=shop.release(order).number, car=Car(), by=SITE, now=now(), at=order.placed_at - timedelta(1))
    assert not Arrival.objects.exists()
