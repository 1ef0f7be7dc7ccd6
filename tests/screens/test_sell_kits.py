"""A kit is sold at the counter as any item: found, taken along or sent home, paid, and told as a kit."""

import pytest

from inventory.operations.learn_words import learn_words
from orders.models import Basket, Order
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, VariantFactory, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.kits import kit_of
from tests.screens.test_sell import press, text
from tests.shop import audit, level

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street", latitude=44.97, longitude=-93.26, region="MN", postal_code="55401")


@pytest.fixture
def elm(store):
    return LocationFactory(name="Elm Street", latitude=45.55, longitude=-93.26, region="MN")


@pytest.fixture
def kit(store, elm):
    """A tea set of a pot and two cups: one here, three at Elm Street."""
    pot = VariantFactory(product=ProductFactory(title="Tea pot"), sku="POT", price="30", options={})
    cup = VariantFactory(product=ProductFactory(title="Tea cup"), sku="CUP", price="10", options={})
    for place, pots, cups in ((store, 4, 3), (elm, 3, 9)):
        stocked(place, pots, variant=pot, aisle="4", bin="A2")
        stocked(place, cups, variant=cup, aisle="7", bin="C1")
    found = kit_of({pot: 1, cup: 2}, amount="45", product=ProductFactory(code="TEA-SET", title="Breakfast for two"),
                   sku="TEA-SET-1")  # fmt: skip
    BarcodeFactory(variant=found, code="04006381333931")
    learn_words()
    return found, pot, cup


def test_found_seen_carried_out_and_paid(ana, store, elm, kit):
    _tea, pot, cup = kit
    assert "1 here" in text(ana.get("/sell/", {"q": "breakfast"})), "as many as all parts lie here for"
    assert ana.get("/sell/", {"q": "4006381333931", "go": "1"}).url == "/sell/products/TEA-SET/?sku=TEA-SET-1"
    page = ana.get("/sell/products/TEA-SET/?sku=TEA-SET-1")
    for words in ("Breakfast for two", "$45.00", "A kit of", "1 × Tea pot", "2 × Tea cup", "A2", "C1",
                  "Take it along now", "1 from the shelves here", "Pick up at Elm Street", "3 there",
                  "Ship it home"):  # fmt: skip
        assert words in text(page), words
    page = press(ana, page, "/sell/add/", method="carry_out")
    assert "Basket: 1 unit, $45.00" in text(page)
    assert "Take it along now" not in text(page), "its last cups are kept"
    basket = Basket.objects.get()
    shown = text(ana.get("/sell/basket/"))
    for words in ("Breakfast for two", "TEA-SET-1", "1 × Tea pot 2 × Tea cup", "Take it along"):
        assert words in shown, words
    sold = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"}, follow=True)
    order = Order.objects.get()
    for page in (sold, ana.get(f"/sell/basket/{basket.pk}/receipt/"), ana.get(f"/orders/{order.number}/")):
        for words in ("Breakfast for two", "Tea pot", "Tea cup"):
            assert words in text(page), words
    assert [(each.sku, each.quantity) for each in order.kits.all()] == [("TEA-SET-1", 1)]
    assert (level(pot, store), level(cup, store)) == ((3, 0, 0), (1, 0, 0))
    assert order.total_amount == 45
    assert audit() == {}


