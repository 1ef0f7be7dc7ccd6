"""A kit is ordered as one thing, and promised, sent, cancelled and returned as its parts."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.refusals import Refusal
from orders.kit_money import Part, unit_prices
from orders.models import FulfillmentOrder, SerialNumber
from orders.operations.cancel import cancel
from returns.operations.authorize import Wanted, authorize
from tests.factories import LocationFactory, VariantFactory, line, person, placed, stocked
from tests.factories.kits import kit_of
from tests.refusing import refused
from tests.shop import audit, level, open_shop

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


@pytest.fixture
def shop():
    return open_shop(name="Oak Street")


def priced(amount):
    return VariantFactory(price=amount)


@pytest.fixture
def parts(shop):
    return stocked(shop.store, 9, variant=priced("20")), stocked(shop.store, 4, variant=priced("10"))


def lines_of(order):
    return [(each.variant, each.quantity, each.unit_price_amount) for each in order.lines.order_by("position")]


def test_a_kit_becomes_its_parts_and_its_price_is_shared_out(shop, parts):
    tee, mug = parts
    kit = kit_of({tee: 2, mug: 1}, amount="40")
    order = placed(line(kit, 3, at=shop.store, discounts=[{"code": "TEN", "amount": Decimal("10.00")}],
                        taxes=[{"name": "MN", "amount": Decimal("7.55")}]))  # fmt: skip
    assert lines_of(order) == [(tee, 6, Decimal("16")), (mug, 3, Decimal("8"))]
    assert order.total_amount == Decimal("117.55")
    assert sum(each.total_amount for each in order.lines.all()) == order.kits.get().total_amount == Decimal("117.55")
    assert [each.discount_amount for each in order.lines.order_by("position")] == [Decimal("8"), Decimal("2")]
    assert (level(tee, shop.store), level(mug, shop.store)) == ((9, 6, 0), (4, 3, 0))
    assert audit() == {}


def test_cents_that_do_not_divide_make_a_second_line(shop, parts):
    tee, _mug = parts
    kit = kit_of({tee: 3}, amount="10")
    order = placed(line(kit, 2, at=shop.store))
    assert lines_of(order) == [(tee, 4, Decimal("3.33")), (tee, 2, Decimal("3.34"))]
    assert order.total_amount == 20
    assert audit() == {}


def test_what_one_part_lacks_is_refused_at_the_kit(shop, parts):
    tee, mug = parts
    kit = kit_of({tee: 1, mug: 2})
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        placed(line(tee, 1, at=shop.store), line(kit, 3, at=shop.store))
    assert (refusal.value.code, refusal.value.errors[0]["pointer"]) == ("insufficient_stock", "/lines/1")
    assert level(mug, shop.store)[1] == 0


def test_a_kit_ships_whole_unless_it_may_be_split(shop):
    tee, mug = priced("20"), priced("10")
    near, far = LocationFactory(postal_code="55401"), LocationFactory()
    stocked(near, 3, variant=tee)
    stocked(far, 3, variant=mug)
    kit = kit_of({tee: 1, mug: 1})
    with refused("insufficient_stock"):
        placed(line(kit))
    stocked(far, 2, variant=tee)
    order = placed(line(kit, 2))
    assert {work.location for work in FulfillmentOrder.objects.filter(order=order)} == {far}
    with refused("insufficient_stock"):
        placed(line(kit))
    kit.may_split = True
    kit.save()
    order = placed(line(kit))
    assert {work.location for work in FulfillmentOrder.objects.filter(order=order)} == {near, far}
    assert audit() == {}


def test_kits_come_from_several_places_each_of_them_whole(shop):
    tee, mug = priced("20"), priced("10")
    near, far = LocationFactory(), LocationFactory()
    for place, tees, mugs in ((near, 5, 1), (far, 2, 4)):
        stocked(place, tees, variant=tee)
        stocked(place, mugs, variant=mug)
    order = placed(line(kit_of({tee: 1, mug: 1}), 3), line(tee, 2))
    shares = {
        (work.location, each.order_line.kit_id is not None, each.variant, each.quantity)
        for work in order.fulfillment_orders.all() for each in work.lines.all()
    }  # fmt: skip
    assert {share for share in shares if share[1]} == {
        (near, True, tee, 1), (near, True, mug, 1), (far, True, tee, 2), (far, True, mug, 2),
    }  # fmt: skip
    assert audit() == {}


def test_what_waits_of_a_pickup_are_whole_kits(shop, parts):
    tee, mug = parts
    order = placed(line(kit_of({tee: 2, mug: 2}), 3, at=shop.store), on_shortage="partial")
    assert [each.waiting_quantity for each in order.lines.order_by("position")] == [2, 2]
    assert audit() == {}


def test_whole_kits_are_cancelled_by_their_reference(shop, parts):
    tee, mug = parts
    order = placed(line(kit_of({tee: 2, mug: 1}), 3, at=shop.store, reference="gift"))
    cancel(number=order.number, lines=[("gift", 2)], reason="changed mind", by=BY, now=timezone.now())
    assert [each.open_quantity for each in order.lines.order_by("position")] == [2, 1]
    assert (level(tee, shop.store)[1], level(mug, shop.store)[1]) == (2, 1)
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        cancel(number=order.number, lines=[("gift", 2)], reason="again", by=BY, now=timezone.now())
    assert {error["pointer"] for error in refusal.value.errors} == {"/lines/0/quantity"}
    cancel(number=order.number, lines=[("gift.2", 1)], reason="without the mug", by=BY, now=timezone.now())
    assert [each.open_quantity for each in order.lines.order_by("position")] == [2, 0]
    assert audit() == {}


def test_whole_kits_or_single_parts_come_back_at_their_share(shop, parts):
    tee, mug = parts
    asked = replace(line(kit_of({tee: 2, mug: 1}, amount="40"), 2, at=shop.store, reference="gift"), method="carry_out")
    order = placed(asked)
    by = Actor.of(person("lead", at=shop.store))
    whole = authorize(order_number=order.number, wanted=[Wanted("gift", 1)], channel="store", location=shop.store,
                      by=by, now=timezone.now())  # fmt: skip
    assert sum(unit.value_amount for unit in whole.units.all()) == 40
    part = authorize(order_number=order.number, wanted=[Wanted("gift.2", 1)], channel="store", location=shop.store,
                     by=by, now=timezone.now())  # fmt: skip
    assert part.units.get().value_amount == 8
    with refused("not_returnable"):
        authorize(order_number=order.number, wanted=[Wanted("gift", 1)], channel="store", location=shop.store, by=by,
                  now=timezone.now())  # fmt: skip
    assert audit() == {}


def test_a_kit_that_is_carried_out_names_the_serials_of_its_tracked_parts_part_by_part(shop, parts):
    tee, _mug = parts
    camera, lens = (stocked(shop.store, 9, variant=VariantFactory(is_serial_tracked=True)) for _ in range(2))
    kit = kit_of({camera: 1, tee: 1, lens: 2})
    asked = replace(line(kit, 2, at=shop.store), method="carry_out")
    six = ["c-1", "c-2", "l-1", "l-2", "l-3", "l-4"]
    for wrong in (six[:-1], [*six, "l-5"], []):
        with refused("invalid_order") as info:
            placed(replace(asked, serials=wrong))
        assert {(each["pointer"], each["code"]) for each in info.value.errors} == {
            ("/lines/0/serials", "serials_required")
        }  # fmt: skip
    placed(replace(asked, serials=six))
    assert sorted(SerialNumber.objects.values_list("variant", "serial")) == sorted(
        [(camera.pk, each.upper()) for each in six[:2]] + [(lens.pk, each.upper()) for each in six[2:]]
    )
    plain = kit_of({tee: 1})
    with refused("invalid_order") as info:
        placed(replace(line(plain, 1, at=shop.store), method="carry_out", serials=["x"]))
    assert [each["code"] for each in info.value.errors] == ["not_allowed"]
    assert audit() == {}


def test_prices_without_worth_go_by_units():
    found = unit_prices(Decimal("1.00"), [Part("a", 2, Decimal(0)), Part("b", 1, Decimal(0))], cent=Decimal("0.01"))
    assert [(each.units, each.unit_price) for each in found] == [(2, Decimal("0.33")), (1, Decimal("0.34"))]
