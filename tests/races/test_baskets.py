"""Two shoppers, one unit; two devices, one basket; two presses, one payment, one order."""

from collections import Counter

import pytest
from django.utils import timezone

from omni.core.actors import Actor
from orders.models import Basket, Order, PaymentIntent, TerminalCall
from orders.operations.authorize import ask_terminal
from orders.operations.change_basket import open_basket, set_quantity
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from tests.factories import LocationFactory, person, stocked
from tests.factories.baskets import add, basket_of
from tests.shop import audit, level

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def ana(store):
    return person("associate", at=store)


def test_the_last_unit_is_in_one_basket(race, store):
    variant = stocked(store, 1)
    baskets = [basket_of(person("associate", at=store), store) for _ in range(4)]
    ends = race(4, lambda n: add(baskets[n], variant, key=f"press-{n}") and None)
    assert ends == Counter(ok=1, insufficient_stock=3)
    assert level(variant, store) == (1, 1, 0)
    assert audit() == {}


def test_one_person_on_two_devices_begins_one_basket(race, store, ana):
    assert race(4, lambda n: open_basket(location=store, by=Actor.of(ana), now=NOW()) and None) == Counter(ok=4)
    assert Basket.objects.count() == 1


def test_two_devices_add_at_once_and_nothing_is_lost_or_doubled(race, store, ana):
    basket, variants = basket_of(ana, store), [stocked(store, 9) for _ in range(2)]
    # Each press arrives twice, as after a lost reply.
    ends = race(6, lambda n: add(basket, variants[n % 2], key=f"press-{n % 3}-{n % 2}") and None)
    assert ends == Counter(ok=6)
    assert sorted(basket.lines.values_list("quantity", flat=True)) == [3, 3]
    assert audit() == {}


def test_two_devices_change_one_quantity_and_the_second_is_told(race, store, ana):
    basket, variant = basket_of(ana, store), stocked(store, 9)
    add(basket, variant)

    def more(n: int) -> None:
        set_quantity(basket_id=basket.pk, position=1, quantity=2 + n, seen=1, by=Actor.of(ana), now=NOW())

    assert race(3, more) == Counter(ok=1, changed_meanwhile=2)
    assert level(variant, store)[1] == basket.lines.get().quantity
    assert audit() == {}


def test_pressed_twice_on_two_devices_is_paid_and_placed_once(race, store, ana):
    basket = basket_of(ana, store)
    add(basket, stocked(store, 2))

    def pay(n: int) -> str:
        by = Actor.of(ana)
        intent = start_basket_payment(basket_id=basket.pk, method="card", by=by, now=NOW())
        ask_terminal(key=intent.key, now=NOW())
        return f"order {place_basket(basket_id=basket.pk, by=by, now=NOW()).pk}"

    ends = race(4, pay)

    assert (
        Order.objects.count(),
        PaymentIntent.objects.count(),
        TerminalCall.objects.filter(kind="authorize").count(),
    ) == (1, 1, 1)
    # Whoever came late was told: paid, placed or still being asked; nobody was charged again.
    assert set(ends) <= {f"order {Order.objects.get().pk}", "paid", "already_placed", "not_paid"}
    assert audit() == {}