def test_sent_home_with_more_and_fewer(ana, store, elm, kit):
    _tea, pot, cup = kit
    page = press(ana, ana.get("/sell/products/TEA-SET/"), "/sell/add/", method="ship")
    basket = Basket.objects.get()
    more = ana.post(f"/sell/basket/{basket.pk}/quantity/", {"position": 1, "seen": 1, "quantity": 4}, follow=True)
    assert "Leaves" in text(more)
    assert level(pot, store)[1] + level(pot, elm)[1] == 4
    assert level(cup, store)[1] + level(cup, elm)[1] == 8
    page = ana.post(f"/sell/basket/{basket.pk}/quantity/", {"position": 1, "seen": 4, "quantity": 5}, follow=True)
    assert "There is no other one to be had that way just now." in text(page)
    page = ana.post(f"/sell/basket/{basket.pk}/quantity/", {"position": 1, "seen": 4, "quantity": 2}, follow=True)
    assert "2 × $45.00" in text(page)
    ana.post(f"/sell/basket/{basket.pk}/customer/", {
        "name": "Bea", "phone": "612 555 0101", "email": "", "country": "US", "line1": "1 Main St",
        "city": "Minneapolis", "region": "MN", "postal_code": "55401"})  # fmt: skip
    sold = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"}, follow=True)
    assert "Shipped home" in text(sold)
    order = Order.objects.get()
    assert sorted((each.sku, each.quantity, each.kit.sku) for each in order.lines.select_related("kit")) == [
        ("CUP", 4, "TEA-SET-1"), ("POT", 2, "TEA-SET-1"),
    ]  # fmt: skip
    assert level(pot, store)[1] + level(pot, elm)[1] == 2
    assert audit() == {}


def test_what_only_others_have_is_collected_there(ana, store, elm, kit):
    _tea, pot, _cup = kit
    page = press(ana, ana.get("/sell/products/TEA-SET/"), "/sell/add/", method="pickup", place=elm.code)
    assert "Pick up at Elm Street" in text(ana.get("/sell/basket/"))
    assert (level(pot, store)[1], level(pot, elm)[1]) == (0, 1)
    assert "Basket: 1 unit" in text(page)
    assert audit() == {}


def test_a_kit_that_may_be_split_is_shipped_from_both_and_one_of_which_a_part_is_sold_no_more_not_at_all(
    ana, store, elm
):
    pot, cup = (VariantFactory(product=ProductFactory(title=title), options={}) for title in ("Tea pot", "Tea cup"))
    stocked(store, 2, variant=pot)
    stocked(elm, 2, variant=cup)
    tea = kit_of({pot: 1, cup: 1}, product=ProductFactory(code="TEA"), sku="TEA-1")
    assert "Nobody has it just now" in text(ana.get("/sell/products/TEA/"))
    tea.may_split = True
    tea.save()
    page = ana.get("/sell/products/TEA/")
    assert "Ship it home" in text(page) and "Take it along now" not in text(page)
    press(ana, page, "/sell/add/", method="ship")
    assert (level(pot, store)[1], level(cup, elm)[1]) == (1, 1)
    stocked(store, 5, variant=cup)
    assert "Take it along now" in text(ana.get("/sell/products/TEA/"))
    cup.is_active = False
    cup.save()
    assert "Nobody has it just now" in text(ana.get("/sell/products/TEA/"))
    assert audit() == {}


def test_the_pages_ask_the_same_few_questions_for_one_kit_and_for_many(
    ana, store, elm, kit, django_assert_max_num_queries
):
    tea, pot, cup = kit
    for _ in range(6):
        kit_of({pot: 1, cup: 1, stocked(store, 5): 1}, product=tea.product)
    ana.get("/sell/products/TEA-SET/?sku=TEA-SET-1")  # what is read once
    with django_assert_max_num_queries(30) as many:
        ana.get("/sell/products/TEA-SET/?sku=TEA-SET-1")
    single = kit_of({pot: 1, cup: 1})
    with django_assert_max_num_queries(30) as one:
        ana.get(f"/sell/products/{single.product.code}/?sku={single.sku}")
    assert len(many) == len(one)
    with django_assert_max_num_queries(20) as found:
        ana.get("/sell/", {"q": "breakfast"})
    for n in range(5):
        kit_of({pot: 1}, product=ProductFactory(title=f"Breakfast {n}"))
    with django_assert_max_num_queries(len(found)):
        ana.get("/sell/", {"q": "breakfast"})
    basket = basket_of(ana.user, store)
    add(basket, single)
    with django_assert_max_num_queries(20) as few:
        ana.get("/sell/basket/")
    stocked(store, 20, variant=pot)
    for _ in range(5):
        add(basket, kit_of({pot: 1, stocked(store, 3): 2}))
    with django_assert_max_num_queries(len(few)):
        ana.get("/sell/basket/")
