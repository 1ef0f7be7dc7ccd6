"""The customer takes a part; the rest is sent: from this very shelf where the store ships, else from elsewhere."""

import pytest

from omni.core.models import Event, User
from orders.models import SerialNumber
from orders.operations.hand_over import AgeCheck, Collector, hand_over, undo_hand_over
from tests.factories import BarcodeFactory, LocationFactory, line, placed, stocked
from tests.factories.floor import staged
from tests.refusing import refused
from tests.shop import audit, held, level, now, open_shop

pytestmark = pytest.mark.django_db
BY_ID = Collector("photo_id", name="Ada Byron")
HOME = {"name": "Ada Byron", "line1": "9 Elm St", "city": "Duluth", "region": "MN", "postal_code": "55802"}


def give_one(shop, work, **how):
    first = work.lines.order_by("pk").first()
    return hand_over(number=work.number, collector=BY_ID, units={first.pk: 1}, ship_remaining_to=HOME,
                     by=shop.picker, now=now(), **how)  # fmt: skip


def test_the_rest_becomes_a_parcel_to_pack_on_the_same_shelf():
    shop = open_shop()
    variant = stocked(shop.store, 3)
    order = placed(line(variant, 3, at=shop.store))
    work = shop.staged(order, shelf="R-4")
    handed = give_one(shop, work)

    work.refresh_from_db()
    order.refresh_from_db()
    parcel = order.fulfillment_orders.get(method="ship")
    assert (work.status, parcel.status, parcel.shelf_code) == ("handed_over", "staged", "R-4")
    assert (parcel.lines.get().picked_quantity, parcel.lines.get().quantity) == (2, 2)
    assert parcel.cutoff_at is not None
    assert level(variant, shop.store) == (2, 2, 0)
    assert order.shipping_address["postal_code"] == "55802"
    assert order.status == "partly_fulfilled"
    assert Event.objects.get(topic="orders.rest_shipped").payload["shipping_from"] == parcel.number
    assert audit() == {}

    undo_hand_over(hand_over_id=handed.pk, by=shop.picker, now=now())
    work.refresh_from_db()
    assert work.status == "staged"
    assert audit() == {}


def test_a_store_that_sends_nothing_puts_back_and_another_sends():
    shop = open_shop(can_ship=False)
    variant = stocked(shop.store, 3)
    other = LocationFactory()
    stocked(other, 5, variant=variant)
    order = placed(line(variant, 3, at=shop.store))
    give_one(shop, shop.staged(order))

    parcel = order.fulfillment_orders.get(method="ship")
    assert (parcel.location, parcel.lines.get().quantity) == (other, 2)
    assert held(variant, shop.store) == {"put_back": 2}
    assert level(variant, other) == (5, 2, 0)
    assert audit() == {}


def test_where_nobody_can_send_it_it_waits_visibly():
    shop = open_shop(can_ship=False)
    order = placed(line(stocked(shop.store, 2), 2, at=shop.store))
    give_one(shop, shop.staged(order))
    assert order.lines.get().waiting_quantity == 1
    assert order.exceptions.get().kind == "waiting"
    assert audit() == {}


def test_serials_travel_with_their_units():
    shop = open_shop()
    camera = stocked(shop.store, 2, variant=BarcodeFactory(variant__is_serial_tracked=True).variant)
    order = placed(line(camera, 2, at=shop.store))
    give_one(shop, staged(shop.release(order), by=User.objects.get(pk=shop.picker.user_id)))
    parcel = order.fulfillment_orders.get(method="ship")
    out, left = SerialNumber.objects.order_by("pk")
    assert (out.status, left.status) == ("out", "picked")
    assert left.fulfillment_line == parcel.lines.get()
    assert audit() == {}


def test_what_is_age_restricted_is_not_sent_and_stays_ready():
    shop = open_shop()
    wine = stocked(shop.store, 2, variant=BarcodeFactory(variant__is_age_restricted=True).variant)
    order = placed(line(stocked(shop.store, 2), 2, at=shop.store), line(wine, 1, at=shop.store))
    work = shop.staged(order)
    give_one(shop, work, age=AgeCheck(21, "photo_id"))
    work.refresh_from_db()
    assert work.status == "staged"
    assert work.lines.get(variant=wine).in_staging_quantity == 1
    assert order.fulfillment_orders.get(method="ship").lines.get().quantity == 1
    assert audit() == {}


@pytest.mark.parametrize("missing", ["name", "line1", "city", "postal_code"])
def test_an_address_is_needed_whole(missing):
    shop = open_shop()
    work = shop.staged(placed(line(stocked(shop.store, 2), 2, at=shop.store)))
    with refused("address_required"):
        hand_over(number=work.number, collector=BY_ID, units={work.lines.get().pk: 1},
                  ship_remaining_to=HOME | {missing: " "}, by=shop.picker, now=now())  # fmt: skip
    assert not work.hand_overs.exists()
    assert audit() == {}
