"""At the counter: what nobody has here now can be ordered from what comes, or be sent to the store."""

from datetime import timedelta

import pytest
from django.urls import reverse

from inventory.models import Location, Transfer
from omni.core.actors import Actor
from omni.core.models import Setting, User
from omni.core.settings_store import forget
from orders.models import Basket, FulfillmentOrder, Order, PaymentIntent
from orders.operations.change_basket import add_to_basket, set_quantity
from orders.operations.coming import coming_for, lines_that_do_not_come
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.send_to_store import ready_when_sent
from tests.factories import LocationFactory, person, stocked
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


@pytest.fixture
def sends(shop):
    """HQ lets what a store lacks be sent to it for its shoppers; Elm Street has two."""
    Setting.objects.create(key="orders.ship_to_store_channels", value="endless_aisle")
    forget()
    mug = stocked(LocationFactory(name="Elm Street", can_ship=True, latitude=45.2), 2)
    yield mug
    forget()


def at(client, shop) -> User:
    ana = person("associate", at=shop.store)
    client.force_login(ana)
    session = client.session
    session["location_id"] = shop.store.pk
    session.save()
    return ana


def shown(client, variant) -> str:
    answer = client.get(reverse("orders:sell_product", args=[variant.product.code]), {"sku": variant.sku})
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_the_store_lacks_is_offered_by_transfer_and_ordered_as_told(client, shop, sends):
    ana = at(client, shop)
    ready = ready_when_sent(shop.store, now())
    day = shop.store.schedule.local_day(ready.at)
    page = shown(client, sends)
    assert "Have it sent here, picked up here" in page
    assert f"Sent to this store, ready about {day:%-d %b}" in page
    assert "2 lie elsewhere and can be sent" in page
    form = {"sku": sends.sku, "method": "pickup", "place": shop.store.code, "later": "1", "key": "one", "quantity": 2}
    client.post(reverse("orders:add_to_basket"), form)
    basket = Basket.objects.get()
    assert basket.lines.get().is_later
    assert f"Sent to this store, ready about {day:%-d %b}" in client.get(reverse("orders:basket")).content.decode()
    by = Actor.of(ana)
    with refused("insufficient_stock"):
        add(basket, sends, 1, by)  # no third one lies anywhere
    Basket.objects.filter(pk=basket.pk).update(contact_name="Ada", contact_phone="+16125550100")
    start_basket_payment(basket_id=basket.pk, method="till_receipt", reference="T-7", by=by, now=now())
    place_basket(basket_id=basket.pk, by=by, now=now())
    assert Transfer.objects.get().to_location == shop.store
    work = FulfillmentOrder.objects.get()
    assert (work.status, shop.store.schedule.local_day(work.due_at)) == ("awaiting", day)
    assert audit() == {}


def test_a_transfer_is_offered_before_a_suppliers_day(client, shop, sends):
    at(client, shop)
    sold_before(sends)
    ordered(shop.store, {sends: 3})
    page = shown(client, sends)
    assert "Have it sent here, picked up here" in page
    assert "Order it, picked up here" not in page, "an order would be sent what lies elsewhere first"


def test_more_than_can_be_sent_waits_for_the_supplier(shop, sends):
    sold_before(sends)
    ordered(shop.store, {sends: 3})
    ana = person("associate", at=shop.store)
    by, basket = Actor.of(ana), basket_of(ana, shop.store)
    add(basket, sends, 4, by)
    assert coming_for(basket.lines.get(), now=now()).words(4, shop.store).startswith("Backorder, expected")
    with refused("insufficient_stock"):
        add(basket, sends, 2, by)


def test_without_hqs_word_and_in_a_paused_store_nothing_is_sent(client, shop, sends):
    at(client, shop)
    Location.objects.filter(pk=shop.store.pk).update(paused_until=now() + timedelta(hours=1))
    assert "Have it sent here" not in shown(client, sends)
    Location.objects.filter(pk=shop.store.pk).update(paused_until=None)
    assert "Have it sent here" in shown(client, sends)
    Setting.objects.filter(key="orders.ship_to_store_channels").update(value="web")
    forget()
    assert "Have it sent here" not in shown(client, sends)


