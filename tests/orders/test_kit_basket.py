"""A kit in a shopper's basket: kept as its parts, changed as any line, and sold as over the API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Hold, Price, Transfer
from inventory.operations.define_kit import define_kit
from inventory.operations.hold import expire_holds
from omni.core.actors import Actor
from omni.core.models import Setting
from omni.core.settings_store import forget
from orders.models import Order, Promotion, SerialNumber, TaxRate
from orders.operations.cancel import cancel
from orders.operations.change_basket import add_to_basket, change_way, renew, set_quantity
from orders.operations.check_carried import check_age, leave_restricted, scan_piece
from orders.operations.hand_basket import drop_basket
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.quote_prices import CartLine, quote_prices
from orders.operations.request import LineRequest
from orders.operations.set_contact import set_contact
from tests.factories import BarcodeFactory, LocationFactory, VariantFactory, line, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.factories.kits import kit_of
from tests.factories.requests import ADDRESS
from tests.refusing import refused
from tests.shop import audit, level

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def store():
    return LocationFactory(name="Oak Street", region="MN", postal_code="55401")


@pytest.fixture
def other():
    return LocationFactory(name="Elm Street", region="MN")


@pytest.fixture
def basket(store):
    return basket_of(person("associate", at=store), store)


@pytest.fixture
def parts(store):
    return stocked(store, 5, variant=VariantFactory(price="20")), stocked(store, 4, variant=VariantFactory(price="10"))


@pytest.fixture
def gift(parts):
    """Two tees and a mug; the store has parts for two of them."""
    tee, mug = parts
    return kit_of({tee: 2, mug: 1}, amount="40")


def of(basket):
    return {"basket_id": basket.pk, "by": Actor.of(basket.associate), "now": NOW()}


def reserved(parts, *places):
    return tuple(tuple(level(part, place)[1] for part in parts) for place in places)


def sold(basket) -> Order:
    set_contact(name="Bea Stone", email="bea@example.org", phone="612-555-0101", customer_id=None, address=ADDRESS,
                **of(basket))  # fmt: skip
    start_basket_payment(method="till_receipt", reference="T-1", **of(basket))
    return place_basket(**of(basket))


def money(order):
    """What the order froze: of the kit, and of each of its parts."""
    kit = order.kits.get()
    return (
        (kit.unit_price_amount, kit.discount_amount, kit.tax_amount, kit.total_amount),
        [(each.sku, each.quantity, each.unit_price_amount, each.discount_amount, each.tax_amount)
         for each in order.lines.order_by("position")],
    )  # fmt: skip


def test_a_kit_keeps_all_of_its_parts_or_none(basket, store, parts, gift):
    add(basket, gift, quantity=2)
    assert reserved(parts, store) == ((4, 2),)
    with refused("insufficient_stock") as info:
        add(basket, gift)
    assert info.value.errors[0]["available"] == 0
    assert reserved(parts, store) == ((4, 2),)
    set_quantity(position=1, quantity=1, seen=2, **of(basket))
    assert reserved(parts, store) == ((2, 1),)
    set_quantity(position=1, quantity=2, seen=1, **of(basket))
    assert reserved(parts, store) == ((4, 2),)
    assert audit() == {}
    drop_basket(**of(basket))
    assert reserved(parts, store) == ((0, 0),)
    assert audit() == {}


def test_it_may_be_had_another_way(basket, store, other, parts, gift):
    tee, mug = parts
    stocked(other, 9, variant=tee)
    stocked(other, 9, variant=mug)
    add(basket, gift)
    change_way(position=1, method="pickup", place=other.code, seen=1, **of(basket))
    assert reserved(parts, store, other) == ((0, 0), (2, 1))
    change_way(position=1, method="ship", seen=1, **of(basket))
    (row,) = Hold.objects.get().lines
    assert (row["sku"], row["quantity"], len(row["parts"])) == (gift.sku, 1, 2)
    assert sum(sum(each) for each in reserved(parts, store, other)) == 3
    assert audit() == {}


def test_what_is_shipped_is_whole_here_and_there_and_split_where_it_may_be(basket, store, other):
    tee, mug = stocked(store, 2), stocked(store, 1)
    stocked(other, 2, variant=tee)
    stocked(other, 3, variant=mug)
    kit = kit_of({tee: 2, mug: 1})
    add(basket, kit, "ship", quantity=2)
    assert reserved((tee, mug), store, other) == ((2, 1), (2, 1))
    set_quantity(position=1, quantity=1, seen=2, **of(basket))
    assert sorted(reserved((tee, mug), store, other)) == [(0, 0), (2, 1)], "one whole kit stays"
    drop_basket(**of(basket))
    stocked(store, 1, variant=tee)
    stocked(other, 1, variant=tee)
    again = basket_of(basket.associate, store)
    with refused("insufficient_stock"):
        add(again, kit, "ship")
    kit.may_split = True
    kit.save()
    add(again, kit, "ship")
    (row,) = Hold.objects.get(status="open").lines
    assert (row["location"], sorted(part["units"] for part in row["parts"])) == (None, [1, 1, 1])
    assert level(tee, store)[1] + level(tee, other)[1] == 2
    assert audit() == {}
    order = sold(again)
    assert {work.location for work in order.fulfillment_orders.all()} == {store, other}
    assert audit() == {}


@pytest.mark.parametrize("way", ["carry_out", "ship"])
def test_it_costs_and_shares_out_what_it_does_on_the_web(basket, store, parts, gift, way):
    """With a promotion that is its category's, the tax of the place, and cents that do not divide."""
    gift.product.category = "Gifts > Boxes"
    gift.product.save()
    Price.objects.filter(variant=gift).update(amount="39.99")
    Promotion.objects.create(code="TEN", name="Ten off", percent=10, category="Gifts",
                             starts_at=NOW() - timedelta(days=1))  # fmt: skip
    TaxRate.objects.create(name="MN", country="US", region="MN", rate=Decimal("0.06875"))
    place = {"country": "US", "region": "MN", "postal_code": "55401"}
    quote = quote_prices(
        lines=[CartLine("1", gift.sku, 2)], currency="USD", by=Actor.system("web"), place=place, now=NOW()
    )
    web = placed(LineRequest(reference="1", sku=gift.sku, quantity=2, method="ship"), on_shortage="accept",
                 quote_id=quote.id)  # fmt: skip
    cancel(number=web.number, lines=None, reason="for the counter", by=Actor.system("test"), now=NOW())
    add(basket, gift, way, quantity=2)
    order = sold(basket)
    assert money(order) == money(web)
    kit = order.kits.get()
    assert (kit.quantity, kit.unit_price_amount, kit.discount_amount) == (2, Decimal("39.99"), Decimal("8.00"))
    assert kit.tax_amount == Decimal("4.95")
    assert sum(each.total_amount for each in order.lines.all()) == kit.total_amount == order.total_amount
    assert audit() == {}


