"""Selling at the counter, over HTTP, as a browser without script does it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.operations.hold import expire_holds
from inventory.operations.learn_words import learn_words
from orders.models import Basket, LostSale, Order, PaymentIntent, TaxRate
from tests.factories import LocationFactory, ProductFactory, VariantFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.requests import ADDRESS
from tests.shop import audit, level

pytestmark = pytest.mark.django_db(transaction=True)
ELM_AWAY = 0.58  # degrees of latitude: about 40 miles


@pytest.fixture
def store(db):
    return LocationFactory(name="Oak Street", latitude=44.97, longitude=-93.26, region="MN", postal_code="55401")


@pytest.fixture
def elm(store):
    return LocationFactory(name="Elm Street", latitude=44.97 + ELM_AWAY, longitude=-93.26, region="MN")


@pytest.fixture
def shirts(store, elm):
    """A linen shirt: M lies here, L at Elm Street only, XL nowhere."""
    product = ProductFactory(code="SHIRT", title="Linen shirt", brand="Nordby")
    sizes = {}
    for size, place in (("M", store), ("L", elm), ("XL", None)):
        sizes[size] = VariantFactory(product=product, sku=f"SHIRT-{size}", options={"size": size, "color": "Sand"})
        if place:
            stocked(place, 2, variant=sizes[size])
    learn_words()
    return sizes


def press(browser, page, action: str, **wanted):
    """Press the first button of a form with this action and these hidden values, as it stands on the page."""
    for form in re.findall(r"<form[^>]*>.*?</form>", page.content.decode(), re.S):
        if re.search(rf'action="[^"]*{action}"', form):
            fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form))
            if all(fields.get(name) == value for name, value in wanted.items()):
                path = re.search(r'action="([^"]*)"', form)[1]
                return browser.post(path, fields, follow=True)
    raise AssertionError(f"No form {action} with {wanted} on this page")


def text(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_missing_size_is_sold_from_a_store_40_miles_away_together_with_one_that_is_carried_out(
    ana, store, elm, shirts
):
    found = ana.get("/sell/", {"q": "linnen shrit"})
    assert "Linen shirt" in text(found) and "2 here" in text(found)
    assert ana.get("/sell/", {"q": shirts["M"].sku, "go": "1"}).url == "/sell/products/SHIRT/?sku=SHIRT-M"
    page = ana.get("/sell/products/SHIRT/?sku=SHIRT-L")
    for words in ("2 here", "40 mi", "Pick up at Elm Street", "40 mi away", "None"):
        assert words in text(page), words
    page = press(ana, page, "/sell/add/", method="pickup", place=elm.code)
    page = press(ana, ana.get("/sell/products/SHIRT/?sku=SHIRT-M"), "/sell/add/", method="carry_out")
    assert "Basket: 2 units, $39.98" in text(page)
    basket = Basket.objects.get()

    assert "phone number or an e-mail" in text(ana.get(f"/sell/basket/{basket.pk}/pay/"))
    told = ana.post(f"/sell/basket/{basket.pk}/customer/", {"name": "Bea", "phone": "", "email": ""})
    assert told.status_code == 422
    told = ana.post(f"/sell/basket/{basket.pk}/customer/", {"name": "Bea", "phone": "612 555 0101", "email": ""})
    assert told.url == f"/sell/basket/{basket.pk}/pay/"
    sold = ana.post(told.url, {"method": "card"}, follow=True)

    order = Order.objects.get()
    assert sold.redirect_chain[-1][0] == f"/sell/basket/{basket.pk}/sold/"
    for words in ("Sold", str(order.number), "Carried out", "Pick up at Elm Street", "Ready by"):
        assert words in text(sold), words
    assert (level(shirts["M"], store), level(shirts["L"], elm)) == ((1, 0, 0), (2, 1, 0))
    assert str(order.number) in text(ana.get(f"/sell/basket/{basket.pk}/receipt/"))
    again = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"}, follow=True)
    assert again.redirect_chain[-1][0] == f"/sell/basket/{basket.pk}/sold/", "a lost reply is shown again"
    assert (Order.objects.count(), PaymentIntent.objects.count()) == (1, 1)
    story = text(ana.get(f"/orders/{order.number}/"))
    assert "Carried out at Oak Street" in story and "carried out of Oak Street" in story
    assert audit() == {}


def test_the_product_page_asks_the_same_few_questions_for_two_sizes_and_for_forty(
    ana, store, elm, shirts, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        ana.get("/sell/products/SHIRT/?sku=SHIRT-M")
    for n in range(38):
        variant = VariantFactory(
            product=shirts["M"].product, sku=f"SHIRT-{n}", options={"size": str(n), "color": "Sand"}
        )
        stocked(elm, 1, variant=variant)
    with django_assert_max_num_queries(len(few)):
        ana.get("/sell/products/SHIRT/?sku=SHIRT-M")


def test_the_basket_page_asks_the_same_few_questions_for_two_lines_and_for_ten(
    ana, store, django_assert_max_num_queries
):
    basket = basket_of(ana.user, store)
    for _ in range(2):
        add(basket, stocked(store, 2))
    with django_assert_max_num_queries(14) as few:
        ana.get("/sell/basket/")
    for _ in range(8):
        add(basket, stocked(store, 2))
    with django_assert_max_num_queries(len(few)):
        ana.get("/sell/basket/")


def test_what_nobody_has_is_told_to_hq_once_and_taken_back(ana, shirts):
    page = ana.get("/sell/products/SHIRT/?sku=SHIRT-XL")
    assert "Nobody has it just now" in text(page)
    page = press(ana, page, "/sell/lost/", sku="SHIRT-XL")
    lost = LostSale.objects.get()
    assert (lost.sku, lost.quantity, lost.associate) == ("SHIRT-XL", 1, ana.user)
    page = press(ana, page, f"/sell/lost/{lost.pk}/undo/")
    assert LostSale.objects.kept().count() == 0
    press(ana, ana.get("/sell/", {"q": "a purple kite"}), "/sell/lost/", wanted="a purple kite")
    assert LostSale.objects.kept().get().wanted == "a purple kite"


def test_a_double_press_on_add_counts_once_and_a_stale_quantity_is_refused(ana, store, shirts):
    page = ana.get("/sell/products/SHIRT/?sku=SHIRT-M")
    press(ana, page, "/sell/add/", method="carry_out")
    press(ana, page, "/sell/add/", method="carry_out")
    basket = Basket.objects.get()
    assert basket.lines.get().quantity == 1
    path = f"/sell/basket/{basket.pk}/quantity/"
    ana.post(path, {"position": 1, "quantity": 2, "seen": 1})
    stale = ana.post(path, {"position": 1, "quantity": 2, "seen": 1}, follow=True, headers={"Referer": "/sell/basket/"})
    assert "changed on another device" in text(stale)
    more = ana.post(path, {"position": 1, "quantity": 3, "seen": 2}, follow=True)
    assert "no other one to be had" in text(more)
    assert basket.lines.get().quantity == 2


def test_the_time_is_over_is_said_and_what_is_gone_is_named(ana, store, shirts):
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"], quantity=2)
    expire_holds(now=timezone.now() + timedelta(minutes=11))
    page = ana.get("/sell/basket/")
    assert "The time is over." in text(page)
    placed(line(shirts["M"], 1, at=store))
    page = press(ana, page, f"/sell/basket/{basket.pk}/keep/")
    assert "Sold meanwhile: Linen shirt, M, Sand" in text(page)
    assert "Another way" in text(page)


def test_the_zip_code_says_the_city_and_doubts_what_does_not_fit(ana, store, shirts):
    basket = basket_of(ana.user, store)
    add(basket, shirts["L"], "ship")
    path = f"/sell/basket/{basket.pk}/customer/"
    said = {"name": "Bea", "email": "bea@example.org", "line1": "1 Main St", "country": "US"}
    chicago = {**said, "postal_code": "55401", "city": "Chicago", "region": "IL"}
    wrong = ana.post(path, chicago)
    assert wrong.status_code == 422 and "55401 is in Minneapolis, MN." in text(wrong)
    assert "Write Minneapolis, MN" in text(wrong)
    assert ana.post(path, {**said, "postal_code": "99999", "city": "X", "region": "MN"}).status_code == 422
    assert ana.post(path, {**chicago, "use_place": "1"}).status_code == 302
    assert Basket.objects.get().shipping_address["city"] == "Minneapolis"
    assert ana.post(path, {**said, "postal_code": "55401"}).status_code == 302, "what follows is not typed"
    assert ana.post(path, {**chicago, "as_typed": "on"}).status_code == 302


def test_a_known_customer_is_found_and_nothing_is_typed_again(ana, store, shirts):
    placed(line(shirts["L"]))  # Ada had something shipped before
    basket = basket_of(ana.user, store)
    add(basket, shirts["L"], "ship")
    page = ana.post(f"/sell/basket/{basket.pk}/customer/", {"text": "612 555 0100"})
    assert "Ada Byron" in text(page)
    page = press(ana, page, f"/sell/basket/{basket.pk}/customer/choose/")
    for value in ("Ada Byron", "ada@example.org", "+16125550100", ADDRESS["line1"], ADDRESS["postal_code"]):
        assert f'value="{value}"' in page.content.decode(), value


def test_taxes_follow_the_place_of_each_line(ana, store, shirts):
    TaxRate.objects.create(name="MN", country="US", region="MN", rate=Decimal("0.06875"))
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"])
    assert "$1.37" in text(ana.get("/sell/basket/"))
    ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "card"}, follow=True)
    order = Order.objects.get()
    assert (order.total_amount, order.lines.get().tax_amount) == (Decimal("21.36"), Decimal("1.37"))
    assert order.payments.get().captures.get().amount == Decimal("21.36")


def test_a_declined_card_and_a_silent_terminal_say_what_to_do(ana, store, shirts, settings_decided):
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"])
    path = f"/sell/basket/{basket.pk}/pay/"
    settings_decided("orders.terminal_mode", "decline")
    assert "Try another card" in text(ana.post(path, {"method": "card"}, follow=True))
    settings_decided("orders.terminal_mode", "timeout")
    silent = ana.post(path, {"method": "card"}, follow=True)
    assert "The terminal has not answered." in text(silent)
    looked = press(ana, silent, "/look-up/")
    assert "Nothing was charged." in text(looked)
    refused = ana.post(path, {"method": "till_receipt", "reference": " "})
    assert refused.status_code == 422 and "receipt" in text(refused)
    settings_decided("orders.terminal_mode", "approve")
    assert "Sold" in text(ana.post(path, {"method": "card"}, follow=True))
    assert PaymentIntent.objects.count() == 1


def test_a_paid_basket_is_changed_only_after_the_payment_was_taken_back(ana, store, shirts):
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"])
    half = ana.post(f"/sell/basket/{basket.pk}/pay/", {"method": "till_receipt", "reference": "T-9", "amount": "9.99"},
                    follow=True)  # fmt: skip
    assert "$10.00" in text(half)
    assert "A payment was taken" in text(ana.get("/sell/basket/"))
    back = press(ana, half, "/take-back/")
    assert "Taken back" in text(back)
    assert "Take out" in text(ana.get("/sell/basket/"))


def test_a_basket_follows_to_another_device_and_a_colleague_goes_on(at, ana, store, shirts):
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"])
    other_device = at(user=ana.user)
    assert "SHIRT-M" in text(other_device.get("/sell/basket/"))
    other_device.post(f"/sell/basket/{basket.pk}/park/", {"note": "Lady in red"})
    ben = at(user=person("associate", at=store, username="ben"))
    assert "Lady in red" in text(ben.get("/sell/"))
    assert "SHIRT-M" in text(ben.post(f"/sell/basket/{basket.pk}/take/", follow=True))
    assert "You serve nobody" in text(ana.get("/sell/basket/"))
    assert "Somebody else serves" in text(ana.get(f"/sell/basket/{basket.pk}/pay/", follow=True))


def test_another_device_hears_of_a_change_and_otherwise_of_nothing(at, ana, store, shirts):
    basket = basket_of(ana.user, store)
    add(basket, shirts["M"])
    screen = at(user=ana.user, htmx=True)
    first = screen.get("/sell/basket/")
    same = screen.get("/sell/basket/", headers={"If-None-Match": first["ETag"], "HX-Request": "true"})
    assert same.status_code == 304
    add(basket, shirts["M"])
    changed = screen.get("/sell/basket/", headers={"If-None-Match": first["ETag"], "HX-Request": "true"})
    assert changed.status_code == 200 and "2 units" in text(changed)
