"""A basket is paid once and becomes one order, whatever gets lost on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.operations.hold import expire_holds
from omni.core.actors import Actor
from orders.models import Capture, Order, PaymentIntent
from orders.operations.authorize import ask_terminal, look_up_payment, void_payment
from orders.operations.change_basket import set_quantity
from orders.operations.hand_basket import drop_basket
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.set_contact import set_contact
from tests.factories import LocationFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.requests import ADDRESS
from tests.refusing import refused
from tests.shop import audit, level

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street")


@pytest.fixture
def other():
    return LocationFactory(name="Elm Street")


@pytest.fixture
def ana(store):
    return person("associate", at=store, username="ana")


@pytest.fixture
def basket(ana, store):
    return basket_of(ana, store)


def tell(basket, address=None, **more):
    values = {"name": "Bea Stone", "email": "bea@example.org", "phone": "612-555-0101", "customer_id": None} | more
    set_contact(basket_id=basket.pk, address=address, by=Actor.of(basket.associate), now=NOW(), **values)


def pay(basket, method="card", **more) -> PaymentIntent:
    by = Actor.of(basket.associate)
    intent = start_basket_payment(basket_id=basket.pk, method=method, by=by, now=NOW(), **more)
    return ask_terminal(key=intent.key, now=NOW()) if method == "card" else intent


def place_it(basket) -> Order:
    return place_basket(basket_id=basket.pk, by=Actor.of(basket.associate), now=NOW())


def test_one_basket_of_every_kind_becomes_one_order(basket, store, other, ana):
    here, there, far = stocked(store, 1, safety_stock=1), stocked(other, 1), stocked(other, 1)
    add(basket, here)
    add(basket, there, "pickup", at=other)
    add(basket, far, "ship")
    with refused("not_ready"):
        pay(basket)
    tell(basket, ADDRESS)
    with refused("not_paid"):
        place_it(basket)
    assert pay(basket).status == "approved"

    order = place_it(basket)

    assert place_it(basket) == order, "asked again, the same order"
    lines = order.lines.order_by("position")
    assert [(each.method, each.selling_location, each.associate) for each in lines] == [
        ("carry_out", store, ana), ("pickup", store, ana), ("ship", store, ana)
    ]  # fmt: skip
    assert (order.channel, order.status, order.customer.name) == ("endless_aisle", "partly_fulfilled", "Bea Stone")
    assert order.contact_phone == "+16125550101"
    works = order.fulfillment_orders.order_by("pk").values_list("method", "status", "location__name")
    assert sorted(works) == [("carry_out", "handed_over", "Oak Street"), ("pickup", "planned", "Elm Street"),
                             ("ship", "planned", "Elm Street")]  # fmt: skip
    assert (level(here, store), level(there, other), level(far, other)) == ((0, 0, 0), (1, 1, 0), (1, 1, 0))
    assert (order.payments.get().authorized_amount, Capture.objects.get().amount) == (
        Decimal("59.97"),
        Decimal("19.99"),
    )
    assert PaymentIntent.objects.get().status == "used"
    assert audit() == {}


def test_a_second_press_meets_the_same_payment(basket, store):
    add(basket, stocked(store, 2))
    first = pay(basket)
    assert first.status == "approved"
    with refused("paid"):
        pay(basket)
    assert PaymentIntent.objects.count() == 1


def test_what_is_paid_for_is_not_changed_until_the_payment_is_taken_back(basket, store, ana):
    add(basket, stocked(store, 2))
    intent = pay(basket)
    change = {"basket_id": basket.pk, "position": 1, "quantity": 2, "seen": 1, "by": Actor.of(ana), "now": NOW()}
    with refused("being_paid"):
        set_quantity(**change)
    with refused("being_paid"):
        add(basket, stocked(store, 1))
    with refused("being_paid"):
        drop_basket(basket_id=basket.pk, by=Actor.of(ana), now=NOW())
    void_payment(key=intent.key, now=NOW())
    set_quantity(**change)
    assert pay(basket).amount == Decimal("39.98")


def test_a_declined_card_is_followed_by_another_and_a_lost_answer_by_a_look_up(basket, store, settings_decided):
    add(basket, stocked(store, 2))
    settings_decided("orders.terminal_mode", "decline")
    declined = pay(basket)
    assert (declined.status, bool(declined.reason)) == ("declined", True)
    settings_decided("orders.terminal_mode", "timeout")
    lost = pay(basket)
    assert (lost.pk, lost.status) == (declined.pk, "unknown")
    with refused("not_paid"):
        place_it(basket)
    with refused("being_paid"):
        add(basket, stocked(store, 1))
    assert look_up_payment(key=lost.key, now=NOW()).status == "new", "the provider never heard of it"
    settings_decided("orders.terminal_mode", "timeout_after")
    assert (pay(basket).pk, PaymentIntent.objects.count()) == (lost.pk, 1)
    assert place_it(basket).payments.get().last4 == "4242"


def test_paid_at_the_till_and_split_over_two_tenders(basket, store):
    add(basket, stocked(store, 2), quantity=2)
    with refused("too_much"):
        pay(basket, amount=Decimal("100"))
    with refused("reference_required"):
        pay(basket, "till_receipt")
    pay(basket, "till_receipt", reference="R-1042-7", amount=Decimal("9.98"))
    assert pay(basket).amount == Decimal("30.00")
    order = place_it(basket)
    assert [(each.method, each.authorized_amount) for each in order.payments.order_by("pk")] == [
        ("till_receipt", Decimal("9.98")), ("card", Decimal("30.00"))
    ]  # fmt: skip
    assert audit() == {}


def test_units_that_were_sold_when_the_time_was_over_are_said_before_money_is_taken(basket, store, ana):
    goes = stocked(store, 1)
    add(basket, goes)
    expire_holds(now=NOW() + timedelta(minutes=11))
    placed(line(goes, at=store))
    with refused("gone"):
        pay(basket)
    assert not PaymentIntent.objects.exists()


def test_a_payment_outlives_a_time_that_ran_out_and_places_what_is_still_there(basket, store):
    variant = stocked(store, 1)
    add(basket, variant)
    pay(basket)
    expire_holds(now=NOW() + timedelta(minutes=11))
    assert place_it(basket).status == "fulfilled"
    assert level(variant, store) == (0, 0, 0)


def test_paid_and_sold_to_somebody_else_gives_no_order_and_the_money_back(basket, store, ana):
    variant = stocked(store, 1)
    add(basket, variant)
    intent = pay(basket)
    expire_holds(now=NOW() + timedelta(minutes=11))
    placed(line(variant, at=store))
    with refused("gone"):
        place_it(basket)
    assert void_payment(key=intent.key, now=NOW()).status == "voided"
    drop_basket(basket_id=basket.pk, by=Actor.of(ana), now=NOW())
    assert Order.objects.count() == 1
    assert audit() == {}