def test_what_a_kit_was_made_of_when_it_is_paid_is_what_is_kept(basket, store, parts, gift):
    tee, mug = parts
    add(basket, gift, quantity=2)
    define_kit(sku=gift.sku, components={mug.sku: 2}, by=Actor.system("test"))
    order = sold(basket)
    assert [(each.sku, each.quantity) for each in order.lines.all()] == [(mug.sku, 4)]
    assert (level(tee, store), level(mug, store)) == ((5, 0, 0), (0, 0, 0))
    assert audit() == {}


def test_when_the_time_is_over_a_kit_is_kept_again_or_named(basket, store, parts, gift):
    _tee, mug = parts
    add(basket, gift, quantity=2)
    expire_holds(now=NOW() + timedelta(hours=2))
    assert reserved(parts, store) == ((0, 0),)
    assert renew(**of(basket)) == []
    assert reserved(parts, store) == ((4, 2),)
    expire_holds(now=NOW() + timedelta(hours=2))
    placed(line(mug, 3, at=store))
    assert [each.variant for each in renew(**of(basket))] == [gift]
    assert reserved(parts, store) == ((0, 3),), "of a kit that is not whole no part is kept"
    with refused("gone"):
        sold(basket)
    assert audit() == {}


def test_a_tracked_part_leaves_with_its_serials(basket, store, parts):
    tee, _mug = parts
    camera = stocked(store, 9, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    lens = stocked(store, 9, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    kit = kit_of({camera: 1, tee: 1, lens: 2}, amount="900")
    add(basket, kit)
    with refused("not_ready") as info:
        start_basket_payment(method="till_receipt", reference="T-1", **of(basket))
    assert camera.title in str(info.value)
    for serial in ("cam-1", "lens-1", "lens-2"):
        scan_piece(position=1, serial=serial, **of(basket))
    with refused("no_serial_wanted"):
        scan_piece(position=1, serial="lens-3", **of(basket))
    add(basket, kit)
    scan_piece(position=1, serial="cam-2", **of(basket))
    set_quantity(position=1, quantity=1, seen=2, **of(basket))
    order = sold(basket)
    left = SerialNumber.objects.values_list("variant__sku", "serial", "status")
    assert sorted(left) == sorted(
        [(camera.sku, "CAM-1", "out"), (lens.sku, "LENS-1", "out"), (lens.sku, "LENS-2", "out")]
    )
    assert order.status == "fulfilled"
    assert (level(camera, store), level(tee, store), level(lens, store)) == ((8, 0, 0), (4, 0, 0), (7, 0, 0))
    assert audit() == {}


def test_a_part_with_an_age_limit_asks_for_an_id(basket, store, parts):
    tee, _mug = parts
    wine = stocked(store, 9, variant=VariantFactory(is_age_restricted=True))
    kit = kit_of({wine: 1, tee: 1})
    add(basket, kit)
    add(basket, tee)
    with refused("not_ready"):
        start_basket_payment(method="till_receipt", reference="T-1", **of(basket))
    assert [each.variant for each in leave_restricted(**of(basket))] == [kit]
    assert (level(wine, store)[1], level(tee, store)[1]) == (0, 1)
    add(basket, kit)
    check_age(how="photo_id", **of(basket))
    order = sold(basket)
    assert order.status == "fulfilled"
    assert audit() == {}


def test_a_kit_with_a_part_that_is_sold_no_more_does_not_come_into_a_basket(basket, store, parts, gift):
    tee, _mug = parts
    tee.product.is_active = False
    tee.product.save()
    with refused("inactive_sku"):
        add(basket, gift)
    assert reserved(parts, store) == ((0, 0),)


def test_a_kit_and_its_part_share_a_shelf(basket, store, parts, gift):
    tee, mug = parts
    add(basket, gift, quantity=2)
    add(basket, tee)
    with refused("insufficient_stock"):
        add(basket, tee)
    add(basket, mug, quantity=2)
    assert reserved(parts, store) == ((5, 4),)
    order = sold(basket)
    assert (level(tee, store), level(mug, store)) == ((0, 0, 0), (0, 0, 0))
    assert order.total_amount == Decimal("120")
    assert audit() == {}


@pytest.fixture
def sent():
    """HQ lets what is sold at the counter be sent to its store."""
    Setting.objects.create(key="orders.ship_to_store_channels", value="endless_aisle")
    forget()
    yield
    forget()


def test_a_kit_may_be_sent_to_this_store_and_is_then_ordered_as_its_parts(basket, store, other, sent):
    tee, mug = stocked(other, 4), stocked(other, 3)
    kit = kit_of({tee: 2, mug: 1})
    later = {"method": "pickup", "place": store.code, "is_later": True}
    add_to_basket(sku=kit.sku, quantity=2, key="later", **later, **of(basket))
    with refused("insufficient_stock") as info:
        add_to_basket(sku=kit.sku, quantity=1, key="more", **later, **of(basket))
    assert info.value.errors[0]["available"] == 2
    assert reserved((tee, mug), other) == ((0, 0),), "promised when it is paid, kept by nobody before"
    order = sold(basket)
    assert {(each.to_location, each.from_location) for each in Transfer.objects.all()} == {(store, other)}
    assert reserved((tee, mug), other) == ((4, 2),)
    assert order.kits.get().quantity == 2
    assert audit() == {}


def test_a_kit_that_can_no_longer_be_sent_is_named_before_money_is_asked_for(basket, store, other, sent):
    tee, mug = stocked(other, 4), stocked(other, 2)
    kit = kit_of({tee: 2, mug: 1})
    later = {"method": "pickup", "place": store.code, "is_later": True}
    add_to_basket(sku=tee.sku, quantity=3, key="tee", **later, **of(basket))
    add_to_basket(sku=kit.sku, quantity=1, key="kit", **later, **of(basket))
    with refused("gone") as info:  # each by itself could be had: together they want five tees of four
        sold(basket)
    assert kit.title in str(info.value)
    assert reserved((tee, mug), other) == ((0, 0),)
    assert audit() == {}
