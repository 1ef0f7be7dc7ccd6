"""Whatever parcels are moved, released, declined, cancelled or held, in whatever order: every unit is promised once,
every day's share is somebody's, and no line ever leaves later than before a move."""

from datetime import timedelta

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, FulfillmentOrder, Order
from orders.operations.cancel import cancel
from orders.operations.decline import decline
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.move_promise import Share, move_promise
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.release import release_due
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.kits import kit_of
from tests.shop import SITE, audit, now

ROUTER = Actor.system("routing")
numbers = st.integers(0, 11)
ACTS = ["move"] * 8 + ["place"] * 3 + ["place_kit", "release", "decline", "cancel", "hold", "unhold", "promise"]


class World:
    """Three locations, one of them with a small day, three items and a kit of two of them."""

    def __init__(self) -> None:
        self.places = [LocationFactory(ship_capacity=2), LocationFactory(ship_capacity=5), LocationFactory()]
        self.variants = [stocked(self.places[0], 4) for _ in range(3)]
        for n, variant in enumerate(self.variants):
            stocked(self.places[1], 2 + n, variant=variant)
            stocked(self.places[2], 1, variant=variant)
        self.kit = kit_of({self.variants[0]: 1, self.variants[1]: 1})

    def act(self, verb: str, a: int, b: int, c: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, verb)(a, b, c)
        except Refusal:
            return

    def one(self, rows, n: int):
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def place(self, a, b, c):
        placed(line(self.variants[a % 3], 1 + b % 2), line(self.variants[c % 3]), on_shortage="backorder")

    def place_kit(self, a, b, c):
        placed(line(self.kit, 1 + a % 2), on_shortage="backorder")

    def move(self, a, b, c):
        order = self.one(Order.objects.all(), a)
        if order is None:
            return
        lines = FulfillmentLine.objects.filter(fulfillment_order__order=order, fulfillment_order__status="planned")
        shares = [
            Share(each.pk, each.open_quantity, each.fulfillment_order.location_id,
                  self.places[(b if n % 2 else c) % 3].pk)
            for n, each in enumerate(lines.select_related("fulfillment_order").order_by("pk")) if each.open_quantity
        ]  # fmt: skip
        days = self.days(shares)
        move_promise(number=order.number, shares=shares, saving=100, by=ROUTER, now=now())
        after = self.days(shares)
        assert all(after[pk] <= day for pk, day in days.items())
        where = dict(FulfillmentLine.objects.filter(pk__in=days).values_list("pk", "fulfillment_order__location"))
        assert where == {share.line_id: share.location_id for share in shares}
        order.refresh_from_db()
        assert order.promise_moves <= 3

    def days(self, shares):
        lines = FulfillmentLine.objects.filter(pk__in=[share.line_id for share in shares])
        return {
            each.pk: each.fulfillment_order.location.schedule.local_day(each.fulfillment_order.cutoff_at)
            for each in lines.select_related("fulfillment_order__location")
        }

    def release(self, a, b, c):
        release_due(now=now() + timedelta(days=30), limit=1 + a % 3)

    def decline(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status__in=["released", "planned"]), a):
            decline(number=work.number, reason="x", by=SITE, now=now())

    def cancel(self, a, b, c):
        if order := self.one(Order.objects.all(), a):
            some = None if b % 2 else [(self.one(order.lines, b).reference, 1)]
            cancel(number=order.number, lines=some, reason="x", by=SITE, now=now())

    def hold(self, a, b, c):
        if order := self.one(Order.objects.all(), a):
            hold_order(number=order.number, kind="address", note="", by=SITE, now=now())

    def unhold(self, a, b, c):
        if order := self.one(Order.objects.exclude(hold=""), a):
            unhold_order(number=order.number, by=SITE, now=now())

    def promise(self, a, b, c):
        for number in waiting_orders():
            promise_waiting(number=number, now=now())


class MovesTest(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(ACTS), numbers, numbers, numbers), min_size=8, max_size=30))
    def test_any_sequence_of_moves_leaves_counters_true(self, acts):
        world = World()
        world.act("place", 0, 1, 2)
        for act in acts:
            world.act(*act)
        assert audit() == {}
