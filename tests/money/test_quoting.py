"""Prices of a cart: exact, the same every time, and kept once told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.core.currencies import exponent
from orders.models import PriceQuote, Promotion, TaxRate
from orders.operations.quote_prices import CartLine, drop_expired, quote_prices
from orders.quoting import Item, Offer, Rate, price
from orders.unit_money import alike, units_of
from tests.factories import LocationFactory, PriceFactory, VariantFactory, line, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, now


@st.composite
def carts(draw):
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    minor = Decimal(1).scaleb(-exponent(currency))
    amounts = st.integers(1, 10**6).map(lambda n: n * minor)
    items = [
        Item(f"{n}", f"S{n}", draw(st.sampled_from(["A", "A > B", "C"])), draw(st.sampled_from(["", "food"])),
             draw(st.integers(1, 40)), draw(amounts))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    offers = [
        Offer(f"P{n}", percent=Decimal(draw(st.integers(1, 100))), category=draw(st.sampled_from(["", "A", "C"])))
        for n in range(draw(st.integers(0, 3)))
    ] + [Offer(f"Q{n}", amount=draw(amounts), skus=frozenset({"S0"})) for n in range(draw(st.integers(0, 2)))]
    rates = [Rate(f"T{n}", Decimal(draw(st.integers(1, 2500))) / 10000, draw(st.sampled_from(["", "food"])))
             for n in range(draw(st.integers(0, 3)))]  # fmt: skip
    return items, offers, rates, currency


@given(carts(), st.booleans())
def test_a_priced_line_adds_up_to_the_cent_and_so_do_its_units(cart, tax_included):
    items, offers, rates, currency = cart
    how = {"currency": currency, "tax_included": tax_included}
    for each in price(items, offers=offers, rates=rates, **how):
        off = sum((Decimal(part["amount"]) for part in each.discounts), Decimal(0))
        tax = sum((Decimal(part["amount"]) for part in each.taxes), Decimal(0))
        goods = each.unit_price_amount * each.quantity
        assert 0 <= off <= goods
        assert each.total_amount == goods - off + (0 if tax_included else tax)
        assert each.total_amount % Decimal(1).scaleb(-exponent(currency)) == 0
        units = units_of(each, **how)
        assert sum((unit.total_amount for unit in units), Decimal(0)) == each.total_amount
        assert [unit for count, unit in alike(each, **how) for _ in range(count)] == units


@given(carts(), st.booleans())
def test_a_line_costs_the_same_whatever_else_is_in_the_cart_and_however_offers_are_sorted(cart, tax_included):
    items, offers, rates, currency = cart
    how = {"rates": rates, "currency": currency, "tax_included": tax_included}
    whole = price(items, offers=offers, **how)
    alone = [price([item], offers=offers[::-1], **how)[0] for item in items]
    assert whole == alone


def test_tax_inside_a_price_is_told_and_not_added():
    item = Item("1", "S", "A", "", 1, Decimal("119.00"))
    (priced,) = price([item], offers=[], rates=[Rate("VAT", Decimal("0.19"))], currency="EUR", tax_included=True)
    assert priced.taxes == ({"name": "VAT", "rate": "0.19", "amount": "19.00"},)
    assert priced.total_amount == Decimal("119.00")


# --- with HQ's data and the house's word ------------------------------------------------------------------


def promotion(code="MAY10", **more):
    values = {"name": code, "percent": Decimal(10), "starts_at": now() - timedelta(days=1)}
    return Promotion.objects.create(code=code, **(values | more))


def asked(*lines, currency="USD", **more):
    return quote_prices(lines=[CartLine(*each) for each in lines], currency=currency, by=SITE, now=now(), **more)


@pytest.mark.django_db
def test_only_promotions_that_hold_count_and_the_best_one_wins():
    variant = VariantFactory(price=Decimal("20.00"))
    promotion()
    promotion("OVER", percent=50, ends_at=now() - timedelta(hours=1))
    promotion("LATER", percent=50, starts_at=now() + timedelta(hours=1))
    promotion("OFF", percent=50, is_active=False)
    promotion("EURO", percent=None, amount=5, currency="EUR")
    promotion("SECRET", percent=30, needs_code=True)
    promotion("SHOES", percent=30, category="Shoes")
    promotion("SHIRTS", percent=None, amount=Decimal("3.00"), currency="USD", category="Apparel")

    (priced,) = asked(("1", variant.sku, 2)).lines
    assert priced.discounts == ({"code": "SHIRTS", "amount": "6.0000"},)
    (priced,) = asked(("1", variant.sku, 2), codes=["SECRET"]).lines
    assert priced.discounts == ({"code": "SECRET", "amount": "12.00"},)
    with refused("invalid_quote") as info:
        asked(("1", variant.sku, 2), codes=["OVER"])
    assert [each["code"] for each in info.value.errors] == ["unknown_code"]


@pytest.mark.django_db
def test_the_rate_that_names_the_place_most_closely_holds():
    for more in ({}, {"region": "MN"}, {"region": "MN", "postal_prefix": "554"}, {"tax_category": "food"}):
        TaxRate.objects.create(name="Sales", rate=Decimal("0.01") * (1 + len(more)), **more)
    TaxRate.objects.create(name="Sales", rate=Decimal("0.5"), region="WI")
    at = TaxRate.objects.at
    assert {(rate.rate, rate.category) for rate in at(country="us", region="mn", postal_code="55401")} == {
        (Decimal("0.03"), ""), (Decimal("0.02"), "food")}  # fmt: skip
    assert at(country="CA", region="", postal_code="") == []


@pytest.mark.django_db
def test_what_was_quoted_is_what_is_charged():
    store = LocationFactory()
    variant = stocked(store, 5)
    promotion()
    told = asked(("1", variant.sku, 3), rates=[Rate("MN", Decimal("0.06875"))])
    Promotion.objects.update(percent=90)
    variant.prices.update(amount=Decimal("99.00"))

    order = placed(line(variant, 3, at=store, reference="1"), quote_id=told.id)

    assert order.total_amount == told.lines[0].total_amount == Decimal("57.68")
    row = order.lines.get()
    assert (row.unit_price_amount, row.discount_amount, row.tax_amount) == (
        Decimal("19.99"), Decimal("6.00"), Decimal("3.71"))  # fmt: skip
    assert audit() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 2}, "quote_differs"),
        ({"reference": "2"}, "quote_differs"),
        ({"unit_price": Decimal("1.00")}, "quote_differs"),
        ({"discounts": [{"code": "X", "amount": Decimal("1.00")}]}, "quote_differs"),
    ],
)
def test_an_order_that_is_not_the_quoted_cart_is_refused(change, code):
    store = LocationFactory()
    variant = stocked(store, 5)
    told = asked(("1", variant.sku, 3))
    with refused(code):
        placed(line(variant, **({"quantity": 3, "at": store, "reference": "1"} | change)), quote_id=told.id)


@pytest.mark.django_db
def test_a_quote_is_signed_and_ends():
    store = LocationFactory()
    variant = stocked(store, 5)
    told = asked(("1", variant.sku, 1))
    mine = line(variant, 1, at=store, reference="1")
    number, _dot, _signature = told.id.partition(".")
    for made_up in (number, f"{number}.abc", "x"):
        with refused("unknown_quote"):
            placed(mine, quote_id=made_up)
    PriceQuote.objects.update(expires_at=now() - timedelta(seconds=1))
    with refused("quote_expired"):
        placed(mine, quote_id=told.id)
    assert drop_expired(now=now() + timedelta(days=2)) == 1


@pytest.mark.django_db
def test_every_problem_is_named_at_once():
    variant = VariantFactory()
    PriceFactory(variant=VariantFactory(sku="EURO-ONLY"), currency="EUR")
    VariantFactory(sku="NO-PRICE").prices.all().delete()
    with refused("invalid_quote") as info:
        asked(("1", variant.sku, 1), ("1", "NOPE", 1), ("3", "NO-PRICE", 1))
    assert {(each["pointer"], each["code"]) for each in info.value.errors} == {
        ("/lines/1/reference", "repeated"), ("/lines/1/sku", "unknown_sku"), ("/lines/2/sku", "no_price")}  # fmt: skip
    with refused("invalid_quote"):
        asked(("1", variant.sku, 1), currency="XXX")
