"""Whatever is pressed on however many baskets: what is kept is what they want, and the audit finds nothing."""

from datetime import timedelta

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.models import StockLevel
from inventory.operations.hold import expire_holds
from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.models import Basket
from orders.operations.change_basket import change_way, renew, set_quantity
from orders.operations.hand_basket import drop_basket, park_basket, take_basket
from orders.operations.keep_units import kept_parts
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.set_contact import set_contact
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.requests import ADDRESS
from tests.shop import audit, now

VERBS = ["more", "less", "another_way", "keep", "park", "take", "drop", "run_out", "somebody_else", "sell"]


class World:
    """Two stores, three items, two associates at the first store."""

    def __init__(self) -> None:
        self.stores = [LocationFactory(), LocationFactory()]
        self.variants = [stocked(self.stores[0], 3, safety_stock=n) for n in range(3)]
        for variant in self.variants:
            stocked(self.stores[1], 2, variant=variant)
        self.people = [person("associate", at=self.stores[0]) for _ in range(2)]

    def act(self, verb: str, a: int, b: int, c: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, verb)(a, b, c)
        except Refusal:
            return

    def basket(self, a: int) -> Basket:
        return basket_of(self.people[a % 2], self.stores[0])

    def line(self, basket: Basket, b: int):
        lines = list(basket.lines.all())
        return lines[b % len(lines)] if lines else None

    def way(self, n: int):
        return [("carry_out", None), ("pickup", self.stores[0]), ("pickup", self.stores[1]), ("ship", None)][n % 4]

    def more(self, a, b, c):
        method, at = self.way(c)
        add(self.basket(a), self.variants[b % 3], method, at=at, quantity=1 + c % 2)

    def less(self, a, b, c):
        basket = self.basket(a)
        if found := self.line(basket, b):
            set_quantity(basket_id=basket.pk, position=found.position, quantity=c % 4, seen=found.quantity,
                         by=Actor.of(basket.associate), now=now())  # fmt: skip

    def another_way(self, a, b, c):
        basket = self.basket(a)
        if found := self.line(basket, b):
            method, at = self.way(c)
            change_way(basket_id=basket.pk, position=found.position, method=method, place=at.code if at else None,
                       seen=found.quantity, by=Actor.of(basket.associate), now=now())  # fmt: skip

    def keep(self, a, b, c):
        basket = self.basket(a)
        renew(basket_id=basket.pk, by=Actor.of(basket.associate), now=now())

    def park(self, a, b, c):
        basket = self.basket(a)
        park_basket(basket_id=basket.pk, by=Actor.of(basket.associate), now=now())

    def take(self, a, b, c):
        waiting = list(Basket.objects.alive().order_by("created_at"))
        if waiting:
            take_basket(basket_id=waiting[b % len(waiting)].pk, may_take_from_others=bool(c % 2),
                        by=Actor.of(self.people[a % 2]), now=now())  # fmt: skip

    def drop(self, a, b, c):
        basket = self.basket(a)
        drop_basket(basket_id=basket.pk, by=Actor.of(basket.associate), now=now())

    def run_out(self, a, b, c):
        expire_holds(now=now() + timedelta(hours=1))

    def somebody_else(self, a, b, c):
        placed(line(self.variants[b % 3], 1, at=self.stores[c % 2]))

    def sell(self, a, b, c):
        basket = self.basket(a)
        by = Actor.of(basket.associate)
        set_contact(basket_id=basket.pk, name="Bea", email="bea@example.org", phone="", address=ADDRESS,
                    customer_id=None, by=by, now=now())  # fmt: skip
        start_basket_payment(basket_id=basket.pk, method="till_receipt", reference=f"T-{b}", by=by, now=now())
        place_basket(basket_id=basket.pk, by=by, now=now())


def still_true() -> None:
    """Baskets keep no more than they want, shelves promise no more than they have."""
    for basket in Basket.objects.alive().select_related("hold"):
        wanted = dict(basket.lines.values_list("position", "quantity"))
        for position, parts in kept_parts(basket).items():
            assert sum(part["quantity"] for part in parts) <= wanted.get(position, 0)
    assert not StockLevel.objects.filter(shortfall__gt=0).exists()
    assert audit() == {}


class Baskets(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(VERBS), *[st.integers(0, 11)] * 3), max_size=25))
    def test_units_are_conserved_whatever_is_pressed(self, presses):
        world = World()
        for verb, a, b, c in presses:
            world.act(verb, a, b, c)
        still_true()
