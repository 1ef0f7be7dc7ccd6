"""Whatever people do, in whatever order: units are conserved and the audit finds nothing."""

from datetime import timedelta

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import CycleCount, Location, PutBack
from inventory.operations.apply_movements import Reported, apply_movements
from inventory.operations.count import count_item
from inventory.operations.put_back import put_back
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import FulfillmentOrder, HandOver, Order, PickList, PickupChoice
from orders.operations.answer_choice import answer_choice
from orders.operations.cancel import cancel
from orders.operations.claim import claim, give_back
from orders.operations.decline import decline
from orders.operations.expire import expire
from orders.operations.hand_over import Collector, hand_over, undo_hand_over
from orders.operations.pick import acknowledge_stop, pick, unpick
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.release import release_due
from orders.operations.resolve_shortfall import resolve_shortfall
from orders.operations.settle import finalize_hand_overs
from orders.operations.ship import ship
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.shop import SITE, audit, now

LATER = timedelta(days=30)
REASONS = ["not-found", "damaged", "sold-just-now"]


class World:
    """Two stores, three items, and everything anybody may press."""

    def __init__(self) -> None:
        self.stores = [LocationFactory(pickup_capacity=3), LocationFactory()]
        self.variants = [stocked(self.stores[0], 4) for _ in range(3)]
        for variant in self.variants:
            stocked(self.stores[1], 2, variant=variant)
        self.by = [Actor.of(person("associate", at=store)) for store in self.stores]

    def act(self, verb: str, a: int, b: int, c: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, verb)(a, b, c)
        except Refusal:
            return  # a refusal is an answer; that it left nothing behind is what the audit looks at

    def one(self, rows, n: int):
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def place(self, a, b, c):
        at = [self.stores[0], self.stores[1], None][a % 3]
        on_shortage = ["refuse", "backorder", "accept"][c % 3]
        placed(
            line(self.variants[b % 3], 1 + c % 4, at=at), line(self.variants[c % 3], 1, at=at), on_shortage=on_shortage
        )

    def release(self, a, b, c):
        release_due(now=now() + LATER)

    def claim(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.queue(), a):
            claim(
                location=work.location, numbers=[work.number], by=self.by[self.stores.index(work.location)], now=now()
            )

    def pick(self, a, b, c):
        if pick_list := self.one(PickList.objects.open(), a):
            pick(pick_list_id=pick_list.pk, code=self.variants[b % 3].sku, by=self.by[0], now=now())

    def unpick(self, a, b, c):
        if (pick_list := self.one(PickList.objects.open(), a)) and (work := pick_list.fulfillment_orders.first()):
            unpick(pick_list_id=pick_list.pk, line_id=work.lines.first().pk, by=self.by[0], now=now())

    def short(self, a, b, c):
        if (pick_list := self.one(PickList.objects.open(), a)) and (work := pick_list.fulfillment_orders.first()):
            short_pick(pick_list_id=pick_list.pk, line_id=self.one(work.lines, b).pk, quantity=1 + c % 2,
                       reason_code=REASONS[c % 3], by=self.by[0], now=now())  # fmt: skip

    def acknowledge(self, a, b, c):
        if pick_list := self.one(PickList.objects.open(), a):
            acknowledge_stop(pick_list_id=pick_list.pk, by=self.by[0])

    def give_back(self, a, b, c):
        if pick_list := self.one(PickList.objects.open(), a):
            give_back(pick_list_id=pick_list.pk, by=self.by[0], now=now())

    def stage(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status="picking"), a):
            stage(number=work.number, shelf_code="S1", by=self.by[0], now=now())

    def hand_over(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status="staged"), a):
            units = None if b % 2 else {work.lines.first().pk: 1}
            hand_over(number=work.number, collector=Collector("photo_id", name="Ada"), units=units,
                      cancel_remaining=bool(c % 2), by=self.by[0], now=now())  # fmt: skip

    def undo(self, a, b, c):
        if handed := self.one(HandOver.objects.all(), a):
            undo_hand_over(hand_over_id=handed.pk, by=self.by[0], now=handed.handed_over_at)

    def finalize(self, a, b, c):
        finalize_hand_overs(now=now() + LATER)

    def ship(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status="staged", method="ship"), a):
            ship(number=work.number, carrier="UPS", tracking_number="1Z", by=self.by[0], now=now())

    def cancel(self, a, b, c):
        if order := self.one(Order.objects.all(), a):
            some = None if b % 2 else [(self.one(order.lines, b).reference, 1 + c % 2)]
            cancel(number=order.number, lines=some, reason="x", by=SITE, now=now())

    def decline(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status="released"), a):
            decline(number=work.number, reason="x", by=self.by[0], now=now())

    def expire(self, a, b, c):
        if work := self.one(FulfillmentOrder.objects.filter(status="staged"), a):
            expire(number=work.number, now=now() + LATER)

    def put_back(self, a, b, c):
        if task := self.one(PutBack.objects.filter(done_at=None), a):
            put_back(put_back_id=task.pk, code=task.variant.sku, by=self.by[0], now=now())

    def count(self, a, b, c):
        if task := self.one(CycleCount.objects.filter(done_at=None), a):
            count_item(cycle_count_id=task.pk, counted=b % 5, by=self.by[0], now=now())

    def sell_at_till(self, a, b, c):
        store = self.stores[a % 2]
        event = Reported(
            f"{a}:{b}:{c}", self.variants[b % 3].sku, store.code, ["pos_sale", "receipt"][c % 2], 1 + a % 3, now()
        )
        apply_movements(reported=[event], source="till", locations=Location.objects.all(), by=SITE, now=now())

    def answer(self, a, b, c):
        if choice := self.one(PickupChoice.objects.filter(answer=""), a):
            answer_choice(choice_id=choice.pk, answer=["other_store", "ship", "cancel"][b % 3],
                          location_code=self.stores[c % 2].code, by=SITE, now=now())  # fmt: skip

    def promise(self, a, b, c):
        for number in waiting_orders():
            promise_waiting(number=number, now=now())

    def heal(self, a, b, c):
        resolve_shortfall(variant_id=self.variants[a % 3].pk, location_id=self.stores[b % 2].pk, now=now())


VERBS = [name for name, value in vars(World).items() if callable(value) and name not in ("__init__", "act", "one")]
# What brings orders forward comes up more often than what ends them.
LIKELY = VERBS + ["place", "release", "claim", "pick", "pick", "stage", "hand_over"] * 3
numbers = st.integers(0, 11)


class ConservationTest(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(LIKELY), numbers, numbers, numbers), min_size=15, max_size=60))
    def test_any_sequence_of_acts_leaves_a_sound_shop(self, acts):
        world = World()
        for act in acts:
            world.act(*act)
        assert audit() == {}
