"""Sold before it comes, and it comes late, short, damaged or not at all: nothing is sold twice and nobody is lost."""

from dataclasses import dataclass

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import PurchaseOrder, PurchaseOrderLine, SupplyPromise
from inventory.operations.order_supply import close_purchase_order
from inventory.operations.supply_moves import move_late_supply
from omni.core import relay
from omni.core.refusals import Refusal
from orders.models import OrderLine
from orders.operations.cancel import cancel
from tests.factories import LocationFactory, line, placed, stocked
from tests.factories.supply import BY, came, moved, ordered, sold_before
from tests.shop import SITE, audit, level, now


@dataclass
class Promised:
    """As a person with a list would keep it."""

    order: int
    day: object
    units: int


UNITS = st.integers(1, 6)
BUYS = st.lists(st.tuples(st.just("buy"), UNITS, st.just(0)), min_size=1, max_size=8)
COMES = st.lists(st.tuples(st.sampled_from(["come", "cancel"]), UNITS, st.integers(0, 7)), min_size=1, max_size=8)


class OldestFirst(TestCase):
    """Three purchase orders for one place; what comes, of whichever, goes down one list."""

    @given(BUYS, COMES)
    def test_what_comes_goes_to_the_oldest_promise(self, buys, comes):
        store = LocationFactory(can_ship=True)
        tee = stocked(store, 0)
        sold_before(tee)
        purchases = [ordered(store, {tee: 8}, days=days) for days in (9, 3, 6)]
        orders, book = [], []
        for _act, units, _n in buys:
            try:
                with transaction.atomic():
                    order = placed(line(tee, units), on_shortage="supply")
            except Refusal:
                assert sum(each.units for each in book) + units > 24
                continue
            orders.append(order)
            rows = SupplyPromise.objects.waiting().filter(demand_key=f"order-line:{order.lines.get().pk}")
            book += [Promised(order.number, each.promised_on, each.quantity) for each in rows]
        kept: dict[int, int] = dict.fromkeys((order.number for order in orders), 0)
        for act, units, n in comes:
            if act == "cancel" and orders:
                order = orders.pop(n % len(orders))
                cancel(number=order.number, reason="no", by=SITE, now=now())
                book = [each for each in book if each.order != order.number]
                del kept[order.number]
            elif act == "come":
                came(store, purchases[n % 3], tee, units)
                left = units
                for each in sorted(book, key=lambda each: each.day):  # stable: who was first stays first
                    served = min(left, each.units)
                    each.units -= served
                    left -= served
                    kept[each.order] += served
            assert self.kept(orders) == kept
        assert audit() == {}

    def kept(self, orders) -> dict[int, int]:
        units = dict.fromkeys((order.number for order in orders), 0)
        for promise in SupplyPromise.objects.kept():
            order_line = OrderLine.objects.get(pk=promise.demand_key.partition(":")[2])
            units[order_line.order.number] += promise.quantity
        return units


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "buy", "come", "damaged", "stray", "cancel", "move", "close", "late", "tell"]),
        UNITS, st.integers(0, 7),
    ),
    min_size=3, max_size=16,
)  # fmt: skip


class NobodyIsLost(TestCase):
    @given(ACTS)
    def test_everything_adds_up_after_every_act(self, acts):
        store = LocationFactory(can_ship=True)
        tee = stocked(store, 1)
        sold_before(tee)
        purchases = [ordered(store, {tee: 5}, days=days) for days in (2, 5)]
        orders: list = []
        for act, units, n in acts:
            try:
                with transaction.atomic():
                    self.do(act, units, n, store, tee, purchases, orders)
            except Refusal:
                continue
            for each in PurchaseOrderLine.objects.all():
                assert 0 <= each.promised_quantity <= each.open_quantity
            assert level(tee, store)[2] == 0, "what is kept lies there"
        assert audit() == {}
        self.do("tell", 0, 0, store, tee, purchases, orders)
        for order_line in OrderLine.objects.all():
            assert order_line.quantity == (
                order_line.cancelled_quantity + order_line.allocated_quantity + order_line.waiting_quantity
            )
        assert not SupplyPromise.objects.kept().exists(), "what arrived was taken"
        assert audit() == {}

    def do(self, act, units, n, store, tee, purchases, orders):
        purchase = PurchaseOrder.objects.get(pk=purchases[n % 2].pk)
        if act == "buy":
            orders.append(placed(line(tee, units), on_shortage="accept" if n % 2 else "supply"))
        elif act == "come":
            came(store, purchase, tee, units)
        elif act == "damaged":
            came(store, purchase, tee, units // 2, damaged=units)
        elif act == "stray":
            came(store, None, tee, units)
        elif act == "cancel" and orders:
            cancel(number=orders[n % len(orders)].number, reason="no", by=SITE, now=now())
        elif act == "move":
            moved(purchase, tee, units, days=n - 2)
        elif act == "close":
            close_purchase_order(number=purchase.number, reason="no more", by=BY, now=now())
        elif act == "late":
            move_late_supply(now=now())
        elif act == "tell":
            while relay.run_once():
                pass
