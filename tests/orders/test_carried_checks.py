"""What a shopper carries out leaves with its serial number, and past somebody who looked at an ID."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from omni.core.actors import Actor
from omni.core.models import Event
from orders.models import Basket, BasketPiece, HandOver, Order, PaymentIntent, SerialNumber
from orders.operations.age_check import AgeCheck
from orders.operations.change_basket import change_way, set_quantity
from orders.operations.check_carried import check_age, drop_piece, leave_restricted, scan_piece
from orders.operations.hand_basket import drop_basket, park_basket, take_basket
from orders.operations.pay_basket import start_basket_payment
from orders.operations.place_basket import place_basket
from orders.operations.request import LineRequest
from orders.operations.serials import take_back
from tests.factories import BarcodeFactory, LocationFactory, person, placed, stocked
from tests.factories.baskets import add, basket_of
from tests.refusing import refused
from tests.shop import audit, level

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return LocationFactory()


@pytest.fixture
def ana(store):
    return person("associate", at=store)


@pytest.fixture
def camera(store):
    return stocked(store, 9, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)


@pytest.fixture
def wine(store):
    return stocked(store, 9, variant=BarcodeFactory(variant__is_age_restricted=True).variant)


@pytest.fixture
def basket(ana, store):
    return basket_of(ana, store)


def of(basket):
    return {"basket_id": basket.pk, "by": Actor.of(basket.associate), "now": timezone.now()}


def pay(basket):
    return start_basket_payment(method="till_receipt", reference="T-1", **of(basket))


def pieces():
    return list(BasketPiece.objects.values_list("serial", flat=True))


def test_a_camera_leaves_with_its_serial_and_only_then_is_paid(basket, camera, store):
    add(basket, camera, quantity=2)
    scan_piece(position=1, serial=" sn-1 ", **of(basket))
    with refused("not_ready") as info:
        pay(basket)
    assert "serial number" in str(info.value) and not PaymentIntent.objects.exists()
    scan_piece(position=1, serial="SN-2", **of(basket))
    pay(basket)
    order = place_basket(**of(basket))

    line = order.lines.get()
    sold = SerialNumber.objects.order_by("pk")
    assert [(each.serial, each.status, each.hand_over.check_kind) for each in sold] == [
        ("SN-1", "out", "at_counter"), ("SN-2", "out", "at_counter")
    ]  # fmt: skip
    news = Event.objects.get(topic="orders.carried_out").payload
    assert news["lines"][0]["serials"] == ["SN-1", "SN-2"] and news["age_check"] is None
    assert pieces() == [] and level(camera, store) == (7, 0, 0)
    assert audit() == {}
    take_back(order_line=line, serial="sn-2", now=timezone.now())


def test_a_bottle_leaves_after_a_look_at_an_id_that_is_written_down(basket, wine):
    add(basket, wine)
    with refused("not_ready") as info:
        pay(basket)
    assert "Look at their ID first" in str(info.value)
    check_age(how="photo_id", **of(basket))
    pay(basket)
    place_basket(**of(basket))
    handed = HandOver.objects.get()
    assert (handed.is_age_restricted, handed.age_over, handed.age_check) == (True, 21, "photo_id")
    assert handed.handed_over_by == basket.associate and not handed.is_undoable(timezone.now())
    assert Event.objects.get(topic="orders.carried_out").payload["age_check"] == {"over": 21, "how": "photo_id"}
    assert audit() == {}


def test_not_old_enough_the_bottle_stays_and_the_rest_is_sold(basket, wine, camera, store):
    add(basket, wine, quantity=2)
    add(basket, stocked(store, 3))
    left = leave_restricted(**of(basket))
    assert [line.variant for line in left] == [wine]
    assert level(wine, store) == (9, 0, 0)
    pay(basket)
    assert place_basket(**of(basket)).lines.count() == 1


def test_an_id_is_looked_at_anew_when_a_basket_was_parked_or_changed_hands(basket, wine, store):
    add(basket, wine)
    check_age(how="other_id", **of(basket))
    park_basket(**of(basket))
    take_basket(may_take_from_others=False, **of(basket))
    with refused("not_ready"):
        pay(basket)


@pytest.mark.parametrize("way", ["pickup", "ship"])
def test_what_is_picked_up_or_shipped_is_checked_where_that_happens(basket, camera, wine, store, way):
    add(basket, camera)
    scan_piece(position=1, serial="SN-1", **of(basket))
    change_way(position=1, method=way, place=store.code, seen=1, **of(basket))
    assert pieces() == []
    with refused("no_serial_wanted"):
        scan_piece(position=1, serial="SN-1", **of(basket))


def test_fewer_units_keep_fewer_serials_and_the_first_scanned_ones(basket, camera):
    add(basket, camera, quantity=2)
    for serial in ("SN-1", "SN-2"):
        scan_piece(position=1, serial=serial, **of(basket))
    set_quantity(position=1, quantity=1, seen=2, **of(basket))
    assert pieces() == ["SN-1"]


def test_a_piece_is_in_one_basket_and_in_nobodys_that_was_given_up(basket, camera, store):
    add(basket, camera)
    scan_piece(position=1, serial="SN-1", **of(basket))
    scan_piece(position=1, serial="SN-1", **of(basket))
    assert pieces() == ["SN-1"], "scanned twice counts once"
    other = basket_of(person("associate", at=store), store)
    add(other, camera)
    with refused("double_serial"):
        scan_piece(position=1, serial="SN-1", **of(other))
    drop_basket(**of(basket))
    scan_piece(position=1, serial="SN-1", **of(other))
    assert pieces() == ["SN-1"]


def test_a_piece_that_was_sold_is_refused_with_its_order_before_the_money(basket, camera, store):
    order = placed(carried(camera, store, serials=["SN-1"]), channel="pos")
    add(basket, camera)
    with refused("double_serial") as info:
        scan_piece(position=1, serial="SN-1", **of(basket))
    assert str(order.number) in str(info.value)


def test_a_wrong_serial_is_put_right_also_after_the_payment(basket, camera):
    add(basket, camera)
    scan_piece(position=1, serial="SN-1", **of(basket))
    pay(basket)
    drop_piece(position=1, serial="SN-1", **of(basket))
    with refused("not_ready"):
        place_basket(**of(basket))
    assert not Order.objects.exists()
    scan_piece(position=1, serial="SN-2", **of(basket))
    place_basket(**of(basket))
    assert SerialNumber.objects.get().serial == "SN-2"


def carried(variant, store, quantity: int = 1, **more) -> LineRequest:
    return LineRequest(reference=f"c-{variant.sku}", sku=variant.sku, quantity=quantity, method="carry_out",
                       location=store.code, **more)  # fmt: skip


@pytest.mark.parametrize(("serials", "code"), [
    ([], "serials_required"), (["SN-1", "SN-2"], "serials_required"), (["x" * 101], "bad_serial"),
])  # fmt: skip
def test_every_door_needs_the_serials(camera, store, serials, code):
    with refused("invalid_order") as info:
        placed(carried(camera, store, serials=serials), channel="pos")
    assert code in [error["code"] for error in info.value.errors]
    assert not Order.objects.exists() and level(camera, store) == (9, 0, 0)


def test_every_door_needs_the_look_at_an_id(wine, store):
    for age in (None, AgeCheck(18, "photo_id"), AgeCheck(21, "a feeling")):
        with refused("invalid_order") as info:
            placed(carried(wine, store), channel="pos", age_check=age)
        assert [error["code"] for error in info.value.errors] == ["age_check_required"]
    placed(carried(wine, store), channel="pos", age_check=AgeCheck(21, "photo_id"))
    assert HandOver.objects.get().age_over == 21


def test_two_tills_never_sell_the_same_piece(camera, store):
    placed(carried(camera, store, serials=["SN-1"]), channel="pos")
    with refused("double_serial"):
        placed(carried(camera, store, serials=["sn-1"]), channel="pos", channel_reference="other")
    assert SerialNumber.objects.count() == 1 and level(camera, store) == (8, 0, 0)


def test_the_database_keeps_half_a_check_out(basket):
    with pytest.raises(IntegrityError):
        Basket.objects.filter(pk=basket.pk).update(age_check="photo_id")
