"""Whatever a partner and its customers say, in whatever order and however often: units are conserved."""

from datetime import timedelta

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import StockLevel, StockMovement
from omni.core.refusals import Refusal
from orders.models import FulfillmentLine, FulfillmentOrder, Order, PartnerAlarm
from orders.operations.acknowledge import acknowledge
from orders.operations.cancel import cancel
from orders.operations.confirm import confirm, withdraw_confirmation
from orders.operations.hold_order import hold_order, unhold_order
from orders.operations.partner_alarms import watch_partners
from orders.operations.partner_work import confirmed_quantity
from orders.operations.promise_waiting import promise_waiting, waiting_orders
from orders.operations.refuse_units import refuse_units
from orders.operations.release import release_due
from orders.operations.ship_parcels import Left, ship_parcels
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.partners import vendor
from tests.shop import SITE, audit, now

LATER = timedelta(days=30)
REASONS = ["out-of-stock", "no-capacity"]


class World:
    """Two partners and a store with the same three items."""

    def __init__(self) -> None:
        self.partners = [vendor("One"), vendor("Two")]
        self.variants = [stocked(self.partners[0].location, 6) for _ in range(3)]
        for variant in self.variants:
            stocked(self.partners[1].location, 3, variant=variant)
        stocked(LocationFactory(), 1, variant=self.variants[0])

    def act(self, verb: str, a: int, b: int, c: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, verb)(a, b, c)
        except Refusal:
            return

    def work(self, n: int) -> FulfillmentOrder | None:
        found = list(FulfillmentOrder.objects.of_partners().order_by("pk"))
        return found[n % len(found)] if found else None

    def units(self, work: FulfillmentOrder, b: int, c: int) -> dict[int, int] | None:
        lines = list(work.lines.order_by("pk"))
        return None if b % 3 == 0 else {lines[b % len(lines)].pk: 1 + c % 3}

    def place(self, a, b, c):
        pair = {self.variants[a % 3], self.variants[b % 3]}
        placed(*(line(variant, 1 + c % 3) for variant in sorted(pair, key=lambda each: each.pk)), on_shortage="accept")
        release_due(now=now() + LATER)

    def acknowledge(self, a, b, c):
        if work := self.work(a):
            acknowledge(number=work.number, by=SITE, now=now())

    def confirm(self, a, b, c):
        if work := self.work(a):
            day = now().date() + timedelta(days=1 + c) if b % 2 else None
            confirm(number=work.number, units=self.units(work, b, c), ships_on=day, by=SITE, now=now())

    def withdraw(self, a, b, c):
        if work := self.work(a):
            withdraw_confirmation(number=work.number, by=SITE, now=now())

    def refuse(self, a, b, c):
        if work := self.work(a):
            refuse_units(number=work.number, reason_code=REASONS[c % 2], units=self.units(work, b, c), by=SITE,
                         now=now())  # fmt: skip

    def ship(self, a, b, c):
        if work := self.work(a):
            parcel = Left("UPS", f"1Z{c % 4}", units=self.units(work, b, c))
            ship_parcels(number=work.number, parcels=[parcel], by=SITE, now=now())

    def cancel(self, a, b, c):
        orders = list(Order.objects.order_by("pk"))
        if orders:
            order = orders[a % len(orders)]
            lines = list(order.lines.order_by("pk"))
            some = None if b % 2 else [(lines[b % len(lines)].reference, 1 + c % 2)]
            cancel(number=order.number, lines=some, reason="x", by=SITE, now=now())

    def hold(self, a, b, c):
        orders = list(Order.objects.order_by("pk"))
        if orders:
            order = orders[a % len(orders)]
            if order.hold:
                unhold_order(number=order.number, by=SITE, now=now())
                release_due(now=now() + LATER)
            else:
                hold_order(number=order.number, kind="payment", note="", by=SITE, now=now())

    def wait(self, a, b, c):
        watch_partners(now=now() + timedelta(hours=a * 12))
        for number in waiting_orders():
            promise_waiting(number=number, now=now())

    def check(self) -> None:
        for each in FulfillmentLine.objects.select_related("confirmation"):
            assert each.quantity == (
                each.open_quantity + each.short_quantity + each.cancelled_quantity + each.issued_quantity
            )
            assert 0 <= confirmed_quantity(each) <= each.open_quantity
        for level in StockLevel.objects.all():
            assert 0 <= level.reserved <= level.on_hand
        left = -sum(StockMovement.objects.filter(kind="ship").values_list("quantity", flat=True))
        assert left == sum(FulfillmentLine.objects.values_list("issued_quantity", flat=True))
        watch_partners(now=now())
        assert not PartnerAlarm.objects.open().filter(fulfillment_order__closed_at__isnull=False).exists()
        assert audit() == {}


VERBS = ["place", "place", "acknowledge", "confirm", "confirm", "withdraw", "refuse", "ship", "ship", "cancel", "hold",
         "wait"]  # fmt: skip
ACTS = st.lists(st.tuples(st.sampled_from(VERBS), *[st.integers(0, 6)] * 3), min_size=4, max_size=25)


class PartnersConserveUnits(TestCase):
    @given(ACTS)
    def test_units_are_conserved_whatever_is_said(self, acts):
        world = World()
        world.place(0, 1, 2)
        for verb, a, b, c in acts:
            world.act(verb, a, b, c)
        world.check()