def test_what_no_longer_comes_is_said_before_money_is_taken(shop, tee):
    ana = person("associate", at=shop.store)
    by, basket = Actor.of(ana), basket_of(ana, shop.store)
    add(basket, tee, 2, by)
    Basket.objects.filter(pk=basket.pk).update(contact_name="Ada", contact_phone="+16125550100")
    other = basket_of(person("associate", at=shop.store), shop.store)
    add(other, tee, 3, Actor.of(other.associate))
    Basket.objects.filter(pk=other.pk).update(contact_name="Bo", contact_phone="+16125550101")
    pay(other)
    place_basket(basket_id=other.pk, by=Actor.of(other.associate), now=now())
    with refused("gone") as refusal:
        pay(basket)
    assert tee.title in str(refusal.value)
    assert not PaymentIntent.objects.of(basket.owner).exists()
    ordered(shop.store, {tee: 2})
    pay(basket)
    assert place_basket(basket_id=basket.pk, by=by, now=now()).lines.get().waiting_quantity == 2
    assert audit() == {}


def test_the_basket_shows_what_no_longer_comes(client, shop, sends):
    ana = at(client, shop)
    basket = basket_of(ana, shop.store)
    add(basket, sends, 2, Actor.of(ana))
    pages = [client.get(reverse("orders:basket")).content.decode()]
    stocked(Location.objects.get(name="Elm Street"), 1, variant=sends)
    pages.append(client.get(reverse("orders:basket")).content.decode())
    assert ["1 was sold meanwhile" in page for page in pages] == [False, True]


def test_two_lines_of_one_item_are_not_promised_the_same_units(shop, tee):
    ana = person("associate", at=shop.store)
    by, basket = Actor.of(ana), basket_of(ana, shop.store)
    mug = stocked(shop.store, 5)
    add_to_basket(basket_id=basket.pk, sku=mug.sku, quantity=1, method="carry_out", key="mug", by=by, now=now())
    add(basket, tee, 2, by)
    add(basket, tee, 1, by, method="ship", place=None)
    Basket.objects.filter(pk=basket.pk).update(
        contact_name="Ada", contact_phone="+16125550100",
        shipping_address={"name": "Ada", "line1": "1 Main St", "city": "Minneapolis", "region": "MN",
                          "postal_code": "55401", "country": "US"},
    )  # fmt: skip
    assert lines_that_do_not_come(Basket.objects.get(), now=now()) == [], "three come, three are wanted"
    set_quantity(basket_id=basket.pk, position=3, quantity=2, seen=1, by=by, now=now())
    with refused("gone"):
        pay(basket)
    assert not PaymentIntent.objects.exists()
    set_quantity(basket_id=basket.pk, position=3, quantity=1, seen=2, by=by, now=now())
    pay(basket)
    order = place_basket(basket_id=basket.pk, by=by, now=now())
    assert sorted(order.lines.values_list("waiting_quantity", flat=True)) == [0, 1, 2]
    assert audit() == {}


def test_units_that_were_sent_elsewhere_meanwhile_are_said_before_money_is_taken(shop, sends):
    ana = person("associate", at=shop.store)
    by, basket = Actor.of(ana), basket_of(ana, shop.store)
    add(basket, sends, 2, by)
    Basket.objects.filter(pk=basket.pk).update(contact_name="Ada", contact_phone="+16125550100")
    elm = Location.objects.get(name="Elm Street")
    stocked(elm, 1, variant=sends)
    with refused("gone"):
        pay(basket)
    assert not PaymentIntent.objects.exists()


def pay(basket):
    by = Actor.of(basket.associate)
    return start_basket_payment(basket_id=basket.pk, method="till_receipt", reference="T-7", by=by, now=now())
