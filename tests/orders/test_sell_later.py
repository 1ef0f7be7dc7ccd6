"""At the counter: what nobody has now can be ordered from what comes."""

import pytest
from django.urls import reverse

from omni.core.actors import Actor
from orders.models import Basket, Order, PaymentIntent
from orders.operations.change_basket import add_to_basket, set_quantity
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from tests.factories import person, stocked
from tests.factories.baskets import basket_of
from tests.factories.supply import in_days, ordered, sold_before
from tests.refusing import refused
from tests.shop import audit, now, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop(can_ship=True, can_pick_up=True)


@pytest.fixture
def tee(shop):
    tee = stocked(shop.store, 0)
    sold_before(tee)
    ordered(shop.store, {tee: 3})
    return tee


def add(basket, tee, quantity, by, **more):
    how = {"method": "pickup", "place": basket.location.code, "is_later": True} | more
    return add_to_basket(
        basket_id=basket.pk, sku=tee.sku, quantity=quantity, key=f"{quantity}", by=by, now=now(), **how
    )


def test_a_basket_orders_what_comes_and_keeps_nothing_before(shop, tee):
    ana = person("associate", at=shop.store)
    by, basket = Actor.of(ana), basket_of(ana, shop.store)
    with refused("insufficient_stock"):
        add(basket, tee, 4, by)
    add(basket, tee, 2, by)
    with refused("insufficient_stock"):
        set_quantity(basket_id=basket.pk, position=1, quantity=4, seen=2, by=by, now=now())
    Basket.objects.filter(pk=basket.pk).update(contact_name="Ada", contact_phone="+16125550100")
    start_basket_payment(basket_id=basket.pk, method="till_receipt", reference="T-7", by=by, now=now())
    assert PaymentIntent.objects.get().status == "approved"
    order = place_basket(basket_id=basket.pk, by=by, now=now())
    (line,) = order.lines.all()
    assert (line.waiting_quantity, line.expected_on) == (2, in_days(3))
    assert Order.objects.get().on_shortage == "supply"
    assert audit() == {}


def test_the_counter_says_so_in_plain_words(client, shop, tee):
    ana = person("associate", at=shop.store)
    client.force_login(ana)
    session = client.session
    session["location_id"] = shop.store.pk
    session.save()
    page = client.get(reverse("orders:sell_product", args=[tee.product.code]), {"sku": tee.sku}).content.decode()
    day = in_days(3)
    assert f"Backorder, expected {day:%-d %b}" in page
    assert "Order it, shipped home" in page and "Order it, picked up here" in page
    assert "Nobody has it just now" not in page
