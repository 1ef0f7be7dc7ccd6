"""Something else of the same store instead: offered at the shelf, taken on the phone, never dearer than before."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.core.models import Event
from orders.models import OrderLine, PickupChoice
from orders.operations.answer_choice import answer_choice
from orders.operations.cancel import cancel
from orders.operations.hand_over import Collector, hand_over
from orders.operations.pick import pick
from orders.operations.request import PaymentRequest
from orders.operations.settle import finalize_hand_overs
from orders.operations.short_pick import short_pick
from orders.operations.stage import stage
from orders.operations.substitute import suggestions, terms
from orders.unit_money import Part as Money
from orders.unit_money import UnitMoney, first_units_total, units_of
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, line, placed, stocked
from tests.refusing import refused
from tests.shop import SITE, audit, level, now, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop()


def item(shop, title, price, on_hand=5, *, product=None, category="Kitchen > Mugs", **variant):
    product = product or ProductFactory(title=title, category=category)
    made = BarcodeFactory(variant__product=product, variant__price=Decimal(price),
                          **{f"variant__{name}": value for name, value in variant.items()}).variant  # fmt: skip
    return stocked(shop.store, on_hand, variant=made)


@pytest.fixture
def mug(shop):
    return item(shop, "Alder mug", "12.00", options={"color": "Moss"})


@pytest.fixture
def blue(shop, mug):
    """The same in another color, a little cheaper."""
    return item(shop, "", "10.00", product=mug.product, options={"color": "Navy"})


@pytest.fixture
def short(shop, mug):
    """Three mugs wanted, two not found; something may be offered."""

    def make(substitute="", quantity=2, **more):
        tax = {"name": "MN", "rate": "0.10", "amount": Decimal("3.60")}
        order = placed(line(mug, 3, at=shop.store, reference="1", unit_price=Decimal("12.00"), taxes=[tax]), **more)
        work, pick_list = shop.claim(order)
        short_pick(pick_list_id=pick_list.pk, line_id=work.lines.get().pk, quantity=quantity, substitute=substitute,
                   reason_code="not-found", by=shop.picker, now=now())  # fmt: skip
        return order

    return make


def take(answer="substitute", **more):
    choice = PickupChoice.objects.get(answer="")
    return answer_choice(choice_id=choice.pk, answer=answer, by=SITE, now=now(), **more)


def test_the_same_in_another_option_comes_first_then_the_like_of_similar_price(shop, mug, blue):
    near, nearer = item(shop, "Cove mug", "15.00"), item(shop, "Dune mug", "12.50")
    item(shop, "Gold mug", "60.00")
    item(shop, "Cotton tee", "12.00", category="Apparel > T-shirts")
    item(shop, "Last mug", "12.00", on_hand=1)
    item(shop, "Whisky mug", "12.00", is_age_restricted=True)
    order = placed(line(mug, 1, at=shop.store))
    found = suggestions(line=order.lines.get(), location=shop.store, quantity=2)
    assert [each.variant for each in found] == [blue, nearer, near]


def test_taken_it_is_a_line_of_the_same_order_at_the_lower_price_with_its_share_of_taxes(shop, mug, blue, short):
    order = short(blue.sku)
    assert Event.objects.get(topic="orders.choice_offered").payload["substitute"] == blue.sku
    take()

    old, new = order.lines.order_by("position")
    assert (old.cancelled_quantity, old.waiting_quantity) == (2, 0)
    assert (new.sku, new.quantity, new.reference, new.method) == (blue.sku, 2, "1-substitute", "pickup")
    assert (new.unit_price_amount, new.discount_amount, new.tax_amount) == (Decimal("10"), 0, Decimal("2.00"))
    assert new.taxes == [{"name": "MN", "amount": "2.00", "rate": "0.10"}]
    assert level(blue, shop.store) == (5, 2, 0)
    told = Event.objects.get(topic="orders.substituted").payload
    assert (told["sku"], told["substitute"]["sku"], told["substitute"]["unit_price"]) == (mug.sku, blue.sku, "10.00")
    assert not Event.objects.filter(topic="orders.cancelled").exists(), "nobody is told of a cancellation"
    assert audit() == {}


def test_a_dearer_one_costs_what_was_paid(shop, short):
    dear = item(shop, "Cove mug", "15.00")
    order = short(dear.barcodes.get().code)
    take()
    new = order.lines.get(sku=dear.sku)
    assert (new.unit_price_amount, new.discount_amount, new.tax_amount) == (Decimal("12"), 0, Decimal("2.40"))
    assert audit() == {}


def test_it_is_handed_over_and_paid_within_what_was_authorized(shop, mug, blue, short):
    order = short(blue.sku, payments=[PaymentRequest("card", "psp_1", Decimal("39.60"))])
    take()
    order.refresh_from_db()
    for work in order.fulfillment_orders.order_by("pk"):
        if work.status == "picking":
            pick(pick_list_id=work.pick_list_id, code=mug.sku, by=shop.picker, now=now())
            ready = stage(number=work.number, shelf_code="S1", by=shop.picker, now=now())
        else:
            ready = shop.staged(order)
        given = hand_over(number=ready.number, collector=Collector("photo_id", name="Ada"), by=shop.picker, now=now())
        finalize_hand_overs(now=given.undo_until)
    asked = sum(capture.amount for payment in order.payments.all() for capture in payment.captures.all())
    assert asked == Decimal("13.20") + Decimal("22.00")
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert audit() == {}


def test_declined_it_is_as_before(shop, blue, short):
    other = LocationFactory()
    order = short(blue.sku)
    stocked(other, 5, variant=order.lines.get().variant)
    take("other_store", location_code=other.code)
    assert order.lines.count() == 1
    assert level(blue, shop.store) == (5, 0, 0)
    assert audit() == {}


def test_sold_meanwhile_the_customer_chooses_again(shop, blue, short):
    short(blue.sku)
    placed(line(blue, 4, at=shop.store))
    with refused("insufficient_stock"):
        take()
    assert PickupChoice.objects.get().answer == ""
    assert OrderLine.objects.filter(sku=blue.sku).count() == 1
    take("cancel")
    assert audit() == {}


def test_cancelled_in_part_meanwhile_only_the_rest_is_replaced(shop, blue, short):
    order = short(blue.sku)
    cancel(number=order.number, lines=[("1", 1)], reason="one less", by=SITE, now=now())
    take()
    assert order.lines.get(sku=blue.sku).quantity == 1
    assert audit() == {}


def test_without_an_offer_there_is_nothing_to_take(short):
    short()
    with refused("no_substitute"):
        take()


@pytest.mark.parametrize(("code", "make"), [
    ("unknown_substitute", lambda shop, mug: "NO-SUCH"),
    ("same_item", lambda shop, mug: mug.sku),
    ("insufficient_stock", lambda shop, mug: item(shop, "Last mug", "12.00", on_hand=1).sku),
    ("restricted_substitute", lambda shop, mug: item(shop, "Wine", "12.00", is_age_restricted=True).sku),
])  # fmt: skip
def test_what_cannot_be_offered_is_said_and_nothing_is_reported(shop, mug, short, code, make):
    wanted = make(shop, mug)
    with refused(code):
        short(wanted)
    assert not PickupChoice.objects.exists()


MONEY = st.decimals(0, 500, places=2)


@given(listed=MONEY, price=MONEY, quantity=st.integers(1, 6), given_up=st.integers(1, 6), discount=MONEY, tax=MONEY)
def test_a_substitute_never_costs_more_in_any_part(listed, price, quantity, given_up, discount, tax):
    given_up = min(given_up, quantity)
    discount = min(discount, listed * quantity)
    old = OrderLine(
        quantity=quantity, unit_price_amount=listed, discounts=[{"code": "MAY", "amount": str(discount)}],
        taxes=[{"name": "MN", "amount": str(tax)}],
    )  # fmt: skip
    units = units_of(old, currency="USD", tax_included=False)[quantity - given_up :]
    cost = terms(units=units, price=price, currency="USD")
    goods = cost.unit_price * given_up - cost.discount
    assert goods == cost.goods <= price * given_up
    assert cost.discount >= 0
    assert cost.saved >= 0
    before = sum((unit.total_amount for unit in units), Decimal(0))
    assert goods + cost.tax <= before
    new = OrderLine(
        quantity=given_up, unit_price_amount=cost.unit_price,
        discounts=[{"code": "substitute", "amount": str(cost.discount)}], taxes=cost.taxes,
    )  # fmt: skip
    kept = first_units_total(old, quantity - given_up, currency="USD", tax_included=False)
    whole = first_units_total(old, quantity, currency="USD", tax_included=False)
    assert kept + first_units_total(new, given_up, currency="USD", tax_included=False) <= whole


def test_what_was_free_stays_free():
    unit = UnitMoney(Decimal("5.00"), (Money("GIFT", Decimal("5.00")),), (Money("MN", Decimal(0)),), False)
    cost = terms(units=[unit], price=Decimal("9.00"), currency="USD")
    assert (cost.goods, cost.tax, cost.unit_price, cost.discount) == (0, 0, Decimal("5.00"), Decimal("5.00"))
